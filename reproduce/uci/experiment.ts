import type { LabelledRows } from '../classification/labelled-rows.js';
import {
  largestBetaMax,
  convexMethod,
  adamMethods,
  type ConvexForm,
  type Method,
} from '../classification/method.js';
import { tryMethod, type MethodResult } from '../classification/protocol.js';
import type { Experiment, Json, Lab, Mode } from '../experiment.js';
import { accuracyFigure, chosenFigure } from './figures.js';
import { checks, accuracyTable, excessTable } from './findings.js';
import { methodNames, type Searched, type SplitResult } from './results.js';
import { dataSets, partsOf, readDataSet, TEST_SHARE, type DataSetName } from './data-sets.js';

const plans = {
  quick: {
    sets: ['balloons', 'pittsburgh-bridges-span-clean'],
    splits: 2,
    ratios: [0.1, 0.01],
    rates: [0.06],
    iterations: 60,
    sample: 20,
    search: { starts: 2, ratios: [0.1] },
    neurons: 12,
    subNetworks: 4,
  },
  full: {
    sets: dataSets,
    splits: 5,
    ratios: [0.3, 0.1, 0.03, 0.01],
    rates: [0.01, 0.05],
    iterations: 500,
    sample: 200,
    search: { starts: 20, ratios: [0.3, 0.1, 0.03, 0.01] },
    neurons: 30,
    subNetworks: 10,
  },
} as const satisfies Record<Mode, unknown>;

type Plan = (typeof plans)[Mode];

/** First-layer neurons of a three-layer sub-network. */
const WIDTH = 3;
const TOLERANCE = 1e-4;
const SEARCH_TOLERANCE = 1e-3;

/** The paper's experiment on small tables of the UCI repository. */
export const uci: Experiment = {
  name: 'uci',
  run: async (lab) => {
    const plan = plans[lab.mode];
    lab.expect(plan.sets.length * (plan.splits + 1));
    const results: SplitResult[] = [];
    const searched: Searched[] = [];
    for (let split = 0; split < plan.splits; split++) {
      for (const set of plan.sets) {
        results.push(await lab.step(`${set}, split ${split + 1}`, () => trySplit(lab, plan, set, split)));
      }
    }
    for (const set of plan.sets) {
      searched.push(await lab.step(`${set}, patterns searched`, () => search(lab, plan, set)));
    }
    return {
      setUp: setUp(plan),
      figures: [accuracyFigure(results), chosenFigure(results, plan.ratios)],
      tables: [accuracyTable(results), excessTable(results, searched)],
      checks: checks(results, searched, { sampled: TOLERANCE, searched: SEARCH_TOLERANCE }),
      numbers: { plan: { ...plan }, splits: results.map(thinned), searched },
    };
  },
};

/** Balloons have rank 5, so that every activation pattern of two layers can be priced; elsewhere patterns are sampled. */
function methodsFor(plan: Plan, set: DataSetName): Method[] {
  const { rates, iterations, sample, neurons, subNetworks } = plan;
  const sampled = { sample, seed: 0 };
  const patterns = set === 'balloons' ? ('all' as const) : sampled;
  return [
    convexMethod(methodNames.convex2, { depth: 2, patterns, tolerance: TOLERANCE }),
    convexMethod(methodNames.convex3, {
      depth: 3,
      widths: [WIDTH],
      patterns: sampled,
      tolerance: TOLERANCE,
    }),
    ...adamMethods({ rates, iterations }, { neurons, subNetworks, width: WIDTH }),
  ];
}

async function trySplit(lab: Lab, plan: Plan, set: DataSetName, split: number): Promise<SplitResult> {
  const parts = partsOf(await readDataSet(lab, set), split);
  const units = {
    inner: await unitOf(lab, plan, parts.inner),
    train: await unitOf(lab, plan, parts.train),
  };
  const methods: MethodResult[] = [];
  for (const method of methodsFor(plan, set)) {
    methods.push(await tryMethod(lab, method, parts, { ratios: plan.ratios, units, seed: split }));
  }
  return { set, split, methods };
}

/** What β is a multiple of: the largest β_max of the two-layer programs. */
function unitOf(lab: Lab, { sample }: Plan, data: LabelledRows): Promise<number> {
  return largestBetaMax(lab, data, { depth: 2, patterns: { sample, seed: 0 } });
}

/** The programs of the first split's inner part again, on patterns found by local search. */
async function search(lab: Lab, plan: Plan, set: DataSetName): Promise<Searched> {
  const { starts, ratios } = plan.search;
  const { inner } = partsOf(await readDataSet(lab, set), 0);
  const unit = await unitOf(lab, plan, inner);
  const betas = ratios.map((ratio) => ratio * unit);
  const form = { patterns: { adaptive: starts, seed: 0 }, tolerance: SEARCH_TOLERANCE } as const;
  const solved = async (
    name: string,
    shape: Pick<ConvexForm, 'depth' | 'widths'>,
  ): Promise<Searched['two']> => {
    const fits = await convexMethod(name, { ...form, ...shape }).fit(lab, inner, betas, null, 0);
    return fits.flatMap(({ certificate }, b) =>
      certificate === null ? [] : [{ betaRatio: ratios[b] ?? NaN, certificate }],
    );
  };
  return {
    set,
    two: await solved('searched, 2 layers', { depth: 2 }),
    three: await solved('searched, 3 layers', { depth: 3, widths: [WIDTH] }),
  };
}

function setUp({
  splits,
  ratios,
  rates,
  iterations,
  sample,
  neurons,
  subNetworks,
  search: { starts },
}: Plan): string[] {
  return [
    `Data: the paper's six sets, and the repaired version of the one whose labels are damaged (data/README.md); ${splits} seeded splits into ${100 * (1 - TEST_SHARE)} % training and ${100 * TEST_SHARE} % test rows, classes in proportion, standardised by the training rows, a bias column.`,
    'Loss: logistic, summed over rows; with more than two classes each class against the rest, the objectives of the classes added up, for every method.',
    `β and learning rate by the same means for all: trained on three quarters of the training rows, the smallest logistic loss on the fourth quarter wins, then trained again on all training rows. β = ${ratios.join(', ')} times the largest β_max of the two-layer programs of the classes, on the rows trained on.`,
    `Convex: ReLU with cone constraints, ${sample} sampled activation patterns of neurons (two layers) and of sub-networks of ${WIDTH} first-layer neurons (three layers), seed 0, relative gap ${TOLERANCE} in each class: certified on these patterns. Two layers on balloons (rank 5): all patterns that exist.`,
    `Convex with patterns searched: on the first split, three quarters of its training rows, the same programs on patterns found by local search from ${starts} starts a round until none is missing that a search finds, gap ${SEARCH_TOLERANCE} in each class; given patterns still, no claim about others.`,
    `Adam (TensorFlow.js): full batches, ${iterations} steps, the rate falling to 0 over the second half, rates ${rates.join(', ')}, one initialisation a split; for each class ${neurons} neurons (two layers) or ${subNetworks} sub-networks of ${WIDTH} first-layer neurons (three layers). Weight decay is ½β Σ w², the path norm is β Σ φ.`,
  ];
}

/** What is saved: candidates without the details of their certificates. */
function thinned({ set, split, methods }: SplitResult): Json {
  return {
    set,
    split,
    methods: methods.map((one) => ({
      ...one,
      // Iterations of programs this small say nothing.
      history: [],
      candidates: one.candidates.map(({ betaRatio, rate, validation, objective }) => [
        betaRatio,
        rate,
        Number(validation.loss.toPrecision(4)),
        Number(objective.toPrecision(6)),
      ]),
    })),
  };
}
