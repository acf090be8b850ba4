import { readFileSync } from 'node:fs';
import { normalGenerator } from '../src/random.js';
import { samplePatterns } from '../src/arrangement/pattern-source.js';
import type { Rows } from '../src/arrangement/sub-network-pattern.js';
import { applyScaling, fitScaling } from '../src/estimator/scaling.js';
import { lossNamed } from '../src/loss/index.js';
import { checkProblem } from '../src/problem/problem-input.js';
import { programOf } from '../src/problem/solve.js';
import { withBias } from '../src/problem/matrix-input.js';
import type { ConvexProgram, Formulation } from '../src/program/convex-program.js';

/** One program to solve, by name. */
export interface Case {
  readonly name: string;
  readonly tolerance: number;
  readonly make: () => ConvexProgram;
}

const formulations: readonly Formulation[] = ['gated', 'relu'];

/** Breast-cancer (569×30 and a bias), 500 sampled sub-networks. */
const breastCancerCases: readonly Case[] = ([[], [2], [4]] as const).flatMap((widths) =>
  formulations.map((formulation) => ({
    name: `breast-cancer depth ${widths.length + 2}${widths.length > 0 ? ` width ${widths.join()}` : ''} ${formulation}`,
    tolerance: 1e-6,
    make: () => breastCancer(formulation, { count: 500, widths }),
  })),
);

/** The problem P1 of the golden folder: n = 200, d = 10, 100 gates, squared loss, β = 2. */
const peers: readonly Case[] = formulations.map((formulation) => ({
  name: `P1 ${formulation}`,
  tolerance: 1e-6,
  make: () => problemFile('test/golden/P1.json', formulation),
}));

/** Growth with the number of rows, columns and patterns: squared loss, a planted network with noise, β = 0.02·n. */
const scaling: readonly Case[] = formulations.flatMap((formulation) =>
  [
    [125, 10, 200],
    [250, 10, 200],
    [500, 10, 200],
    [1000, 10, 200],
    [500, 20, 200],
    [500, 40, 200],
    [500, 10, 800],
    [500, 10, 3200],
  ].map(([n, d, count]) => ({
    name: `planted ${formulation} n=${n} d=${d} P=${count}`,
    tolerance: 1e-6,
    make: () => planted(n ?? 0, d ?? 0, count ?? 0, formulation),
  })),
);

export const cases: readonly Case[] = [...breastCancerCases, ...peers, ...scaling];

/** A problem file's program, or that of its `problem` field, in the given formulation. */
export function problemFile(path: string, formulation: Formulation): ConvexProgram {
  const json = JSON.parse(readFileSync(path, 'utf8')) as { problem?: object };
  return programOf(checkProblem({ ...(json.problem ?? json), formulation })).program;
}

/** Breast-cancer with a bias, standardised, logistic loss, β = 1, `count` sub-networks sampled from seed 0; depth 2 or 3. */
export function breastCancer(
  formulation: Formulation,
  { count, widths }: { readonly count: number; readonly widths: readonly number[] },
): ConvexProgram {
  const { rows, y } = breastCancerRows();
  const { patterns } = samplePatterns(rows, { count, seed: 0, widths });
  const depth = widths.length + 2;
  return { rows, y, loss: lossNamed('logistic'), outputs: 1, beta: 1, formulation, depth, patterns };
}

/** Breast-cancer, standardised, with a bias, and ±1 for its classes. */
export function breastCancerRows(): { rows: Rows; y: Float64Array } {
  const lines = readFileSync('data/breast-cancer.csv', 'utf8').trim().split('\n').slice(1);
  const cells = lines.map((line) => line.split(','));
  const d = (cells[0]?.length ?? 1) - 1;
  const raw = {
    X: Float64Array.from(cells.flatMap((row) => row.slice(0, d).map(Number))),
    n: cells.length,
    d,
  };
  return {
    rows: withBias(applyScaling(raw, fitScaling(raw))),
    y: Float64Array.from(cells, (row) => (row[d] === 'benign' ? 1 : -1)),
  };
}

/** A planted network of three neurons with noise, squared loss, β = 0.02·n, `count` sampled patterns. */
export function planted(n: number, d: number, count: number, formulation: Formulation): ConvexProgram {
  const normal = normalGenerator(7);
  const rows = { X: Float64Array.from({ length: n * d }, normal), n, d };
  const teacher = Array.from({ length: 3 }, () => Float64Array.from({ length: d }, normal));
  const y = Float64Array.from({ length: n }, (_, i) => {
    const row = rows.X.subarray(i * d, (i + 1) * d);
    const units = teacher.map((w) =>
      Math.max(
        0,
        w.reduce((sum, value, t) => sum + value * (row[t] ?? 0), 0),
      ),
    );
    return units.reduce((sum, value, k) => sum + (k === 1 ? -value : value), 0.1 * normal()) / Math.sqrt(d);
  });
  const { patterns } = samplePatterns(rows, { count, seed: 0, widths: [] });
  return { rows, y, loss: lossNamed('squared'), outputs: 1, beta: 0.02 * n, formulation, depth: 2, patterns };
}
