import { numberText } from '../../src/report/number-text.js';
import { gapClosed } from '../checks.js';
import type { Check } from '../experiment.js';
import { median } from '../statistics.js';
import { deepPatternsBound, fittedExponent, patternsOf } from './exponent.js';
import type { Measured, Trial } from './measure.js';
import type { Sweep } from './plans.js';

/**
 * Regions of weights that one search may take, for each pattern that exists: a search looks at both signs of the output, and
 * walking all cells would look at each once for each sign.
 */
const regionsPerPattern = 2;
/** The lower terms of Σ C(n−1, k) bend the line a little at small n. */
const exponentRoom = 0.25;

/** Everything here is counted, nothing is timed: clocks of shared machines prove nothing. */
export function checks(sweeps: readonly Sweep[], measured: readonly Measured[]): Check[] {
  const all = measured.flatMap(({ trials }) => trials);
  const sized = sweeps.flatMap((sweep) => measuresOf(sweep, measured).map((size) => ({ sweep, size })));
  const deep = sized.filter(({ sweep }) => sweep.widths.length > 0);
  const shallow = sweeps.filter(({ widths }) => widths.length === 0);
  const twoLayers = shallow.flatMap((sweep) => measuresOf(sweep, measured));
  const counted = twoLayers.flatMap(({ n, rank, trials }) =>
    trials
      .filter(({ patternsTotalExact }) => patternsTotalExact)
      .map(({ patternsTotal }) => ({ patternsTotal, formula: patternsOf(n, rank) })),
  );
  return [
    ...gapClosed(
      'every size',
      all.map(({ optimum }) => optimum),
    ),
    every(
      'every certificate is over all arrangements',
      all,
      ({ optimum }) => optimum.scope === 'all-arrangements',
    ),
    every('every search got through', all, ({ searchComplete }) => searchComplete),
    every(
      'patterns counted one by one are 2 Σ_{k<r} C(n−1, k), two layers in general position',
      counted,
      ({ patternsTotal, formula }) => patternsTotal === formula,
    ),
    every(
      'no number of patterns is above 2 Σ_{k<r} C(n−1, k), two layers',
      twoLayers.flatMap(({ n, rank, trials }) => trials.map((trial) => ({ n, rank, ...trial }))),
      ({ n, rank, patternsTotal }) => patternsTotal <= patternsOf(n, rank) * (1 + 1e-12),
    ),
    every(
      'patterns counted one by one are at most 2 m₁ Σ_{k<r m₁} C((2^m₁ − 1)n − 1, k), three layers',
      deep.flatMap(({ sweep, size }) =>
        size.trials.map((trial) => ({ ...trial, bound: patternsAt(sweep, size) })),
      ),
      ({ patternsTotal, patternsTotalExact, bound }) => !patternsTotalExact || patternsTotal <= bound,
    ),
    every(
      `a search takes at most ${regionsPerPattern} regions for each pattern that exists`,
      sized.flatMap(({ sweep, size }) =>
        size.trials.map((trial) => ({
          ...trial,
          patterns: Math.min(trial.patternsTotal, patternsAt(sweep, size)),
        })),
      ),
      ({ regions, verifications, patterns }) => regions <= regionsPerPattern * patterns * verifications,
    ),
    every(
      'a program never holds more patterns than exist',
      all,
      (trial) => trial.patternsHeld <= trial.patternsTotal,
    ),
    every('repeats have the same counts and the same objective', all, ({ isRepeatable }) => isRepeatable),
    ...shallow.filter(({ along }) => along === 'n').map((sweep) => exponentCheck(sweep, measured)),
    ...shallow.filter(({ along }) => along === 'd').flatMap((sweep) => columnChecks(sweep, measured)),
  ];
}

function exponentCheck(sweep: Sweep, measured: readonly Measured[]): Check {
  const exponent = exponentOf(sweep, measured, ({ patternsTotal }) => patternsTotal);
  return {
    claim: `${sweep.name}: patterns grow like n^${degreeOf(sweep)}`,
    holds: Math.abs(exponent - degreeOf(sweep)) <= exponentRoom,
    detail: `fitted exponent ${numberText(exponent, 4)}`,
  };
}

/** The problem is the same for every d but for a rotation of the weights. */
function columnChecks(sweep: Sweep, measured: readonly Measured[]): Check[] {
  const sizes = measuresOf(sweep, measured);
  const patterns = new Set(sizes.flatMap(({ trials }) => trials.map(({ patternsTotal }) => patternsTotal)));
  const apart = (sizes[0]?.trials ?? []).map((first, at) => {
    const objectives = sizes.map(({ trials }) => trials[at]?.optimum.objective ?? NaN);
    return (Math.max(...objectives) - Math.min(...objectives)) / first.optimum.objective;
  });
  const worst = Math.max(...apart);
  return [
    {
      claim: 'the number of patterns does not depend on d',
      holds: patterns.size === 1,
      detail: [...patterns].join(', '),
    },
    {
      claim: 'nor does the certified optimum',
      holds: worst <= 2e-6,
      detail: `largest relative difference ${numberText(worst, 2)}`,
    },
  ];
}

function every<T>(claim: string, cases: readonly T[], holds: (one: T) => boolean): Check {
  const failures = cases.filter((one) => !holds(one)).length;
  return {
    claim,
    holds: cases.length > 0 && failures === 0,
    detail: `${failures} exceptions in ${cases.length}`,
  };
}

/** Sizes of one sweep, in its order. */
export function measuresOf({ name }: Sweep, measured: readonly Measured[]): Measured[] {
  return measured.filter((size) => size.sweep === name);
}

/** Patterns that exist: at two layers as found, which is the formula; at three layers the bound, which few sizes allow to count. */
export function patternsAt({ widths }: Sweep, { n, rank, trials }: Measured): number {
  const [width] = widths;
  return width === undefined
    ? median(trials.map(({ patternsTotal }) => patternsTotal))
    : deepPatternsBound(n, rank, width);
}

/** Degree in n of {@link patternsAt}, from the theorem's formula or the bound. */
export function degreeOf({ along, rank, widths }: Sweep): number {
  return along === 'd' ? 0 : rank * (widths[0] ?? 1) - 1;
}

/** Fitted exponent of a quantity along a sweep, median over data sets; of the last `count` sizes only where given. */
export function exponentOf(
  sweep: Sweep,
  measured: readonly Measured[],
  quantity: (trial: Trial) => number,
  count?: number,
): number {
  const sizes = measuresOf(sweep, measured).slice(count === undefined ? 0 : -count);
  return fittedExponent(
    sizes.map((size) => ({ x: size[sweep.along], y: median(size.trials.map(quantity)) })),
  );
}
