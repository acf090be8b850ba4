import { plainNetwork, type PlainNetwork } from '../../src/network/network-json.js';
import type { ParallelNetwork } from '../../src/network/network.js';
import { solve } from '../../src/problem/solve.js';
import type { Objective } from '../baseline/objective.js';
import type { Shape } from '../baseline/shape.js';
import { tune } from '../baseline/tune.js';
import { certified, type Certified } from '../checks.js';
import type { Lab } from '../experiment.js';
import { accuracy, type Spiral } from './spiral.js';

/** One way to train on the spiral: a panel of the figure. */
export type Method = {
  readonly name: string;
  readonly title: string;
  readonly layers: 2 | 3;
  readonly penalty: Objective['penalty'];
} & (
  | { readonly by: 'convex'; readonly width: number | null }
  /** Hidden widths of a sub-network and their number, by Adam. */
  | { readonly by: 'adam'; readonly widths: readonly number[]; readonly subNetworks: number }
);

/** First-layer units of a sub-network of the three-layer family. */
export const width = 2;

/** Sizes of the networks that gradient descent trains. */
export interface NetworkSizes {
  /** Parallel sub-networks: neurons at two layers. */
  readonly subNetworks: number;
  /** Neurons in each hidden layer of the plain network. */
  readonly plain: number;
}

export function methodsFor({ subNetworks, plain }: NetworkSizes): readonly Method[] {
  const parallel = { by: 'adam', subNetworks } as const;
  return [
    {
      name: '2-wd',
      title: '2 layers, weight decay (Adam)',
      layers: 2,
      penalty: 'weight-decay',
      ...parallel,
      widths: [1],
    },
    {
      name: '2-convex',
      title: '2 layers, weight decay (convex)',
      layers: 2,
      penalty: 'path-norm',
      by: 'convex',
      width: null,
    },
    {
      name: '3-convex',
      title: '3 layers, path norm (convex)',
      layers: 3,
      penalty: 'path-norm',
      by: 'convex',
      width,
    },
    {
      name: '3-wd',
      title: '3 layers, weight decay (Adam)',
      layers: 3,
      penalty: 'weight-decay',
      ...parallel,
      widths: [width, 1],
    },
    {
      name: '3-wd-plain',
      title: `3 layers ${plain}–${plain}, weight decay (Adam)`,
      layers: 3,
      penalty: 'weight-decay',
      by: 'adam',
      widths: [plain, plain],
      subNetworks: 1,
    },
    {
      name: '3-path',
      title: '3 layers, path norm (Adam)',
      layers: 3,
      penalty: 'path-norm',
      ...parallel,
      widths: [width, 1],
    },
  ];
}

/** A method at one β. */
export type Fit = {
  readonly method: string;
  readonly beta: number;
  /** Of each seed; one for a convex program. */
  readonly trials: readonly {
    readonly objective: number;
    readonly train: number;
    readonly validation: number;
    readonly test: number;
  }[];
  readonly rate: number | null;
  readonly certified: Certified | null;
  readonly seconds: number;
  /** Of the trial with the smallest objective. */
  readonly network: PlainNetwork;
};

export interface Splits {
  readonly train: Spiral;
  readonly validation: Spiral;
  readonly test: Spiral;
}

export interface FitOptions {
  readonly rates: readonly number[];
  readonly seeds: number;
  readonly iterations: number;
  /** Of sampling by local search, three layers. */
  readonly adaptive: number;
}

export async function fit(
  lab: Lab,
  method: Method,
  beta: number,
  splits: Splits,
  options: FitOptions,
): Promise<Fit> {
  const started = performance.now();
  const found =
    method.by === 'convex'
      ? await convex(lab, method, beta, splits.train, options)
      : await descended(lab, method, beta, splits.train, options);
  const best = found.networks.reduce((least, one) => (one.objective < least.objective ? one : least));
  return {
    method: method.name,
    beta,
    trials: found.networks.map(({ objective, network }) => ({
      objective,
      train: accuracy(network, splits.train),
      validation: accuracy(network, splits.validation),
      test: accuracy(network, splits.test),
    })),
    rate: found.rate,
    certified: found.certified,
    seconds: (performance.now() - started) / 1000,
    network: plainNetwork(best.network),
  };
}

interface Found {
  readonly networks: readonly { readonly objective: number; readonly network: ParallelNetwork }[];
  readonly rate: number | null;
  readonly certified: Certified | null;
}

/** Two layers over all arrangements, three on the patterns that local search finds. */
async function convex(
  { signal, executor }: Lab,
  { layers, width: m1 }: Extract<Method, { by: 'convex' }>,
  beta: number,
  { rows, arms }: Spiral,
  { adaptive }: FitOptions,
): Promise<Found> {
  const result = await solve(
    {
      X: { values: rows.X, rows: rows.n, columns: rows.d },
      y: arms,
      beta,
      depth: layers,
      ...(m1 === null ? { patterns: 'all' } : { widths: [m1], patterns: { adaptive, seed: 0 } }),
    },
    { signal, executor },
  );
  const { network, networkObjective: objective } = result;
  return { networks: [{ objective, network }], rate: null, certified: certified(result) };
}

async function descended(
  lab: Lab,
  { widths, subNetworks, penalty }: Extract<Method, { by: 'adam' }>,
  beta: number,
  { rows, arms }: Spiral,
  { rates, seeds, iterations }: FitOptions,
): Promise<Found> {
  const shape: Shape = { inputs: rows.d, widths, subNetworks, outputs: 1 };
  const tuned = await tune(
    { rows, targets: arms },
    shape,
    { loss: 'squared', beta, penalty },
    { optimiser: 'adam', iterations, every: Math.ceil(iterations / 10), schedule: 'falling' },
    { rates, seeds: Array.from({ length: seeds }, (_, seed) => seed) },
    {
      signal: lab.signal,
      onRate: ({ rate, mean }) => {
        lab.progress(`rate ${rate}, mean objective ${mean.toPrecision(4)}`);
      },
    },
  );
  return {
    networks: tuned.trials.map(({ best, network }) => ({ objective: best, network })),
    rate: tuned.rate,
    certified: null,
  };
}
