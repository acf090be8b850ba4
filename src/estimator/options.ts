import { z } from 'zod';
import { RelucentError, quoteValue } from '../error.js';
import { numberFields } from '../problem/number-fields.js';

const ratio = 'a number above 0 and at most 1';

/** Options of both estimators, checked by the constructors; nothing is changed until `fit`. */
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

function invalid(where: string, message: string): RelucentError {
  return new RelucentError('invalid-argument', where, message);
}
