import { distanceOf } from '../../src/certify/distance.js';
import { forward, type ParallelNetwork } from '../../src/network/network.js';
import { typedNetwork } from '../../src/network/network-json.js';
import { forwardResNet, toResNet } from '../../src/network/resnet.js';
import { numberText } from '../../src/report/number-text.js';
import type { TrainingData } from '../baseline/objective.js';
import { gapClosed, noneBelow } from '../checks.js';
import type { Check, Table } from '../experiment.js';
import { median } from '../statistics.js';
import { excess, largestDifference, type Control, type Points, type Trials, type Verdict } from './trials.js';

/** All that was found. */
export interface Findings {
  readonly all: readonly Trials[];
  readonly control: Control;
  readonly verdicts: readonly Verdict[];
  readonly points: Points;
}

export function trialsTable(all: readonly Trials[], control: Control, { optimum }: Verdict): Table {
  const row = (name: string, rate: number, bests: readonly number[]): Table['rows'][number] => {
    const chosen = [Math.min(...bests), median(bests), Math.max(...bests)];
    return [name, rate, ...chosen, ...chosen.map((best) => 100 * excess(best, optimum))];
  };
  return {
    name: 'trials',
    title: 'Training objectives of the trials',
    columns: [
      { label: 'networks' },
      { label: 'learning rate' },
      { label: 'best', digits: 6 },
      { label: 'median', digits: 6 },
      { label: 'worst', digits: 6 },
      { label: 'best above the optimum (%)' },
      { label: 'median above (%)' },
      { label: 'worst above (%)' },
    ],
    rows: [
      ...all.map(({ branches, rate, trials }) =>
        row(
          `residual, C = ${branches}`,
          rate,
          trials.map(({ best }) => best),
        ),
      ),
      row(`parallel, ${control.subNetworks} sub-networks`, control.rate, control.bests),
      ['convex optimum', null, optimum.objective, null, null, null, null, null],
    ],
  };
}

export function verdictTable(verdicts: readonly Verdict[]): Table {
  return {
    name: 'certify',
    title: 'What certify says of the best trial of each C',
    columns: [
      { label: 'residual networks C' },
      { label: 'objective', digits: 7 },
      { label: 'optimum at least', digits: 7 },
      { label: 'optimum at most', digits: 7 },
      { label: 'distance at most (%)' },
      { label: 'proven' },
      { label: 'sub-networks of the optimum' },
      { label: 'regions searched', digits: 7 },
      { label: 'seconds', digits: 3 },
    ],
    rows: verdicts.map(({ branches, objective, dualBound, relativeAtMost, proven, optimum, regions }) => [
      branches,
      objective,
      dualBound,
      optimum.objective,
      relativeAtMost === null ? null : 100 * relativeAtMost,
      proven ? 'yes' : 'no',
      optimum.subNetworks,
      regions,
      optimum.seconds,
    ]),
  };
}

/** What must hold. */
export function checks({ all, control, verdicts, points: { training } }: Findings): Check[] {
  const reached = all.flatMap(({ trials }) =>
    trials.flatMap(({ best, curve }) => [
      best,
      ...curve.flatMap(([, value]) => (value === null ? [] : [value])),
    ]),
  );
  const bounds = verdicts.map(({ dualBound }) => dualBound ?? -Infinity);
  const optima = verdicts.map(({ optimum }) => optimum.objective);
  const distances = all.flatMap(({ trials }) =>
    trials.map(({ best }) => distanceOf(best, { lower: Math.max(...bounds), upper: Math.min(...optima) })),
  );
  const ends = distances.map(({ atMost, atLeast }) => (atMost ?? NaN) - atLeast);
  const outputs = Math.max(...all.map(({ expansion }) => expansion.outputs));
  const objective = Math.max(...all.map(({ expansion }) => expansion.objective));
  const residual = verdicts.map(({ network }) => residualError(typedNetwork(network), training));
  return [
    ...gapClosed(
      'convex optimum',
      verdicts.map(({ optimum }) => optimum),
    ),
    {
      claim: 'certify proves it over all arrangements, and every search got through',
      holds: verdicts.every(
        ({ proven, complete, optimum }) => proven && complete && optimum.scope === 'all-arrangements',
      ),
      detail: `${verdicts.length} certificates`,
    },
    noneBelow('every point of every curve', reached, Math.max(...bounds)),
    noneBelow('parallel networks trained by Adam', control.bests, Math.max(...bounds)),
    {
      claim: 'the distance of every trial is known to the gap of the optimum, and not negative',
      holds: distances.every(
        ({ atLeast }, k) => atLeast >= 0 && (ends[k] ?? NaN) <= 2e-6 * Math.max(...optima),
      ),
      detail: `${distances.length} trials, known to ${numberText(Math.max(...ends), 2)}`,
    },
    {
      claim: 'the expansion has the outputs and the objective of the residual form, to 1e-6',
      holds: outputs <= 1e-6 && objective <= 1e-6,
      detail: `outputs apart by ${numberText(outputs, 2)}, objectives by ${numberText(objective, 2)}`,
    },
    {
      claim: 'the convex optimum written as a ResNet predicts the same, to 1e-9',
      holds: Math.max(...residual) <= 1e-9,
      detail: `outputs apart by ${numberText(Math.max(...residual), 2)}`,
    },
  ];
}

/** `toResNet` against the parallel network it was made from, relative. */
function residualError(network: ParallelNetwork, { rows }: TrainingData): number {
  const own = forward(network, rows);
  return largestDifference(own, forwardResNet(toResNet(network), rows)) / Math.max(1, ...own.map(Math.abs));
}
