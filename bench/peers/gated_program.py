"""The gated group lasso of a problem file, as numpy sees it.

    min_V  1/2 || sum_g D_g X v_g - y ||^2 + beta sum_g ||v_g||

V is d x P, one group a column; D is n x P, 1 where gate g is open. Rows are worked on in blocks that stay in the cache:
X V is never stored whole.
"""
import json
import resource
import sys

import numpy as np

BLOCK_BYTES = 1 << 20


def read_problem(path):
    """The problem of a file with squared loss and given gates: X, y, beta, D of distinct patterns that are not empty."""
    content = json.load(open(path))
    problem = content.get("problem", content)
    if problem.get("loss", "squared") != "squared" or "gates" not in problem["patterns"]:
        sys.exit(f"{path}: expected squared loss and given gates")
    X = np.array(problem["X"], dtype=float)
    D = X @ np.array(problem["patterns"]["gates"], dtype=float).T >= 0
    _, first = np.unique(np.packbits(D, axis=0), axis=1, return_index=True)
    D = D[:, np.sort(first)]
    return X, np.array(problem["y"], dtype=float), float(problem["beta"]), D[:, D.any(axis=0)]


def blas_name():
    """The library that products run in, where the system says so."""
    try:
        mapped = {line.split("/")[-1].strip() for line in open("/proc/self/maps") if "blas" in line}
    except OSError:
        return "unknown"
    return ", ".join(sorted(mapped)) or "unknown"


def peak_mib():
    unit = 1024**2 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


class MaskedProduct:
    """v_g -> sum_g D_g X v_g and its adjoint, for the groups whose columns `D` has."""

    def __init__(self, X, D):
        self.X, self.D = X, np.ascontiguousarray(D, dtype=float)
        (n, d), P = X.shape, D.shape[1]
        rows = max(64, min(n, BLOCK_BYTES // (8 * max(P, 1))))
        self.blocks = [slice(at, min(n, at + rows)) for at in range(0, n, rows)]
        self.scratch, self.part = np.empty((rows, P)), np.empty((d, P))

    def forward(self, V):
        f = np.empty(self.X.shape[0])
        for b in self.blocks:
            S = self.scratch[: b.stop - b.start]
            np.matmul(self.X[b], V, out=S)
            np.einsum("ij,ij->i", S, self.D[b], out=f[b])
        return f

    def adjoint(self, v):
        G = np.empty(self.part.shape)
        for b in self.blocks:
            S = self.scratch[: b.stop - b.start]
            np.multiply(self.D[b], v[b, None], out=S)
            if b.start == 0:
                np.matmul(self.X[b].T, S, out=G)
            else:
                np.matmul(self.X[b].T, S, out=self.part)
                G += self.part
        return G

    def norm_squared(self, iterations=30):
        """Largest eigenvalue of A A^T by power iteration, from below."""
        v, value = 1 + 0.1 * np.sin(np.arange(self.X.shape[0])), 1.0
        for _ in range(iterations):
            v = self.forward(self.adjoint(v / np.linalg.norm(v)))
            value = np.linalg.norm(v)
        return value


def norms(V):
    return np.sqrt(np.einsum("ij,ij->j", V, V))
