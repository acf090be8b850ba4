"""Writes the peers' problems P1, P2 and P3 as problem files, from their recipe.

    python3 bench/peers/problems.py DIR [NAME ...]

One generator, numpy.random.default_rng(0), draws in this order, all standard normal: X (n x d), the weights (d x 10) and
output weights (10) of a planted network of ten neurons, the noise (n), the gates (d x P, one a column). Then

    y = (X W)_+ w / sqrt(10 d) + noise / 10,    beta = n / 100,

and every number is rounded to nine significant digits. Before anything is written P1 is compared, number by number, with
test/golden/P1.json, so that a numpy whose generator draws otherwise is found out.
"""
import json
import pathlib
import sys

import numpy as np

SHAPES = {"P1": (200, 10, 100), "P2": (1000, 50, 500), "P3": (5000, 100, 1000)}
NEURONS = 10
GOLDEN = pathlib.Path(__file__).resolve().parents[2] / "test" / "golden" / "P1.json"


def rounded(array):
    return [[float(f"{value:.9g}") for value in row] for row in np.atleast_2d(array)]


def problem(name):
    n, d, gates = SHAPES[name]
    normal = np.random.default_rng(0).standard_normal
    X = normal((n, d))
    W = normal((d, NEURONS))
    w = normal(NEURONS)
    y = np.maximum(X @ W, 0) @ w / np.sqrt(NEURONS * d) + 0.1 * normal(n)
    G = normal((d, gates))
    return {
        "X": rounded(X),
        "y": rounded(y)[0],
        "beta": n / 100,
        "loss": "squared",
        "depth": 2,
        "formulation": "gated",
        "patterns": {"gates": rounded(G.T)},
        "tolerance": 1e-6,
    }


def main():
    folder, names = pathlib.Path(sys.argv[1]), sys.argv[2:] or list(SHAPES)
    unknown = [name for name in names if name not in SHAPES]
    if unknown:
        sys.exit(f"problems.py: expected names of {', '.join(SHAPES)}, got {unknown[0]}")
    if problem("P1") != json.loads(GOLDEN.read_text())["problem"]:
        sys.exit(
            f"problems.py: numpy {np.__version__} draws other numbers than those of {GOLDEN.name}; "
            "use a numpy whose default_rng(0).standard_normal() starts with 0.125730221"
        )
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / f"{name}.json").write_text(json.dumps({"problem": problem(name)}))


if __name__ == "__main__":
    main()
