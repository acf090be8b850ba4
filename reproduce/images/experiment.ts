import type { Scaling } from '../../src/estimator/scaling.js';
import { splitRows } from '../../src/table/split.js';
import { prepared, selectLabelled, type LabelledRows } from '../classification/labelled-rows.js';
import {
  adamMethods,
  convexMethod,
  largestBetaMax,
  type ConvexForm,
  type Method,
} from '../classification/method.js';
import { certificatesOf, tryMethod, type MethodResult, type Parts } from '../classification/protocol.js';
import { gapClosed } from '../checks.js';
import { cifar10, fashionMnist, type ImageLimits, type ImageSet } from '../data/images.js';
import type { Check, Experiment, Json, Lab, Mode, Table } from '../experiment.js';
import { gapFigure, timeFigure } from './figures.js';

const plans = {
  quick: {
    train: 120,
    test: 200,
    pools: { fashion: 4, cifar: 8 },
    ratios: [0.1, 0.03],
    rates: [0.03],
    iterations: 150,
    batch: 30,
    gates: 15,
    neurons: 9,
  },
  full: {
    train: 1000,
    test: 2000,
    pools: { fashion: 2, cifar: 4 },
    ratios: [0.1, 0.03, 0.01, 0.003],
    rates: [0.003, 0.01],
    iterations: 400,
    batch: 50,
    gates: 40,
    neurons: 24,
  },
} as const satisfies Record<Mode, unknown>;

type Plan = (typeof plans)[Mode];

/** First-layer neurons of a three-layer sub-network. */
const WIDTH = 3;
const TOLERANCE = 1e-3;
const VALIDATION_SHARE = 0.25;

/** What was found on one set of images. */
export type ImageResult = {
  readonly set: string;
  readonly files: string;
  readonly rows: number;
  readonly testRows: number;
  readonly features: number;
  readonly methods: readonly MethodResult[];
};

/** Images by gated networks, certified, and by ReLU networks that Adam trains. */
export const images: Experiment = {
  name: 'images',
  run: async (lab) => {
    const plan = plans[lab.mode];
    const fashion = await fashionMnist(lab, limitsOf(plan, plan.pools.fashion));
    const cifar = await cifar10(lab, limitsOf(plan, plan.pools.cifar));
    const sets = [{ name: 'Fashion-MNIST', data: fashion }];
    if (cifar !== null) sets.push({ name: 'CIFAR-10', data: cifar });
    const methods = methodsFor(plan);
    lab.expect(sets.length * methods.length);
    const results: ImageResult[] = [];
    for (const { name, data } of sets) results.push(await trySet(lab, plan, methods, name, data));
    return {
      setUp: setUp(plan, results, cifar === null),
      figures: [timeFigure(results), gapFigure(results, TOLERANCE)],
      tables: [scoreTable(results)],
      checks: checks(results),
      numbers: { plan: { ...plan }, sets: results.map(thinned) },
    };
  },
};

function limitsOf({ train, test }: Plan, pool: number): ImageLimits {
  return { train, test, pool };
}

function gatedForm({ gates }: Plan, depth: 2 | 3): ConvexForm {
  return {
    depth,
    widths: depth === 3 ? [WIDTH] : [],
    formulation: 'gated',
    patterns: { sample: gates, seed: 0 },
    tolerance: TOLERANCE,
  };
}

function methodsFor(plan: Plan): Method[] {
  const { rates, iterations, batch, neurons } = plan;
  return [
    convexMethod('gated, 2 layers', gatedForm(plan, 2)),
    convexMethod('gated, 3 layers', gatedForm(plan, 3)),
    ...adamMethods({ rates, iterations, batch }, { neurons, subNetworks: neurons / WIDTH, width: WIDTH }),
  ];
}

async function trySet(
  lab: Lab,
  plan: Plan,
  methods: readonly Method[],
  name: string,
  data: ImageSet,
): Promise<ImageResult> {
  const parts = partsOf(data);
  const form = gatedForm(plan, 2);
  const units = {
    inner: await largestBetaMax(lab, parts.inner, form),
    train: await largestBetaMax(lab, parts.train, form),
  };
  const found: MethodResult[] = [];
  for (const method of methods) {
    found.push(
      await lab.step(`${name}: ${method.name}`, () =>
        tryMethod(lab, method, parts, { ratios: plan.ratios, units, seed: 0 }),
      ),
    );
  }
  const { rows } = data.train;
  return {
    set: name,
    files: data.files,
    rows: rows.n,
    testRows: data.test.rows.n,
    features: rows.d,
    methods: found,
  };
}

/** A seeded quarter of the training images for validation; the mean training image is subtracted. */
function partsOf({ train, test }: ImageSet): Parts {
  const split = splitRows(train.labels, train.labels.length, { testFraction: VALIDATION_SHARE, seed: 0 });
  const inner = selectLabelled(train, split.train);
  const centring = centringOf(train);
  const innerCentring = centringOf(inner);
  return {
    inner: prepared(inner, innerCentring),
    validation: prepared(selectLabelled(train, split.test), innerCentring),
    train: prepared(train, centring),
    test: prepared(test, centring),
  };
}

function centringOf({ rows: { X, n, d } }: LabelledRows): Scaling {
  const mean = new Float64Array(d);
  X.forEach((value, at) => {
    mean[at % d] = (mean[at % d] ?? 0) + value / n;
  });
  return { mean, scale: new Float64Array(d).fill(1) };
}

function setUp(plan: Plan, results: readonly ImageResult[], noCifar: boolean): string[] {
  const { ratios, rates, iterations, batch, gates, neurons } = plan;
  return [
    ...results.map(
      ({ set, files, rows, testRows, features }) =>
        `${set}: the first ${rows} training and ${testRows} test images (${files}), pixels averaged over squares to ${features} features: not to be compared with published accuracies on whole sets. Pixels in 0 … 1 less the mean training image, a bias column.`,
    ),
    ...(noCifar
      ? [
          'CIFAR-10 states no licence and does not come with relucent: without it in the folder of --data this is Fashion-MNIST alone.',
        ]
      : []),
    'Loss: logistic, each class against the rest, summed over rows and classes, for every method; ten independent programs of one output each, their objectives and bounds added up.',
    `β and learning rate by the same means for all: trained on three quarters of the training images, the smallest logistic loss on the fourth quarter wins, then trained again on all. β = ${ratios.join(', ')} times the largest β_max of the ten gated two-layer programs.`,
    `Gated: ${gates} sampled gates a class (two layers), ${gates} sampled sub-networks of ${WIDTH} first-layer neurons (three layers), seed 0, relative gap ${TOLERANCE}: certified on these gates, no claim about others.`,
    `Adam (TensorFlow.js, float32, one thread): ReLU networks of ${neurons} first-layer neurons a class, as ${neurons} sub-networks (two layers) or ${neurons / WIDTH} of ${WIDTH} (three layers); batches of ${batch}, ${iterations} steps, the rate falling to 0 over the second half, rates ${rates.join(', ')}, one initialisation.`,
    'Times are wall-clock on the machine of the run; the programs of the ten classes run on all threads given.',
  ];
}

function scoreTable(results: readonly ImageResult[]): Table {
  return {
    name: 'scores',
    title: 'Scores, gaps and times',
    columns: [
      { label: 'images' },
      { label: 'method' },
      { label: 'β / β_max' },
      { label: 'learning rate' },
      { label: 'training accuracy (%)' },
      { label: 'test accuracy (%)' },
      { label: 'test loss (nats a row)' },
      { label: 'objective', digits: 5 },
      { label: 'relative gap', digits: 2 },
      { label: 'sub-networks' },
      { label: 'last training (s)', digits: 3 },
      { label: 'choice of β and rate (s)', digits: 3 },
    ],
    rows: results.flatMap(({ set, methods }) =>
      methods.map((one) => [
        set,
        one.method,
        one.betaRatio,
        one.rate,
        100 * one.train.accuracy,
        100 * one.test.accuracy,
        one.test.loss,
        one.objective,
        one.certificate?.relativeGap ?? null,
        one.certificate?.subNetworks ?? null,
        one.seconds,
        one.choiceSeconds,
      ]),
    ),
  };
}

function checks(results: readonly ImageResult[]): Check[] {
  const certificates = results.flatMap(({ methods }) => certificatesOf(methods));
  const scopes = [...new Set(certificates.map(({ scope }) => scope))];
  return [
    ...gapClosed('gated programs, on the gates given', certificates, TOLERANCE),
    {
      claim: 'on sampled gates no certificate claims more than those gates',
      holds: scopes.length === 1 && scopes[0] === 'given-arrangements',
      detail: scopes.join(', '),
    },
  ];
}

function thinned({ methods, ...rest }: ImageResult): Json {
  return {
    ...rest,
    methods: methods.map((one) => ({
      ...one,
      candidates: one.candidates.map(({ betaRatio, rate, validation, objective }) => ({
        betaRatio,
        rate,
        validation,
        objective,
      })),
    })),
  };
}
