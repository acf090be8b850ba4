import type { CalibrationMethod } from '../estimator/calibration.js';
import type { SelectionRule } from '../estimator/choose-model.js';
import type { ClassWeight, MultiClass } from '../estimator/class-targets.js';
import type { Task } from '../table/target.js';

/** Options of {@link trainTable}. Numbers are checked by the estimators and the splitter, each with a clear line. */
export interface TrainOptions {
  /** Column to predict. */
  readonly target: string;
  /** Default: inferred from the target's values. */
  readonly task?: Task;
  /** Columns to leave out. */
  readonly drop?: readonly string[];
  /** Columns whose numbers are categories. */
  readonly categorical?: readonly string[];
  /** Share of the rows held out for the test score, in [0, 1). */
  readonly testFraction: number;
  /** Seed of the split, the folds and the sampled patterns. */
  readonly seed: number;
  readonly depth: 2 | 3;
  /** First-layer neurons of each sub-network, depth 3 only. */
  readonly width?: number;
  readonly formulation: 'relu' | 'gated';
  /** Rewrite a gated solution as a ReLU network. */
  readonly decompose: boolean;
  /** Sub-network patterns to sample. */
  readonly sample: number;
  /** Strength β ≥ 0; no cross-validation then. */
  readonly beta?: number;
  /** β as a share of β_max, in (0, 1]; no cross-validation then. */
  readonly betaRatio?: number;
  /** Folds of the cross-validation; fewer are used when a class, or the table, is too small. */
  readonly folds: number;
  /** Depths to choose from by cross-validation, in place of `depth`. */
  readonly depths?: readonly (2 | 3)[];
  /** Widths to choose from at depth 3, with `depths`; default 2 and 4. */
  readonly widths?: readonly number[];
  /** How the curve of the cross-validation is read; default `best`. */
  readonly selection?: SelectionRule;
  /** Outer folds of a nested cross-validation of the whole choice, on the training rows; default none. */
  readonly nested?: number;
  /** How more than two classes are told apart; default {@link DEFAULT_MULTI_CLASS} of the estimators. */
  readonly multiClass?: MultiClass;
  /** Calibrates the probabilities of a classifier on out-of-fold scores; default none. */
  readonly calibration?: CalibrationMethod;
  readonly classWeight?: ClassWeight;
  /** Column that holds the weight ≥ 0 of each row; it is no input. */
  readonly weights?: string;
  /** Relative duality gap to reach. */
  readonly tolerance: number;
  /**
   * Seconds for choosing β and training together. Cross-validation may use 60 % of it; cut short, it is replaced by the
   * default β.
   */
  readonly timeLimit?: number;
}

/** Defaults, chosen so that a table of some hundred rows takes seconds; measured times in the README. */
export const TRAIN_DEFAULTS = {
  testFraction: 0.25,
  seed: 0,
  depth: 2,
  formulation: 'relu',
  decompose: false,
  sample: 200,
  folds: 5,
  tolerance: 1e-6,
} as const satisfies Omit<TrainOptions, 'target'>;

/** Width of depth-3 sub-networks unless `width` says otherwise. */
export const DEFAULT_WIDTH = 4;

/** Widths to choose from where only depths are given. */
export const DEFAULT_WIDTHS: readonly number[] = [2, 4];

/** Share of β_max used where cross-validation is impossible. */
export const FALLBACK_RATIO = 0.02;

/** Share of the time limit that choosing β may use. */
export const CV_TIME_SHARE = 0.6;

/** Most training rows. Measured up to 59 400 rows of 8 columns: 40 s and 320 MB for one β (docs/benchmarks.md). */
export const MAX_TRAIN_ROWS = 100_000;
