"""FISTA in numpy for the gated group lasso, to a certified relative duality gap: a peer, tuned as well as we know.

    python3 bench/peers/fista.py PROBLEM.json [--working-set] [--gap 1e-6] [--limit SECONDS]

Prints one JSON object: seconds, CPU seconds, iterations, objective, bound, relative gap, when the gap first was 1e-3, peak memory.
The clock starts when data and masks are in memory; the estimate of the step counts.

Beck & Teboulle 2009 with the gradient restart of O'Donoghue & Candes 2015 and a step that grows until the quadratic bound
fails, ||A(z - x)||^2 <= L ||z - x||^2, which costs nothing as A z and A x are at hand. The bound comes from the gradient
step's own residual r = A x - y, scaled into the dual's feasible set: for every r, s = min(1, beta / max_g ||A_g^T r||),

    P* >= -1/2 ||s r||^2 - s <r, y>,

so a check costs no product either. With --working-set FISTA runs on groups that violate the dual constraint, with all
priced in between (celer's scheme).
"""
import argparse
import json
import sys
import time

import numpy as np
from gated_program import MaskedProduct, blas_name, norms, peak_mib, read_problem

CHECK_EVERY = 10
FIRST_WORKING_SET = 32
GROWTH = 0.98


class Standing:
    """Best objective and bound so far, and when the gap first was 1e-3."""

    def __init__(self, y, beta, limit):
        self.y, self.beta, self.limit = y, beta, limit
        self.objective, self.bound = np.inf, -np.inf
        self.iterations, self.seconds_rough = 0, None
        self.started, self.started_cpu = time.perf_counter(), time.process_time()

    def seconds(self):
        return time.perf_counter() - self.started

    def bound_from(self, r, largest):
        s = min(1.0, self.beta / largest) if largest > 0 else 1.0
        return -0.5 * s * s * (r @ r) - s * (r @ self.y)

    def gap(self):
        return (self.objective - self.bound) / max(abs(self.objective), 1e-300)

    def note(self):
        if self.seconds_rough is None and self.gap() <= 1e-3:
            self.seconds_rough = self.seconds()


def minimise(A, V, L, standing, target, is_full):
    """FISTA over the groups of A from V until its own relative gap is `target`; returns V and L."""
    y, beta = standing.y, standing.beta
    best_bound = -np.inf
    f = A.forward(V)
    X, fX, t, iteration = V, f, 1.0, 0
    while True:
        r = fX - y
        gradient = A.adjoint(r)
        L *= GROWTH
        while True:
            Z = X - gradient / L
            lengths = norms(Z)
            kept = np.maximum(lengths - beta / L, 0)
            Z *= kept / np.maximum(lengths, 1e-300)
            fZ, move = A.forward(Z), Z - X
            distance = np.vdot(move, move)
            if np.sum((fZ - fX) ** 2) <= L * distance * (1 + 1e-12) + 1e-300:
                break
            L *= 1.25
        iteration += 1
        if iteration % CHECK_EVERY == 0 or iteration == 1:
            residual = fZ - y
            objective = 0.5 * (residual @ residual) + beta * kept.sum()
            best_bound = max(best_bound, standing.bound_from(r, norms(gradient).max()))
            standing.objective = min(standing.objective, objective)
            if is_full:
                standing.bound = max(standing.bound, best_bound)
                standing.note()
            done = standing.objective - best_bound <= target * abs(standing.objective)
            if done or standing.seconds() > standing.limit:
                break
        if np.vdot(move, Z - V) < 0:
            t, pull = 1.0, 0.0
        else:
            grown = (1 + np.sqrt(1 + 4 * t * t)) / 2
            t, pull = grown, (t - 1) / grown
        X = Z + pull * (Z - V)
        fX = fZ + pull * (fZ - f)
        V, f = Z, fZ
    standing.iterations += iteration
    return Z, L


def plain(A, standing, target):
    V = np.zeros(A.part.shape)
    minimise(A, V, A.norm_squared(), standing, target, True)


def with_working_set(A, standing, target):
    V = np.zeros(A.part.shape)
    L, D = None, A.D
    while True:
        r = A.forward(V) - standing.y
        lengths = norms(A.adjoint(r))
        standing.objective = min(standing.objective, 0.5 * (r @ r) + standing.beta * norms(V).sum())
        standing.bound = max(standing.bound, standing.bound_from(r, lengths.max()))
        standing.note()
        if standing.gap() <= target or standing.seconds() > standing.limit:
            return
        held = np.flatnonzero(norms(V) > 0)
        lengths[held] = np.inf
        size = min(len(lengths), max(FIRST_WORKING_SET, 2 * len(held)))
        chosen = np.sort(np.argpartition(-lengths, size - 1)[:size])
        part = MaskedProduct(A.X, D[:, chosen])
        Z, L = minimise(part, V[:, chosen], L or part.norm_squared(), standing, max(0.3 * standing.gap(), 0.5 * target), False)
        V = np.zeros(V.shape)
        V[:, chosen] = Z


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("problem")
    parser.add_argument("--working-set", action="store_true")
    parser.add_argument("--gap", type=float, default=1e-6)
    parser.add_argument("--limit", type=float, default=600)
    options = parser.parse_args()
    X, y, beta, D = read_problem(options.problem)
    A = MaskedProduct(X, D)
    standing = Standing(y, beta, options.limit)
    (with_working_set if options.working_set else plain)(A, standing, options.gap)
    seconds = standing.seconds()
    result = {
        "seconds": seconds,
        "cpuSeconds": time.process_time() - standing.started_cpu,
        "secondsRough": standing.seconds_rough,
        "iterations": standing.iterations,
        "objective": standing.objective,
        "bound": standing.bound,
        "relativeGap": standing.gap(),
        "peakMiB": peak_mib(),
        "blas": blas_name(),
        "numpy": np.__version__,
    }
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
