import { solve } from '../../src/problem/solve.js';
import { normalGenerator } from '../../src/random.js';
import type { Descent, Trial } from '../baseline/descend.js';
import { tune } from '../baseline/tune.js';
import { certified, gapClosed, noneBelow, type Certified } from '../checks.js';
import type { Check, Experiment, Lab, Mode, Table } from '../experiment.js';
import { median } from '../statistics.js';
import { curvesFigure, luckFigure, shownTrials } from './figures.js';

/** The paper's sizes: (n, d) = (5, 2), m₁ = 3, β = 0.002, full batches. Its data are not published; ours are normal. */
const problem = { n: 5, d: 2, width: 3, beta: 0.002, dataSeed: 0 } as const;

const optimisers = ['sgd', 'adam'] as const;
type Optimiser = (typeof optimisers)[number];

const plans = {
  quick: { subNetworks: [1, 5], seeds: 5, iterations: 400, points: 20, rates: { sgd: [0.03], adam: [0.03] } },
  full: {
    subNetworks: [1, 2, 5, 15, 50],
    seeds: 20,
    iterations: 10_000,
    points: 80,
    rates: { sgd: [0.003, 0.01, 0.03, 0.1], adam: [0.001, 0.003, 0.01, 0.03, 0.1] },
  },
} as const satisfies Record<Mode, unknown>;

/** All trials of one optimiser with K sub-networks, at its best learning rate. */
export type Trials = {
  readonly optimiser: Optimiser;
  readonly subNetworks: number;
  readonly rate: number;
  readonly rates: readonly { readonly rate: number; readonly mean: number }[];
  readonly trials: readonly {
    readonly seed: number;
    readonly best: number;
    /** Objective against iterations, of the trials that are drawn; null where training has diverged. */
    readonly curve: readonly (readonly [number, number | null])[];
  }[];
};

/** The paper's Figure: gradient descent from several initialisations against the proven optimum of the same objective. */
export const sgdVsConvex: Experiment = {
  name: 'sgd-vs-convex',
  run: async (lab) => {
    const plan = plans[lab.mode];
    lab.expect(1 + plan.subNetworks.length * optimisers.length);
    const optimum = await lab.step('certified optimum', () => certifiedOptimum(lab));
    const all: Trials[] = [];
    for (const subNetworks of plan.subNetworks) {
      for (const optimiser of optimisers) {
        all.push(
          await lab.step(`${optimiser}, K = ${subNetworks}`, () => trained(lab, optimiser, subNetworks)),
        );
      }
    }
    return {
      setUp: setUp(plan),
      figures: [curvesFigure(all, optimum), luckFigure(all, optimum)],
      tables: [luckTable(all, optimum)],
      checks: checks(all, optimum),
      numbers: { problem, plan: { ...plan }, optimum, trials: all },
    };
  },
};

function data(): { readonly X: Float64Array; readonly y: Float64Array } {
  const normal = normalGenerator(problem.dataSeed);
  const X = Float64Array.from({ length: problem.n * problem.d }, normal);
  return { X, y: Float64Array.from({ length: problem.n }, normal) };
}

async function certifiedOptimum({ signal, executor }: Lab): Promise<Certified> {
  const { X, y } = data();
  const { n, d, width, beta } = problem;
  const result = await solve(
    {
      X: { values: X, rows: n, columns: d },
      y,
      beta,
      depth: 3,
      widths: [width],
      patterns: 'all',
      tolerance: 1e-8,
    },
    { signal, executor },
  );
  return certified(result);
}

async function trained(lab: Lab, optimiser: Optimiser, subNetworks: number): Promise<Trials> {
  const { n, d, width, beta } = problem;
  const { seeds, iterations, points, rates } = plans[lab.mode];
  const { X, y } = data();
  const descent: Omit<Descent, 'rate'> = {
    optimiser,
    iterations,
    every: iterations / points,
    schedule: 'falling',
  };
  const tuned = await tune(
    { rows: { X, n, d }, targets: y },
    { inputs: d, widths: [width, 1], subNetworks, outputs: 1 },
    { loss: 'squared', beta, penalty: 'path-norm' },
    descent,
    { rates: rates[optimiser], seeds: Array.from({ length: seeds }, (_, seed) => seed) },
    {
      signal: lab.signal,
      onRate: ({ rate, mean }) => {
        lab.progress(`rate ${rate}, mean objective ${mean.toPrecision(4)}`);
      },
    },
  );
  return { optimiser, subNetworks, rate: tuned.rate, rates: tuned.rates, trials: tuned.trials.map(kept) };
}

/** The least point of every curve is its `best`; the curves themselves are kept where they are drawn. */
function kept({ seed, best, curve }: Trial): Trials['trials'][number] {
  return {
    seed,
    best,
    curve: (seed < shownTrials ? curve : []).map(({ iteration, objective }) => [
      iteration,
      Number.isFinite(objective) ? objective : null,
    ]),
  };
}

function setUp(plan: (typeof plans)[Mode]): string[] {
  const { n, d, width, beta, dataSeed } = problem;
  return [
    `Data: n = ${n} rows, d = ${d} normal inputs, a normal target (seed ${dataSeed}); squared loss ½‖f − y‖², β = ${beta}.`,
    `Networks: K parallel sub-networks of three layers with ${width} first-layer neurons and path regularisation, problem (1); K = ${plan.subNetworks.join(', ')}.`,
    `Trained on exactly that objective by SGD and Adam (TensorFlow.js), full batches, ${plan.iterations} steps, the rate falling to 0 over the second half, He initialisation, ${plan.seeds} seeds; learning rates SGD ${plan.rates.sgd.join(', ')}, Adam ${plan.rates.adam.join(', ')}, the one with the smallest mean objective kept for each K.`,
    'Certified: the global optimum over all activation patterns, any number of sub-networks. Objectives are evaluated in float64 on the weights.',
  ];
}

/** Distance of a trial from the optimum, as a share of it. */
export function excess(best: number, { objective }: Certified): number {
  return best / objective - 1;
}

function luckTable(all: readonly Trials[], optimum: Certified): Table {
  const share = (trials: Trials['trials'], within: number): number =>
    trials.filter(({ best }) => excess(best, optimum) <= within).length / trials.length;
  return {
    name: 'luck',
    title: 'Training objectives of the trials',
    columns: [
      { label: 'optimiser' },
      { label: 'K' },
      { label: 'learning rate' },
      { label: 'best', digits: 5 },
      { label: 'median', digits: 5 },
      { label: 'worst', digits: 5 },
      { label: 'within 1 % of the optimum' },
      { label: 'within 10 %' },
    ],
    rows: [
      ...all.map(({ optimiser, subNetworks, rate, trials }) => {
        const bests = trials.map(({ best }) => best);
        return [
          optimiser,
          subNetworks,
          rate,
          Math.min(...bests),
          median(bests),
          Math.max(...bests),
          share(trials, 0.01),
          share(trials, 0.1),
        ];
      }),
      ['certified optimum', optimum.subNetworks, null, optimum.objective, null, null, null, null],
    ],
  };
}

function checks(all: readonly Trials[], optimum: Certified): Check[] {
  const reached = all.flatMap(({ trials }) => trials.map(({ best }) => best));
  return [
    ...gapClosed('certified optimum', [optimum]),
    {
      claim: 'the certificate is over all arrangements',
      holds: optimum.scope === 'all-arrangements',
      detail: optimum.scope,
    },
    noneBelow('the least point of every curve', reached, optimum.dualBound),
  ];
}
