import type { Optimizer, Rank, Tensor, Tensor2D, Variable } from '@tensorflow/tfjs';
import type { ParallelNetwork } from '../../src/network/network.js';
import { integerGenerator } from '../../src/random.js';
import { batchObjective, objectiveOf, type Objective, type TrainingData } from './objective.js';
import { groupsOf, initialWeights, networkOf, type Shape, type Weights } from './shape.js';
import type { TensorFlow } from './tensorflow.js';
import { loadTensorFlow } from './tensorflow.js';

/** How gradient descent runs. */
export interface Descent {
  readonly optimiser: 'sgd' | 'adam';
  readonly rate: number;
  /** Steps. */
  readonly iterations: number;
  /** The rate stays, or falls linearly to 0 over the second half of the steps. Default `constant`. */
  readonly schedule?: 'constant' | 'falling';
  /** Rows of a step, drawn without replacement epoch by epoch; default all: full batches. */
  readonly batch?: number;
  /** Steps between two points of the curve, or which steps are on it; the first and the last one always are. */
  readonly every: number | ((iteration: number) => boolean);
}

export interface CurvePoint {
  readonly iteration: number;
  /** Objective in float64; infinite once training has diverged. */
  readonly objective: number;
}

/** One network trained from one initialisation. */
export interface Trial {
  readonly seed: number;
  readonly curve: readonly CurvePoint[];
  /** The smallest objective on the curve, and the network that has it: the trial's result. */
  readonly best: number;
  readonly network: ParallelNetwork;
  /** The variables of that network, in the layout of its model. */
  readonly weights: Weights;
}

/** What gradient descent trains: any differentiable form that can be written as a parallel network. */
export interface Model {
  /** The variables of all trials together, from their initialisations. */
  variables(tf: TensorFlow, seeds: readonly number[]): Variable[];
  /** The objectives of all trials added up: their gradients do not see each other. */
  value(
    tf: TensorFlow,
  ): (variables: readonly Variable[], X: Tensor2D, targets: Tensor2D, share: number) => Tensor;
  /** The weights of each trial. */
  weights(variables: readonly Variable[], trials: number): Weights[];
  network(weights: Weights): ParallelNetwork;
}

export interface DescendOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (iteration: number) => void;
  /** Every point of a trial's curve as it is found, with its network. */
  readonly onPoint?: (trial: number, point: CurvePoint, network: ParallelNetwork) => void;
  /** β of each trial, in the place of the objective's: a grid of β in one pass. */
  readonly betas?: readonly number[];
}

/** Longest time between two visits of the event loop, in milliseconds: a signal gets through so fast. */
const SLICE_MS = 20;

/**
 * Trains one network for each seed by gradient descent on exactly `objective`, all at once: they share each pass and nothing
 * else. Gradients and steps are TensorFlow.js', values on the curve are evaluated in float64 on the weights.
 */
export function descend(
  data: TrainingData,
  shape: Shape,
  objective: Objective,
  descent: Descent,
  seeds: readonly number[],
  options: DescendOptions = {},
): Promise<Trial[]> {
  return descendModel(
    data,
    parallelModel(shape, objective, options.betas),
    objective,
    descent,
    seeds,
    options,
  );
}

function parallelModel(shape: Shape, objective: Objective, betas?: readonly number[]): Model {
  return {
    variables: (tf, seeds) => variablesOf(tf, shape, seeds),
    value: (tf) => batchObjective(tf, shape, objective, betas),
    weights: (variables, trials) => weightsOf(variables, shape, trials),
    network: (weights) => networkOf(shape, weights),
  };
}

/** {@link descend} of any model whose value is `objective` of its network. */
export async function descendModel(
  data: TrainingData,
  model: Model,
  objective: Objective,
  descent: Descent,
  seeds: readonly number[],
  { signal, onProgress, onPoint, betas = [] }: DescendOptions = {},
): Promise<Trial[]> {
  const tf = await loadTensorFlow();
  const variables = model.variables(tf, seeds);
  const optimiser = optimiserOf(tf, descent);
  const value = model.value(tf);
  const batches = batchesOf(tf, data, descent.batch);
  const trials = seeds.map((seed) => new RunningTrial(seed));
  const record = (iteration: number): void => {
    model.weights(variables, seeds.length).forEach((weights, t) => {
      const network = model.network(weights);
      const own = { ...objective, beta: betas[t] ?? objective.beta };
      const point = { iteration, objective: objectiveOf(network, data, own) };
      trials[t]?.add(point, { network, weights });
      onPoint?.(t, point, network);
    });
  };
  let visited = performance.now();
  try {
    record(0);
    for (let iteration = 1; iteration <= descent.iterations; iteration++) {
      setRate(optimiser, rateAt(descent, iteration));
      const { X, targets, share } = batches.next();
      optimiser.minimize(
        () => tf.tidy(() => tf.reshape<Rank.R0>(value(variables, X, targets, share), [])),
        false,
        variables,
      );
      const isPoint = isOnCurve(descent, iteration);
      if (isPoint) {
        record(iteration);
        onProgress?.(iteration);
      }
      if (!isPoint && performance.now() - visited < SLICE_MS) continue;
      await visitEventLoop();
      visited = performance.now();
      signal?.throwIfAborted();
    }
    return trials.map((trial) => trial.result());
  } finally {
    for (const variable of variables) variable.dispose();
    optimiser.dispose();
    batches.dispose();
  }
}

function isOnCurve({ every, iterations }: Descent, iteration: number): boolean {
  if (iteration === iterations) return true;
  return typeof every === 'number' ? iteration % every === 0 : every(iteration);
}

/** A macrotask, so that a signal or a timer gets through; browsers have no setImmediate. */
function visitEventLoop(): Promise<void> {
  return new Promise((done) => {
    if (typeof setImmediate === 'function') setImmediate(done);
    else setTimeout(done, 0);
  });
}

/** Learning rate of a step, from 1. */
function rateAt({ rate, iterations, schedule }: Descent, iteration: number): number {
  if (schedule !== 'falling') return rate;
  return rate * Math.min(1, (2 * (iterations - iteration + 1)) / (iterations + 1));
}

class RunningTrial {
  private readonly curve: CurvePoint[] = [];
  private best = Infinity;
  private kept: Pick<Trial, 'network' | 'weights'> | undefined;

  constructor(private readonly seed: number) {}

  add(point: CurvePoint, found: Pick<Trial, 'network' | 'weights'>): void {
    this.curve.push(point);
    if (this.kept !== undefined && !(point.objective < this.best)) return;
    this.best = point.objective;
    this.kept = found;
  }

  result(): Trial {
    if (this.kept === undefined) throw new TypeError('trial: expected at least one point of its curve');
    return { seed: this.seed, curve: this.curve, best: this.best, ...this.kept };
  }
}

/** One variable for each layer, the trials side by side along the axis of the groups. */
function variablesOf(tf: TensorFlow, shape: Shape, seeds: readonly number[]): Variable[] {
  const weights = seeds.map((seed) => initialWeights(shape, seed));
  const groups = groupsOf(shape);
  return [...shape.widths, 1].map((width, l) => {
    const below = l === 0 ? shape.inputs : (shape.widths[l - 1] ?? 1);
    const parts = weights.map(({ layers }) => layers[l] ?? new Float32Array());
    return tf.tidy(() => {
      const tensors =
        l === 0
          ? parts.map((part) => tf.tensor(part, [below, groups * width]))
          : parts.map((part) => tf.tensor(part, [groups, below, width]));
      return tf.variable(tf.concat(tensors, l === 0 ? 1 : 0));
    });
  });
}

function weightsOf(variables: readonly Variable[], shape: Shape, trials: number): Weights[] {
  const layers = variables.map((variable) => variable.dataSync() as Float32Array);
  const wide = groupsOf(shape) * (shape.widths[0] ?? 1);
  return Array.from({ length: trials }, (_, t) => ({
    layers: layers.map((values, l) => {
      if (l > 0) return values.slice((t * values.length) / trials, ((t + 1) * values.length) / trials);
      // The first layer lies row by row over all trials.
      const own = new Float32Array(shape.inputs * wide);
      for (let row = 0; row < shape.inputs; row++) {
        own.set(values.subarray((row * trials + t) * wide, (row * trials + t + 1) * wide), row * wide);
      }
      return own;
    }),
  }));
}

interface Batch {
  readonly X: Tensor2D;
  readonly targets: Tensor2D;
  /** Share of the rows in the batch: the loss is divided by it, an unbiased estimate of the whole. */
  readonly share: number;
}

interface Batches {
  next(): Batch;
  dispose(): void;
}

/** Full batches, or rows shuffled anew in every epoch by a generator of a fixed seed, the same for all trials. */
function batchesOf(tf: TensorFlow, { rows: { X, n, d }, targets }: TrainingData, size = n): Batches {
  const outputs = targets.length / n;
  const whole = tf.tensor2d(Float32Array.from(X), [n, d]);
  const wanted = tf.tidy(() => tf.transpose(tf.tensor2d(Float32Array.from(targets), [outputs, n])));
  if (size >= n) {
    const batch = { X: whole, targets: wanted, share: 1 };
    return {
      next: () => batch,
      dispose: () => {
        tf.dispose([whole, wanted]);
      },
    };
  }
  const integer = integerGenerator(0);
  const order = Int32Array.from({ length: n }, (_, i) => i);
  let at = n;
  let held: { readonly X: Tensor2D; readonly targets: Tensor2D } | undefined;
  return {
    next: () => {
      if (at + size > n) {
        shuffle(order, integer);
        at = 0;
      }
      if (held) tf.dispose([held.X, held.targets]);
      const indices = tf.tensor1d(order.slice(at, at + size), 'int32');
      held = { X: tf.gather(whole, indices), targets: tf.gather(wanted, indices) };
      indices.dispose();
      at += size;
      return { ...held, share: size / n };
    },
    dispose: () => {
      tf.dispose([whole, wanted]);
      if (held) tf.dispose([held.X, held.targets]);
    },
  };
}

/** Fisher–Yates, in place. */
function shuffle(order: Int32Array, integer: (largest: number) => number): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = integer(i);
    const value = order[i] ?? 0;
    order[i] = order[j] ?? 0;
    order[j] = value;
  }
}

function optimiserOf(tf: TensorFlow, { optimiser, rate }: Descent): Optimizer {
  return optimiser === 'sgd' ? tf.train.sgd(rate) : tf.train.adam(rate);
}

/** Both optimisers keep the rate in a property that their types keep to subclasses. */
function setRate(optimiser: Optimizer, rate: number): void {
  (optimiser as unknown as { learningRate: number }).learningRate = rate;
  // SGD holds its rate in a tensor as well.
  if ('setLearningRate' in optimiser)
    (optimiser as { setLearningRate(rate: number): void }).setLearningRate(rate);
}
