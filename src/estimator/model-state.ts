import type { CheckedOptions } from './options.js';
import type { FittedOutput } from './output.js';
import type { Scaling } from './scaling.js';

/** Everything a trained model consists of. */
export interface ModelState {
  readonly options: CheckedOptions;
  readonly scaling: Scaling | null;
  /** Columns of X, without the bias. */
  readonly columns: number;
  /** Centre and scale of a regression target; null for a classifier. */
  readonly target: { readonly mean: number; readonly scale: number } | null;
  readonly outputs: readonly FittedOutput[];
}
