import { z } from 'zod';
import { RelucentError, quoteValue } from '../error.js';
import { numberFields } from '../problem/number-fields.js';
import type { ClassWeight, MultiClass } from './class-targets.js';

/** How more than two classes are told apart unless said otherwise; measured in docs/guide/library.md. */
export const DEFAULT_MULTI_CLASS: MultiClass = 'one-vs-rest';

const ratio = 'a number above 0 and at most 1';

const positive = 'a number > 0 for each class';

/** Options of both estimators, as a schema (zod) with every default; checked by the constructors. */
export const optionsSchema = z.strictObject({
  depth: z.union([z.literal(2), z.literal(3)], '2 or 3').default(2),
  width: numberFields.width.default(4),
  formulation: z.enum(['relu', 'gated'], '"relu" or "gated"').default('relu'),
  decompose: z.boolean('true or false').default(false),
  beta: numberFields.beta.optional(),
  betaRatio: z.number(ratio).positive(ratio).max(1, ratio).default(0.02),
  sample: numberFields.sample.default(200),
  seed: numberFields.seed.default(0),
  bias: z.boolean('true or false').default(true),
  standardize: z.boolean('true or false').default(true),
  tolerance: numberFields.tolerance.default(1e-6),
  timeLimit: numberFields.timeLimit.optional(),
  maxIterations: numberFields.maxIterations.default(100),
  multiClass: z.enum(['softmax', 'one-vs-rest'], '"softmax" or "one-vs-rest"').default(DEFAULT_MULTI_CLASS),
  classWeight: z
    .union(
      [z.literal('balanced'), z.record(z.string(), z.number(positive).positive(positive))],
      '"balanced" or a number > 0 for each class, as { label: weight }',
    )
    .optional(),
  calibration: z.enum(['sigmoid', 'isotonic'], '"sigmoid" or "isotonic"').optional(),
});

/** Every option with its value. */
export type CheckedOptions = z.infer<typeof optionsSchema>;

/** Options of {@link RelucentClassifier} and {@link RelucentRegressor}. */
export interface EstimatorOptions {
  /** Layers of the network: 2 (default) or 3. */
  readonly depth?: 2 | 3;
  /** First-layer neurons m₁ of each sub-network, 1 to 64; depth 3 only. Default 4. */
  readonly width?: number;
  /** `relu` (default, cone constraints) or `gated`. */
  readonly formulation?: 'relu' | 'gated';
  /** Turn a gated solution into a ReLU network by cone decomposition; default false. */
  readonly decompose?: boolean;
  /** Strength β ≥ 0 of the path regularisation on the standardised data. Default: betaRatio · β_max. */
  readonly beta?: number;
  /** β as a share of β_max, above which the zero network is optimal; default 0.02. Ignored when beta is given. */
  readonly betaRatio?: number;
  /** Sub-network patterns to sample; default 200. */
  readonly sample?: number;
  /** Seed of the sampling, default 0. */
  readonly seed?: number;
  /** Append a column of ones; default true. */
  readonly bias?: boolean;
  /** Centre and scale the columns of X, and a regression target, to mean 0 and deviation 1; default true. */
  readonly standardize?: boolean;
  /** Relative duality gap to reach; default 1e-6. */
  readonly tolerance?: number;
  /** Seconds per output; default no limit. */
  readonly timeLimit?: number;
  /** Outer iterations; default 100. */
  readonly maxIterations?: number;
  /** More than two classes: `softmax`, one network with an output for each, or `one-vs-rest`, a network for each. */
  readonly multiClass?: MultiClass;
  /**
   * Weights of classes: `balanced` (the same total for every class) or a number > 0 by label; a class not named has 1. They multiply
   * sample weights. Classifier only.
   */
  readonly classWeight?: ClassWeight;
  /** Calibrates probabilities on out-of-fold scores of 5 folds: Platt's sigmoid or isotonic regression. Classifier only. */
  readonly calibration?: 'sigmoid' | 'isotonic';
}

/**
 * Fills in the defaults.
 * @throws RelucentError `invalid-argument` naming the option, what was expected and what was found.
 */
export function checkOptions(options: EstimatorOptions): CheckedOptions {
  const parsed = optionsSchema.safeParse(options);
  if (parsed.success) {
    if (options.width !== undefined && parsed.data.depth === 2) {
      throw invalid('width', `expected it left out at depth 2, got ${options.width}; set depth: 3`);
    }
    if (parsed.data.decompose && parsed.data.formulation === 'relu') {
      throw invalid('decompose', 'expected formulation "gated", got "relu", which is a ReLU network already');
    }
    return parsed.data;
  }
  const issue = parsed.error.issues[0];
  if (issue?.code === 'unrecognized_keys') {
    const known = Object.keys(optionsSchema.shape).join(', ');
    throw invalid(issue.keys[0] ?? 'options', `expected one of the options ${known}; check the spelling`);
  }
  const name = String(issue?.path[0] ?? 'options');
  const value = (options as Record<string, unknown>)[name];
  throw invalid(name, `expected ${issue?.message ?? 'a valid value'}, got ${quoteValue(value)}`);
}

/** Options with some of them changed. A width that the depth no longer has is dropped. */
export function changedOptions(options: CheckedOptions, changes: EstimatorOptions): EstimatorOptions {
  const { width, ...rest } = options;
  const depth = changes.depth ?? options.depth;
  // Undefined values of the schema's optional fields are as good as absent.
  const given = Object.fromEntries(
    Object.entries({ ...rest, ...(depth === 3 ? { width } : {}), ...changes }).filter(
      ([, value]) => value !== undefined,
    ),
  );
  return given;
}

function invalid(where: string, message: string): RelucentError {
  return new RelucentError('invalid-argument', where, message);
}
