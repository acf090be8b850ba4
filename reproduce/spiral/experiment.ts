import { gapClosed, noneBelow } from '../checks.js';
import type { Check, Experiment, Mode, Table } from '../experiment.js';
import { mean } from '../statistics.js';
import { regionsFigure, type Chosen } from './figures.js';
import {
  fit,
  methodsFor,
  width,
  type Fit,
  type FitOptions,
  type Method,
  type NetworkSizes,
  type Splits,
} from './methods.js';
import { onSampledPatterns, sampledTable, type Sampled } from './sampled.js';
import { spiral } from './spiral.js';

interface Plan extends FitOptions {
  readonly perArm: number;
  readonly turns: number;
  readonly noise: number;
  readonly betas: readonly number[];
  readonly sizes: NetworkSizes;
  /** Numbers of patterns drawn for the convex programs on few of them, and their β. */
  readonly samples: readonly number[];
  readonly sampleBeta: number;
}

const plans: Readonly<Record<Mode, Plan>> = {
  quick: {
    perArm: 14,
    turns: 1,
    noise: 0.02,
    betas: [0.1],
    sizes: { subNetworks: 20, plain: 16 },
    rates: [0.03],
    seeds: 2,
    iterations: 200,
    adaptive: 20,
    samples: [5, 100],
    sampleBeta: 0.1,
  },
  full: {
    perArm: 40,
    turns: 2,
    noise: 0.02,
    betas: [0.1, 0.03, 0.01],
    sizes: { subNetworks: 100, plain: 32 },
    rates: [0.003, 0.01, 0.03],
    seeds: 4,
    iterations: 2000,
    adaptive: 100,
    samples: [10, 30, 100, 300],
    sampleBeta: 0.03,
  },
};

/** Points an arm of the spirals that β is chosen on and that accuracy is reported on. */
const fresh = { perArm: 500, validationSeed: 1, testSeed: 2 } as const;

/** The paper's Figure 1: decision regions of weight decay and of path regularisation on a two-class spiral. */
export const spiralExperiment: Experiment = {
  name: 'spiral',
  run: async (lab) => {
    const plan = plans[lab.mode];
    const methods = methodsFor(plan.sizes);
    const splits = splitsOf(plan);
    lab.expect(methods.length * plan.betas.length + 2 * plan.samples.length);
    const fits: Fit[] = [];
    for (const method of methods) {
      for (const beta of plan.betas) {
        fits.push(await lab.step(`${method.title}, β = ${beta}`, () => fit(lab, method, beta, splits, plan)));
      }
    }
    const sampled: Sampled[] = [];
    for (const layers of [2, 3] as const) {
      for (const sample of plan.samples) {
        const options = { layers, sample, beta: plan.sampleBeta };
        sampled.push(
          await lab.step(`${layers} layers, ${sample} sampled patterns`, () =>
            onSampledPatterns(lab, options, splits),
          ),
        );
      }
    }
    const chosen = methods.map((method) => choose(method, fits));
    return {
      setUp: setUp(plan),
      figures: [regionsFigure(chosen, splits.train)],
      tables: [chosenTable(chosen), betaTable(methods, fits), sampledTable(sampled, plan.sampleBeta)],
      checks: checks(fits, sampled, plan),
      numbers: {
        plan: { ...plan, sizes: { ...plan.sizes } },
        fresh,
        rows: splits.train.points.map(({ x1, x2, arm }) => [x1, x2, arm]),
        sampled,
        fits: fits.map(({ network, ...rest }) => ({
          ...rest,
          network: chosen.some(({ fit: one }) => one.network === network) ? network : undefined,
        })),
      },
    };
  },
};

function splitsOf({ perArm, turns, noise }: Plan): Splits {
  const { validationSeed, testSeed } = fresh;
  const many = (seed: number) => spiral({ perArm: fresh.perArm, turns, noise, seed });
  return {
    train: spiral({ perArm, turns, noise, seed: 0 }),
    validation: many(validationSeed),
    test: many(testSeed),
  };
}

/** The β with the best mean validation accuracy of the trials, the larger one of equals. */
function choose(method: Method, fits: readonly Fit[]): Chosen {
  const own = fits.filter((one) => one.method === method.name);
  const [first] = own;
  if (first === undefined) throw new RangeError('betas: expected at least one');
  const best = own.reduce((kept, one) => (validationOf(one) > validationOf(kept) ? one : kept), first);
  return { method, fit: best };
}

function validationOf({ trials }: Fit): number {
  return mean(trials.map(({ validation }) => validation));
}

function setUp(plan: Plan): string[] {
  const { perArm, turns, noise, betas, sizes, rates, seeds, iterations, adaptive, samples, sampleBeta } =
    plan;
  return [
    `Data: two arms of ${perArm} points, ${turns} ${turns === 1 ? 'turn' : 'turns'}, normal noise ${noise} (seed 0), targets ±1, a bias column (rank 3); squared loss ½‖f − y‖². Validation and test: fresh spirals of ${2 * fresh.perArm} points (seeds ${fresh.validationSeed} and ${fresh.testSeed}).`,
    `Objectives: weight decay 𝓛 + ½β Σ w², or path regularisation 𝓛 + β Σ φ, problem (1); β of ${betas.join(', ')}, for each method the one with the best mean validation accuracy.`,
    `Networks: at two layers ${sizes.subNetworks} neurons; at three layers ${sizes.subNetworks} parallel sub-networks of ${width} first-layer neurons, and for weight decay also one plain network of ${sizes.plain} and ${sizes.plain} neurons.`,
    `Adam (TensorFlow.js): full batches, ${iterations} steps, the rate falling to 0 over the second half, ${seeds} seeds; learning rates ${rates.join(', ')}, the one with the smallest mean training objective kept for each β.`,
    `Convex, two layers: over all activation patterns. For any function the least ½ Σ w² of its neurons is Σ φ, so this is the global optimum of two-layer weight decay too.`,
    `Convex, three layers, m₁ = ${width}: on the patterns that local search finds (adaptive ${adaptive}, seed 0): certified on these patterns, not over all.`,
    `Few patterns: both convex programs on ${samples.join(', ')} patterns drawn at random (seed 0), β = ${sampleBeta}.`,
  ];
}

function chosenTable(chosen: readonly Chosen[]): Table {
  return {
    name: 'methods',
    title: 'Each method at its best β',
    columns: [
      { label: 'method' },
      { label: 'β' },
      { label: 'objective, best trial', digits: 6 },
      { label: 'lower bound', digits: 6 },
      { label: 'scope of the bound' },
      { label: 'relative gap', digits: 2 },
      { label: 'train accuracy, mean' },
      { label: 'test accuracy, mean' },
      { label: 'lowest' },
      { label: 'highest' },
      { label: 'sub-networks' },
      { label: 'seconds', digits: 3 },
    ],
    rows: chosen.map(({ method, fit: { beta, trials, certified, network, seconds } }) => {
      const test = trials.map((trial) => trial.test);
      return [
        method.title,
        beta,
        Math.min(...trials.map(({ objective }) => objective)),
        certified?.dualBound ?? null,
        certified === null ? '–' : certified.scope === 'all-arrangements' ? 'all patterns' : 'patterns found',
        certified?.relativeGap ?? null,
        mean(trials.map(({ train }) => train)),
        mean(test),
        Math.min(...test),
        Math.max(...test),
        network.subNetworks.length,
        seconds,
      ];
    }),
  };
}

function betaTable(methods: readonly Method[], fits: readonly Fit[]): Table {
  return {
    name: 'betas',
    title: 'Every β',
    columns: [
      { label: 'method' },
      { label: 'β' },
      { label: 'learning rate' },
      { label: 'objective, best trial', digits: 6 },
      { label: 'mean', digits: 6 },
      { label: 'lower bound', digits: 6 },
      { label: 'train accuracy' },
      { label: 'validation accuracy' },
      { label: 'test accuracy' },
      { label: 'seconds', digits: 3 },
    ],
    rows: fits.map((one) => {
      const objectives = one.trials.map(({ objective }) => objective);
      return [
        methods.find(({ name }) => name === one.method)?.title ?? one.method,
        one.beta,
        one.rate,
        Math.min(...objectives),
        mean(objectives),
        one.certified?.dualBound ?? null,
        mean(one.trials.map(({ train }) => train)),
        validationOf(one),
        mean(one.trials.map(({ test }) => test)),
        one.seconds,
      ];
    }),
  };
}

function checks(fits: readonly Fit[], sampled: readonly Sampled[], { sampleBeta }: Plan): Check[] {
  const solved = (method: string) =>
    fits.flatMap((one) =>
      one.method === method && one.certified ? [{ ...one, certified: one.certified }] : [],
    );
  const global = solved('2-convex');
  return [
    ...gapClosed(
      'two layers, convex',
      global.map(({ certified }) => certified),
    ),
    ...gapClosed(
      'three layers, convex, on the patterns found',
      solved('3-convex').map(({ certified }) => certified),
    ),
    ...gapClosed(
      'convex, on the patterns drawn',
      sampled.map(({ certified }) => certified),
    ),
    ...global
      .filter(({ beta }) => beta === sampleBeta)
      .map(({ certified }) =>
        noneBelow(
          `two layers, convex on patterns drawn, β = ${sampleBeta}`,
          sampled.flatMap((one) => (one.layers === 2 ? [one.certified.objective] : [])),
          certified.dualBound,
        ),
      ),
    {
      claim: 'two layers: the certificate is over all arrangements',
      holds: global.every(({ certified }) => certified.scope === 'all-arrangements'),
      detail: `${global.length} certificates`,
    },
    ...global.map(({ beta, certified }) =>
      noneBelow(
        `two layers, weight decay by Adam, β = ${beta}`,
        fits.flatMap((one) =>
          one.method === '2-wd' && one.beta === beta ? one.trials.map(({ objective }) => objective) : [],
        ),
        certified.dualBound,
      ),
    ),
  ];
}
