import { certify } from '../../src/certify/certify.js';
import { lossNamed } from '../../src/loss/index.js';
import { forward } from '../../src/network/network.js';
import { plainNetwork, typedNetwork } from '../../src/network/network-json.js';
import { normalGenerator } from '../../src/random.js';
import { descendModel, type Descent, type Trial } from '../baseline/descend.js';
import type { Objective, TrainingData } from '../baseline/objective.js';
import { bestRate, tune } from '../baseline/tune.js';
import { certified } from '../checks.js';
import type { Experiment, Lab, Mode } from '../experiment.js';
import { curvesFigure, distanceFigure, functionsFigure } from './figures.js';
import { checks, trialsTable, verdictTable } from './findings.js';
import { forwardResidual, residualPathNorms } from './residual.js';
import { residualModel, residualNetwork, type ResidualShape } from './residual-model.js';
import {
  largestDifference,
  shownTrials,
  withBias,
  type Control,
  type Points,
  type Trials,
  type Verdict,
} from './trials.js';

/** Residual networks of one block with one unit: in the family of parallel networks with m₁ = 1 + 2. */
const sizes = { block: 1, units: 4 } as const;
const noise = { deviation: 0.1, seed: 0 } as const;

const plans = {
  quick: {
    n: 5,
    beta: 0.3,
    branches: [1, 5],
    control: 5,
    seeds: 5,
    iterations: 300,
    points: 15,
    rates: [0.03],
  },
  full: {
    n: 16,
    beta: 0.05,
    branches: [1, 2, 5, 15],
    control: 5,
    seeds: 20,
    iterations: 10_000,
    points: 80,
    rates: [0.003, 0.01, 0.03],
  },
} as const satisfies Record<Mode, unknown>;

/** A residual network trained by gradient descent, certified against the convex optimum of the architecture that contains it. */
export const resnet: Experiment = {
  name: 'resnet',
  run: async (lab) => {
    const plan = plans[lab.mode];
    lab.expect(plan.branches.length + (lab.mode === 'quick' ? 2 : 3));
    const all: Trials[] = [];
    for (const branches of plan.branches) {
      all.push(await lab.step(`Adam, C = ${branches}`, () => trained(lab, branches)));
    }
    const control = await lab.step(`Adam, parallel, C = ${plan.control}`, () => trainedControl(lab));
    const verdicts: Verdict[] = [];
    // One certificate holds for all, whose family is the same.
    for (const trials of lab.mode === 'quick' ? all.slice(-1) : [...all.slice(0, 1), ...all.slice(-1)]) {
      verdicts.push(await lab.step(`certify, C = ${trials.branches}`, () => verdictOf(lab, trials)));
    }
    const last = verdicts.at(-1);
    if (last === undefined)
      throw new RangeError('branches: expected at least one number of residual networks');
    const points = data(lab.mode);
    return {
      setUp: setUp(plan),
      figures: [
        curvesFigure(all, last.optimum),
        distanceFigure(all, control, last.optimum),
        functionsFigure({ points, optimum: typedNetwork(last.network), all }),
      ],
      tables: [trialsTable(all, control, last), verdictTable(verdicts)],
      checks: checks({ all, control, verdicts, points }),
      numbers: {
        sizes,
        noise,
        plan: { ...plan },
        rows: { x: points.x, y: [...points.training.targets] },
        trials: all.map(withShownCurves),
        control,
        verdicts: verdicts.map((verdict) =>
          verdict === last ? verdict : { ...verdict, network: undefined },
        ),
      },
    };
  },
};

function data(mode: Mode): Points {
  const { n } = plans[mode];
  const normal = normalGenerator(noise.seed);
  const x = Array.from({ length: n }, (_, i) => (2 * i + 1) / n - 1);
  const targets = Float64Array.from(x, (value) => Math.sin(3.5 * value) + noise.deviation * normal());
  return { x, training: { rows: withBias(x), targets } };
}

function objectiveFor(mode: Mode): Objective {
  return { loss: 'squared', beta: plans[mode].beta, penalty: 'path-norm' };
}

async function trained(lab: Lab, branches: number): Promise<Trials> {
  const { seeds, rates, beta } = plans[lab.mode];
  const { training } = data(lab.mode);
  const shape: ResidualShape = { inputs: 2, branches, ...sizes };
  const objective = objectiveFor(lab.mode);
  const model = residualModel(shape, beta);
  const tuned = await bestRate(
    rates,
    (rate) =>
      descendModel(
        training,
        model,
        objective,
        { ...descentOf(lab.mode), rate },
        Array.from({ length: seeds }, (_, seed) => seed),
        { signal: lab.signal },
      ),
    ({ rate, mean }) => {
      lab.progress(`rate ${rate}, mean objective ${mean.toPrecision(4)}`);
    },
  );
  const apart = tuned.trials.map((trial) => expansionError(shape, trial, training, objective));
  const best = tuned.trials.reduce((least, trial) => (trial.best < least.best ? trial : least));
  return {
    branches,
    rate: tuned.rate,
    rates: tuned.rates,
    expansion: {
      outputs: Math.max(...apart.map(({ outputs }) => outputs)),
      objective: Math.max(...apart.map((error) => error.objective)),
    },
    trials: tuned.trials.map(kept),
    network: plainNetwork(best.network),
  };
}

function descentOf(mode: Mode): Omit<Descent, 'rate'> {
  const { iterations, points } = plans[mode];
  return { optimiser: 'adam', iterations, every: iterations / points, schedule: 'falling' };
}

async function trainedControl(lab: Lab): Promise<Control> {
  const { seeds, rates, control: branches } = plans[lab.mode];
  const subNetworks = branches * sizes.units;
  const tuned = await tune(
    data(lab.mode).training,
    { inputs: 2, widths: [sizes.block + 2, 1], subNetworks, outputs: 1 },
    objectiveFor(lab.mode),
    descentOf(lab.mode),
    { rates, seeds: Array.from({ length: seeds }, (_, seed) => seed) },
    {
      signal: lab.signal,
      onRate: ({ rate, mean }) => {
        lab.progress(`rate ${rate}, mean objective ${mean.toPrecision(4)}`);
      },
    },
  );
  return { branches, subNetworks, rate: tuned.rate, bests: tuned.trials.map(({ best }) => best) };
}

/** The residual network as its formula stands against its expansion, by code that shares nothing. */
function expansionError(
  shape: ResidualShape,
  { network, weights, best }: Trial,
  { rows, targets }: TrainingData,
  { beta }: Objective,
): Trials['expansion'] {
  const residual = residualNetwork(shape, weights);
  const own = forwardResidual(residual, rows);
  const objective =
    lossNamed('squared').value(own, targets) +
    beta * residualPathNorms(residual).reduce((sum, norm) => sum + norm, 0);
  return {
    outputs: largestDifference(own, forward(network, rows)) / Math.max(1, ...own.map(Math.abs)),
    objective: Math.abs(objective - best) / best,
  };
}

/** Curves of the trials in the figure alone: the others would be most of the file. */
function withShownCurves({ trials, ...rest }: Trials): Trials {
  return {
    ...rest,
    trials: trials.map((trial, k) => (k < shownTrials ? trial : { ...trial, curve: [] })),
  };
}

function kept({ seed, best, curve }: Trial): Trials['trials'][number] {
  return {
    seed,
    best,
    curve: curve.map(({ iteration, objective }) => [
      iteration,
      Number.isFinite(objective) ? objective : null,
    ]),
  };
}

async function verdictOf({ mode, signal, executor }: Lab, { branches, network }: Trials): Promise<Verdict> {
  const { x, training } = data(mode);
  const result = await certify(
    typedNetwork(network),
    { X: x.map((value) => [value]), y: training.targets, bias: true, beta: plans[mode].beta },
    { signal, executor },
  );
  const { objective, dualBound, proven, distance, solution } = result;
  const { search } = solution.certificate;
  return {
    branches,
    objective,
    dualBound,
    proven,
    atMost: distance.atMost,
    relativeAtMost: distance.relativeAtMost,
    relativeAtLeast: distance.relativeAtLeast,
    optimum: certified(solution),
    regions: search?.regions ?? 0,
    complete: search?.complete ?? false,
    network: plainNetwork(solution.network),
  };
}

function setUp(plan: (typeof plans)[Mode]): string[] {
  const { block, units } = sizes;
  return [
    `Data: n = ${plan.n} rows on [−1, 1] with a bias column (rank 2), y = sin(3.5 x) + ${noise.deviation} · normal (seed ${noise.seed}); squared loss ½‖f − y‖², β = ${plan.beta}.`,
    `Residual networks: C side by side, each with one block h = x + V(Wx)₊ of ${block} unit and a ReLU layer of ${units} units on h; C = ${plan.branches.join(', ')}.`,
    `Expansion: each of the C · ${units} units is a three-layer sub-network of ${block + 2} first-layer units, for wᵀh = Σ (wᵀVⱼ)(Wⱼx)₊ + (wᵀx)₊ − (−wᵀx)₊; its path norm is |a| √(2‖w‖² + Σ ‖Wⱼ‖²(wᵀVⱼ)²), and the objective is (1) of that.`,
    `Trained by Adam (TensorFlow.js) in the residual form, full batches, ${plan.iterations} steps, the rate falling to 0 over the second half, ${plan.seeds} seeds; learning rates ${plan.rates.join(', ')}, the one with the smallest mean objective kept for each C.`,
    `For comparison: parallel networks of the family itself, m₁ = ${block + 2}, with ${plan.control * units} sub-networks, as many as C = ${plan.control} expands to; trained alike.`,
    `Certified: relucent's certify, over all activation patterns of parallel networks of three layers with m₁ = ${block + 2}, any number of sub-networks: a search in 2 · ${block + 2} = ${2 * (block + 2)} dimensions.`,
  ];
}
