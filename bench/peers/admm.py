"""ADMM in numpy for the cone-constrained (ReLU) program over given gates: a peer, tuned as well as we know.

    python3 bench/peers/admm.py PROBLEM.json [--gap 1e-6] [--limit SECONDS]

    min_U  1/2 || F U - y ||^2 + beta sum_g ||v_g||,    u_g = v_g,   c (2 D_g - I) X u_g = s_g >= 0,
    F U = sum_i D_i X (u_i - u'_i)

Boyd et al. 2011 with over-relaxation; the splitting is that of CRONOS (Feng,
Frangella & Pilanci 2024), but the step in U is exact: (2 D - I)^2 = I, so its matrix is block diagonal with equal blocks
B = I + c^2 X^T X plus F^T F of rank n, and one n x n matrix, I + 2/rho (X B^-1 X^T) o (D D^T), is all that is inverted.

The bound is rigorous: multipliers of the cones are >= 0, whatever they are. The objective is that of V, whose cones hold
only up to `violation`, the largest entry of (-(2 D - I) X v)_+ over the largest |y|: as in scnn, and unlike ours, the
result is not feasible. Prints the JSON object of fista.py and the violation; converged where gap and violation are.
"""
import argparse
import json
import sys
import time

import numpy as np
from gated_program import blas_name, norms, peak_mib, read_problem

CHECK_EVERY = 10
RELAXATION = 1.7
# Both measured on P1 and P2: balancing residuals instead needs five times as many iterations.
CONE_WEIGHT = 5
PENALTY = 60


class ConeProgram:
    def __init__(self, X, y, beta, D):
        self.X, self.y, self.beta = X, y, beta
        self.D = np.ascontiguousarray(D, dtype=float)
        self.S = 2 * self.D - 1
        self.c = CONE_WEIGHT / np.sqrt(np.mean(np.linalg.eigvalsh(X.T @ X)))
        self.B = np.eye(X.shape[1]) + self.c**2 * (X.T @ X)
        self.B_inverse = np.linalg.inv(self.B)
        self.overlap = (X @ self.B_inverse @ X.T) * (self.D @ self.D.T)

    def halves(self, M):
        P = self.D.shape[1]
        return M[:, :P], M[:, P:]

    def products(self, U):
        """X U once, and what it gives: F U and c (2 D - I) X U."""
        XU = self.X @ U
        plus, minus = self.halves(XU)
        f = np.einsum("ij,ij->i", plus - minus, self.D)
        np.multiply(plus, self.S, out=plus)
        np.multiply(minus, self.S, out=minus)
        XU *= self.c
        return f, XU

    def adjoint(self, r, T):
        """F^T r + (c (2 D - I) X)^T T, one column a group; r and T may be None."""
        P = self.D.shape[1]
        M = np.zeros((len(self.y), 2 * P)) if T is None else np.tile(self.S, 2) * (self.c * T)
        if r is not None:
            Dr = self.D * r[:, None]
            M[:, :P] += Dr
            M[:, P:] -= Dr
        return self.X.T @ M


class Admm:
    def __init__(self, program):
        (n, d), P = program.X.shape, program.D.shape[1]
        self.program = program
        self.V, self.A = np.zeros((d, 2 * P)), np.zeros((d, 2 * P))
        self.T, self.B = np.zeros((n, 2 * P)), np.zeros((n, 2 * P))
        self.Fy = program.adjoint(program.y, None)
        self.rho = PENALTY * program.beta
        self.inverse = np.linalg.inv(np.eye(n) + (2 / self.rho) * program.overlap)

    def step(self):
        p, rho = self.program, self.rho
        right = self.Fy / rho + self.V - self.A + p.adjoint(None, self.T - self.B)
        U = p.B_inverse @ right
        f, _ = p.products(U)
        U -= p.B_inverse @ p.adjoint(self.inverse @ f / rho, None)
        self.f, GU = p.products(U)
        Vr = RELAXATION * U + (1 - RELAXATION) * self.V
        Tr = RELAXATION * GU + (1 - RELAXATION) * self.T
        self.V = Vr + self.A
        lengths = norms(self.V)
        self.kept = np.maximum(lengths - p.beta / rho, 0)
        self.V *= self.kept / np.maximum(lengths, 1e-300)
        self.A += Vr - self.V
        self.B += Tr
        self.T = np.maximum(self.B, 0)
        self.B -= self.T

    def standing(self):
        """Objective of V, a lower bound of the optimum, and the violation of the cones by V."""
        p = self.program
        fV, GV = p.products(self.V)
        objective = 0.5 * np.sum((fV - p.y) ** 2) + p.beta * self.kept.sum()
        bound = -np.inf
        for r in (self.f - p.y, fV - p.y):
            # B <= 0: minus rho B are multipliers of the cones.
            largest = norms(p.adjoint(-r, -self.rho * self.B)).max()
            s = min(1.0, p.beta / largest)
            bound = max(bound, -0.5 * s * s * (r @ r) - s * (r @ p.y))
        return objective, bound, max(0.0, -GV.min() / p.c) / np.abs(p.y).max()


def solve(program, gap, limit):
    started, started_cpu = time.perf_counter(), time.process_time()
    admm = Admm(program)
    best_bound, rough, iteration = -np.inf, None, 0
    while True:
        admm.step()
        iteration += 1
        if iteration % CHECK_EVERY:
            continue
        objective, bound, violation = admm.standing()
        best_bound = max(best_bound, bound)
        seconds = time.perf_counter() - started
        relative = abs(objective - best_bound) / abs(objective)
        if rough is None and max(relative, violation) <= 1e-3:
            rough = seconds
        if max(relative, violation) <= gap or seconds > limit:
            return {
                "seconds": seconds,
                "cpuSeconds": time.process_time() - started_cpu,
                "secondsRough": rough,
                "iterations": iteration,
                "objective": objective,
                "bound": best_bound,
                "relativeGap": relative,
                "violation": violation,
            }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("problem")
    parser.add_argument("--gap", type=float, default=1e-6)
    parser.add_argument("--limit", type=float, default=600)
    options = parser.parse_args()
    program = ConeProgram(*read_problem(options.problem))
    result = solve(program, options.gap, options.limit)
    json.dump(result | {"peakMiB": peak_mib(), "blas": blas_name(), "numpy": np.__version__}, sys.stdout)


if __name__ == "__main__":
    main()
