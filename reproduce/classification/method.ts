import { performance } from 'node:perf_hooks';
import type { ParallelNetwork } from '../../src/network/network.js';
import { betaMax } from '../../src/problem/solve.js';
import { solveAll } from '../../src/problem/solve-all.js';
import type { PatternSource, ProblemInput } from '../../src/problem/problem-input.js';
import type { Iteration } from '../../src/solver/solve-program.js';
import { descend, type Descent } from '../baseline/descend.js';
import type { Objective } from '../baseline/objective.js';
import { certified, type Certified } from '../checks.js';
import type { Lab } from '../experiment.js';
import { outputsFor, targetsByOutput, targetsFor, type LabelledRows } from './labelled-rows.js';

/** A network trained at one β. */
export interface Fitted {
  readonly network: ParallelNetwork;
  /** What the method minimises, at the network, all outputs together. */
  readonly objective: number;
  /** Of the convex methods: the certificates of the outputs added up. */
  readonly certificate: Certified | null;
  /** Of the convex methods: iterations of the slowest output. */
  readonly history: readonly Iteration[];
}

/** A way to train networks, one class against the rest, logistic loss. */
export interface Method {
  readonly name: string;
  /** Learning rates to choose from; a convex program has none. */
  readonly rates: readonly (number | null)[];
  /** One network for each β. */
  fit(
    lab: Lab,
    data: LabelledRows,
    betas: readonly number[],
    rate: number | null,
    seed: number,
  ): Promise<Fitted[]>;
}

/** The convex program of networks of this form. */
export interface ConvexForm extends Pick<ProblemInput, 'depth' | 'widths' | 'formulation' | 'tolerance'> {
  readonly patterns: PatternSource;
}

function problemsOf(data: LabelledRows, form: ConvexForm): ProblemInput[] {
  const { n, d, X } = data.rows;
  return targetsByOutput(data).map((y) => ({
    ...form,
    X: { values: X, rows: n, columns: d },
    y,
    beta: 1,
    loss: 'logistic' as const,
  }));
}

/** The largest β_max of the outputs: from there on all of them are zero. */
export async function largestBetaMax(lab: Lab, data: LabelledRows, form: ConvexForm): Promise<number> {
  let largest = 0;
  for (const problem of problemsOf(data, form)) {
    largest = Math.max(largest, (await betaMax(problem, { signal: lab.signal })).betaMax);
  }
  return largest;
}

/** Outputs are independent problems: each is solved alone, and their objectives and bounds add up. */
export function convexMethod(name: string, form: ConvexForm): Method {
  return {
    name,
    rates: [null],
    fit: async ({ executor, signal }, data, betas) => {
      const problems = problemsOf(data, form);
      const all = betas.flatMap((beta) => problems.map((problem) => ({ ...problem, beta })));
      const results = await solveAll(all, { executor, signal });
      return betas.map((_, b) => {
        const own = results.slice(b * problems.length, (b + 1) * problems.length);
        const certificate = sumOf(own.map(certified));
        const slowest = own.reduce((most, one) => (one.iterations > most.iterations ? one : most));
        const [first] = own;
        if (first === undefined) throw new RangeError('classes: expected at least two');
        const subNetworks = own.flatMap(({ network }, channel) =>
          network.subNetworks.map((subNetwork) => ({ ...subNetwork, channel })),
        );
        return {
          network: { ...first.network, outputs: problems.length, subNetworks },
          objective: certificate.objective,
          certificate,
          history: slowest.history,
        };
      });
    },
  };
}

/** Certificate of a sum of independent problems: its bound is the sum of theirs. */
function sumOf(parts: readonly Certified[]): Certified {
  const sum = (of: (part: Certified) => number): number => parts.reduce((total, part) => total + of(part), 0);
  const objective = sum((part) => part.objective);
  const dualBound = sum((part) => part.dualBound);
  return {
    objective,
    dualBound,
    relativeGap: (objective - dualBound) / objective,
    networkObjective: sum((part) => part.networkObjective),
    subNetworks: sum((part) => part.subNetworks),
    scope: parts.every(({ scope }) => scope === 'all-arrangements')
      ? 'all-arrangements'
      : 'given-arrangements',
    status: parts.find(({ status }) => status !== 'optimal')?.status ?? 'optimal',
    seconds: sum((part) => part.seconds),
  };
}

/** What gradient descent trains. */
interface DescentForm {
  readonly penalty: Objective['penalty'];
  /** Units of the hidden layers of a sub-network. */
  readonly widths: readonly number[];
  /** Sub-networks of each output. */
  readonly subNetworks: number;
  readonly rates: readonly number[];
  readonly iterations: number;
  readonly batch?: number;
}

/** Adam on the same loss and β, all β in one pass. */
function descentMethod(name: string, form: DescentForm): Method {
  const { penalty, widths, subNetworks, rates, iterations, batch } = form;
  return {
    name,
    rates,
    fit: async (lab, data, betas, rate, seed) => {
      const descent: Descent = {
        optimiser: 'adam',
        rate: rate ?? 0,
        iterations,
        every: Math.ceil(iterations / 4),
        schedule: 'falling',
        ...(batch === undefined ? {} : { batch }),
      };
      const trials = await descend(
        { rows: data.rows, targets: targetsFor(data) },
        { inputs: data.rows.d, widths, subNetworks, outputs: outputsFor(data.classes) },
        { loss: 'logistic', beta: betas[0] ?? 0, penalty },
        descent,
        betas.map(() => seed),
        {
          signal: lab.signal,
          betas,
          onProgress: (iteration) => {
            lab.progress(`${name}, rate ${rate}, ${iteration} steps`);
          },
        },
      );
      return trials.map(({ network, best }) => ({
        network,
        objective: best,
        certificate: null,
        history: [],
      }));
    },
  };
}

export const adamNames = {
  adam2: 'Adam, 2 layers, weight decay',
  adam3decay: 'Adam, 3 layers, weight decay',
  adam3path: 'Adam, 3 layers, path norm',
} as const;

/** What the convex methods are held against: so many neurons an output at two layers, sub-networks of `width` at three. */
export function adamMethods(
  training: Pick<DescentForm, 'rates' | 'iterations' | 'batch'>,
  sizes: { readonly neurons: number; readonly subNetworks: number; readonly width: number },
): Method[] {
  const { neurons, subNetworks, width } = sizes;
  const two = { ...training, widths: [1], subNetworks: neurons };
  const three = { ...training, widths: [width, 1], subNetworks };
  return [
    descentMethod(adamNames.adam2, { ...two, penalty: 'weight-decay' }),
    descentMethod(adamNames.adam3decay, { ...three, penalty: 'weight-decay' }),
    descentMethod(adamNames.adam3path, { ...three, penalty: 'path-norm' }),
  ];
}

/** Seconds since a start. */
export function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}
