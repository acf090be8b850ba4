import type { PlainNetwork } from '../../src/network/network-json.js';
import type { TrainingData } from '../baseline/objective.js';
import type { Certified } from '../checks.js';

/** All trials with C residual networks side by side, at their best learning rate. */
export type Trials = {
  readonly branches: number;
  readonly rate: number;
  readonly rates: readonly { readonly rate: number; readonly mean: number }[];
  /** Largest differences between the residual form and its expansion, relative, over all trials. */
  readonly expansion: { readonly outputs: number; readonly objective: number };
  readonly trials: readonly {
    readonly seed: number;
    readonly best: number;
    readonly curve: readonly (readonly [number, number | null])[];
  }[];
  /** Expansion of the trial with the smallest objective. */
  readonly network: PlainNetwork;
};

/** Parallel networks of the family itself, with as many sub-networks as the residual ones expand to: is it the form or the training? */
export type Control = {
  readonly branches: number;
  readonly subNetworks: number;
  readonly rate: number;
  readonly bests: readonly number[];
};

/** What `certify` says of the best trial, and the optimum it found on the way. */
export type Verdict = {
  readonly branches: number;
  readonly objective: number;
  readonly dualBound: number | null;
  readonly proven: boolean;
  readonly atMost: number | null;
  readonly relativeAtMost: number | null;
  readonly relativeAtLeast: number;
  readonly optimum: Certified;
  readonly regions: number;
  readonly complete: boolean;
  readonly network: PlainNetwork;
};

/** One input and a bias: rank 2. A wave and noise. */
export interface Points {
  readonly x: readonly number[];
  readonly training: TrainingData;
}

/** Rows (x, 1). */
export function withBias(x: readonly number[]): TrainingData['rows'] {
  return { X: Float64Array.from(x.flatMap((value) => [value, 1])), n: x.length, d: 2 };
}

/** Distance of a trial from the optimum, as a share of it. */
export function excess(best: number, { objective }: Certified): number {
  return best / objective - 1;
}

/** Largest absolute difference of two vectors. */
export function largestDifference(a: Float64Array, b: Float64Array): number {
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - (b[i] ?? NaN))), 0);
}

/** Trials whose curves are drawn and saved. */
export const shownTrials = 5;
