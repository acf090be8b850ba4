import type { Mode } from '../experiment.js';
import type { Size } from './data.js';

/** Problems that differ in one size only. */
export interface Sweep {
  readonly name: string;
  readonly along: 'n' | 'd';
  readonly rank: number;
  /** First-layer neurons of a sub-network of three layers; none for two layers. */
  readonly widths: readonly number[];
  readonly sizes: readonly Size[];
}

export interface Plan {
  readonly sweeps: readonly Sweep[];
  /** Data sets of each size. */
  readonly seeds: readonly number[];
  /** Timed solves of each data set. */
  readonly repeats: number;
}

export const plans: Readonly<Record<Mode, Plan>> = {
  quick: {
    seeds: [1],
    repeats: 2,
    sweeps: [
      overRows(2, [20, 80, 320]),
      overRows(3, [30, 80, 200]),
      overRows(4, [12, 24, 48]),
      deepOverRows([6, 12]),
      overColumns(40, [3, 20, 100]),
    ],
  },
  full: {
    seeds: [1, 2, 3],
    repeats: 3,
    sweeps: [
      overRows(2, [20, 60, 200, 600, 2000, 6000, 20_000]),
      overRows(3, [30, 100, 300, 1000, 2000]),
      overRows(4, [20, 50, 100, 200, 500, 1000]),
      deepOverRows([10, 20, 40, 80, 160]),
      overColumns(100, [3, 10, 30, 100, 300, 1000, 3000]),
    ],
  },
};

function overRows(rank: number, rows: readonly number[]): Sweep {
  const sizes = rows.map((n) => ({ n, d: rank, rank }));
  return { name: `rank ${rank}`, along: 'n', rank, widths: [], sizes };
}

function deepOverRows(rows: readonly number[]): Sweep {
  return { ...overRows(2, rows), name: 'rank 2, three layers', widths: [2] };
}

function overColumns(n: number, columns: readonly number[]): Sweep {
  const rank = 3;
  const sizes = columns.map((d) => ({ n, d, rank }));
  return { name: `rank ${rank}, n = ${n}`, along: 'd', rank, widths: [], sizes };
}
