import type { Calibration } from './calibration.js';
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
  /** Whether rows had weights, their own or those of their classes: the certificate is then about the weighted loss. */
  readonly weighted: boolean;
  /** How a classifier's scores become probabilities; null where they are taken as they come. */
  readonly calibration: Calibration | null;
}
