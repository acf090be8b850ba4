import { z } from 'zod';
import { RelucentError, quoteValue } from '../error.js';
import { kernelNames, type KernelName } from '../kernel/choose-kernel.js';
import type { LossName } from '../loss/index.js';
import { readWidths, type SubNetworkWidths } from './architecture.js';
import { numberFields } from './number-fields.js';

/** A vector in any of the forms accepted at the edge. */
export type NumberVector = readonly number[] | Float64Array | Float32Array | Int32Array;
/** A matrix row-major in one typed array of length rows·columns. */
export interface FlatMatrix {
  readonly values: Float64Array | Float32Array;
  readonly rows: number;
  readonly columns: number;
}
/** A matrix as an array of rows, or flat. */
export type NumberMatrix = readonly NumberVector[] | FlatMatrix;

/**
 * Which activation patterns a network may have: every one that exists; those of `sample` random sub-networks; those found
 * by local search from `adaptive` random starts a round, until none is missing that a search finds; those of given gates.
 */
export type PatternSource =
  | 'all'
  | { readonly sample: number; readonly seed: number }
  | { readonly adaptive: number; readonly seed: number }
  | { readonly gates: NumberMatrix };

/** The bare problem of interface.md: no preprocessing, nothing implicit. Symbols are those of docs/math. */
export interface ProblemInput {
  /** Data, n×d. */
  readonly X: NumberMatrix;
  /** Target, length n: numbers for squared, huber and absolute, else class labels (numbers or strings). */
  readonly y: NumberVector | readonly string[];
  /** β ≥ 0, multiplies Σ φ_k exactly as in the objective. */
  readonly beta: number;
  /** Plain sums over rows, see docs/math; default squared. */
  readonly loss?: LossName;
  /** Huber loss only: residual at which it turns linear, > 0; default 1. */
  readonly huberDelta?: number | undefined;
  /** Absolute loss only: residual up to which nothing is lost, ≥ 0; default 0. */
  readonly epsilon?: number | undefined;
  /** Layers L of the network, 2 to 8; default 2. */
  readonly depth?: number;
  /**
   * [m₁ … m_{L−2}]: how many units of layer l each unit of layer l + 1 reads; their product, the first-layer units of a
   * sub-network, is at most 256. One more entry is the width of the last hidden layer, default 1.
   */
  readonly widths?: readonly number[];
  readonly formulation?: 'relu' | 'gated';
  readonly patterns: PatternSource;
  /** Replace X (with its bias column) by its best approximation of this rank first; the result states what that may cost. */
  readonly rank?: number | null | undefined;
  /** `patterns: "all"`: most regions of weights that one search over all arrangements bounds; default 2 000 000. */
  readonly maxRegions?: number;
  /** Append a column of ones to X; default false. */
  readonly bias?: boolean;
  /** Relative duality gap to reach; default 1e-6, at least 1e-12. */
  readonly tolerance?: number;
  /** Seconds; default no limit. */
  readonly timeLimit?: number;
  /** Outer iterations; default 100. */
  readonly maxIterations?: number;
  /** Threads for large searches over all arrangements, 1 to 64; default 1. The result does not depend on it. */
  readonly threads?: number;
  /**
   * What runs the dense loops; default by the size of the data: the fastest there is, plain JavaScript for small data. `wasm`
   * gives the same bits on every machine.
   */
  readonly kernel?: KernelName | undefined;
}

export const lossNames = [
  'squared',
  'logistic',
  'squared-hinge',
  'huber',
  'absolute',
  'softmax',
] as const satisfies readonly LossName[];

const depths = 'a whole number from 2 to 8';

/** Messages say what was expected; the edge adds the value found. */
const scalarsSchema = z.strictObject({
  X: z.unknown().refine((value) => value !== undefined, 'the data matrix, an array of n rows of d numbers'),
  y: z.unknown().refine((value) => value !== undefined, 'the target, an array of n values'),
  beta: numberFields.beta,
  loss: z.enum(lossNames, `one of ${lossNames.map((name) => `"${name}"`).join(', ')}`).default('squared'),
  huberDelta: numberFields.huberDelta.optional(),
  epsilon: numberFields.epsilon.optional(),
  depth: z.int(depths).min(2, depths).max(8, depths).default(2),
  widths: z.array(numberFields.units, 'an array of depth − 2 whole numbers').default([]),
  formulation: z.enum(['relu', 'gated'], '"relu" or "gated"').default('relu'),
  patterns: z.unknown(),
  rank: numberFields.rank.nullish(),
  maxRegions: numberFields.maxRegions.default(2_000_000),
  bias: z.boolean('true or false').default(false),
  tolerance: numberFields.tolerance.default(1e-6),
  timeLimit: numberFields.timeLimit.optional(),
  maxIterations: numberFields.maxIterations.default(100),
  threads: numberFields.threads.optional(),
  kernel: z.enum(kernelNames, `one of ${kernelNames.map((name) => `"${name}"`).join(', ')}`).optional(),
});

const sampleSchema = z.strictObject({
  sample: numberFields.sample,
  seed: numberFields.seed,
});

const adaptiveSchema = z.strictObject({
  adaptive: numberFields.adaptive,
  seed: numberFields.seed,
});

type Scalars = z.infer<typeof scalarsSchema>;

/** The problem after validation: every default filled in, X and y still in the form given. */
export interface CheckedProblem extends Omit<Scalars, 'X' | 'y' | 'patterns' | 'widths'>, SubNetworkWidths {
  readonly X: NumberMatrix;
  readonly y: NumberVector | readonly string[];
  readonly patterns: ProblemInput['patterns'];
}

/**
 * Validates the shape of a problem; the contents of X, y and the gates are checked where they are read.
 *
 * @throws RelucentError `invalid-problem` naming the field, what was expected and what was found;
 * `unsupported` for a documented option that this version does not have.
 */
export function checkProblem(input: unknown): CheckedProblem {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw invalid('problem', `expected an object with the fields X, y, beta, patterns, got ${kindOf(input)}`);
  }
  const parsed = scalarsSchema.safeParse(input);
  if (!parsed.success) throw issueError(parsed.error.issues[0], input);
  const scalars = parsed.data;
  refuseUnusedParameter('huberDelta', scalars.huberDelta, 'huber', scalars.loss);
  refuseUnusedParameter('epsilon', scalars.epsilon, 'absolute', scalars.loss);
  return {
    ...scalars,
    ...readWidths(scalars.depth, scalars.widths),
    X: scalars.X as NumberMatrix,
    y: scalars.y as NumberVector | readonly string[],
    patterns: checkPatterns(scalars.patterns, scalars.depth),
  };
}

function refuseUnusedParameter(
  field: string,
  value: number | undefined,
  owner: LossName,
  loss: LossName,
): void {
  if (value === undefined || loss === owner) return;
  throw invalid(
    field,
    `expected it left out with "loss": "${loss}", got ${value}; only "loss": "${owner}" uses it`,
  );
}

function checkPatterns(patterns: unknown, depth: number): ProblemInput['patterns'] {
  const forms = '"all", { "sample": 500, "seed": 0 }, { "adaptive": 100, "seed": 0 } or { "gates": [[…]] }';
  if (patterns === 'all') return patterns;
  if (typeof patterns !== 'object' || patterns === null) {
    throw invalid('patterns', `expected ${forms}, got ${quoteValue(patterns)}`);
  }
  if ('gates' in patterns) {
    const extra = Object.keys(patterns).find((key) => key !== 'gates');
    if (extra !== undefined)
      throw invalid(`patterns.${extra}`, 'expected no field beside gates; leave it out');
    if (depth !== 2) {
      throw invalid(
        'patterns.gates',
        `expected depth 2, got ${depth}; deeper down use { "sample": 500, "seed": 0 }`,
      );
    }
    return patterns as { gates: NumberMatrix };
  }
  const schema = 'adaptive' in patterns ? adaptiveSchema : sampleSchema;
  const parsed = schema.safeParse(patterns);
  if (!parsed.success) throw issueError(parsed.error.issues[0], patterns, 'patterns.', schema);
  return parsed.data;
}

function issueError(
  issue: z.core.$ZodIssue | undefined,
  input: unknown,
  prefix = '',
  schema: { readonly shape: object } = scalarsSchema,
): RelucentError {
  if (!issue) return invalid(prefix || 'problem', 'is not valid');
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(schema.shape).join(', ');
    const key = (issue.keys[0] ?? '').replace(/\s+/g, ' ');
    return invalid(
      `${prefix}${key.trim() === '' ? '""' : key}`,
      `expected one of the fields ${known}; check the spelling`,
    );
  }
  const where = prefix + issue.path.map(String).join('.');
  const found = issue.path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
    input,
  );
  return invalid(where, `expected ${issue.message}, got ${quoteValue(found)}`);
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'an array' : value === null ? 'null' : typeof value;
}

function invalid(where: string, message: string): RelucentError {
  return new RelucentError('invalid-problem', where, message);
}
