import type { SolveResult } from '../src/problem/result.js';
import { numberText } from '../src/report/number-text.js';
import type { Check } from './experiment.js';

/** What is kept of a certified solve. */
export type Certified = {
  readonly objective: number;
  readonly dualBound: number;
  readonly relativeGap: number;
  readonly networkObjective: number;
  readonly subNetworks: number;
  readonly scope: 'all-arrangements' | 'given-arrangements';
  readonly status: string;
  readonly seconds: number;
};

export function certified(result: SolveResult): Certified {
  const { objective, dualBound, relativeGap, networkObjective, subNetworks, status, seconds } = result;
  const { scope } = result.certificate;
  return { objective, dualBound, relativeGap, networkObjective, subNetworks, scope, status, seconds };
}

/** The gap is closed to `tolerance`, and (1) on the weights is what the program says, by code that shares nothing with it. */
export function gapClosed(what: string, results: readonly Certified[], tolerance = 1e-6): Check[] {
  const worst = Math.max(...results.map(({ relativeGap }) => relativeGap));
  const apart = Math.max(
    ...results.map(({ objective, networkObjective }) => Math.abs(networkObjective - objective) / objective),
  );
  return [
    {
      claim: `${what}: duality gap closed to ${numberText(tolerance, 2)}`,
      holds: worst <= tolerance,
      detail: `largest relative gap ${numberText(worst, 2)} of ${results.length}`,
    },
    {
      claim: `${what}: the objective of the weights is that of the convex program`,
      holds: apart <= Math.max(1e-6, tolerance),
      detail: `largest relative difference ${numberText(apart, 2)}`,
    },
  ];
}

/** No objective of a trained network is below a certified bound. */
export function noneBelow(what: string, objectives: readonly number[], dualBound: number): Check {
  const least = Math.min(...objectives);
  return {
    claim: `${what}: none below the certified bound`,
    holds: least >= dualBound,
    detail: `least of ${objectives.length} is ${numberText(least, 8)}, the bound ${numberText(dualBound, 8)}`,
  };
}
