import { absoluteLoss } from './absolute.js';
import { huberLoss } from './huber.js';
import { logisticLoss } from './logistic.js';
import type { Loss, LossName } from './loss.js';
import { softmaxLoss } from './softmax.js';
import { squaredHingeLoss } from './squared-hinge.js';
import { squaredLoss } from './squared.js';

export { withWeights } from './weighted.js';
export type { Curvature } from './curvature.js';
export type { Loss, LossName, PiecewiseLoss, SmoothLoss } from './loss.js';

/** Parameters of the losses that have one. */
export interface LossParameters {
  /** δ > 0 of the Huber loss; default 1. */
  readonly huberDelta?: number | undefined;
  /** ε ≥ 0 of the absolute loss; default 0. */
  readonly epsilon?: number | undefined;
}

/** The loss of that name; parameters of other losses are ignored. */
export function lossNamed(name: LossName, { huberDelta = 1, epsilon = 0 }: LossParameters = {}): Loss {
  switch (name) {
    case 'squared':
      return squaredLoss;
    case 'logistic':
      return logisticLoss;
    case 'squared-hinge':
      return squaredHingeLoss;
    case 'huber':
      return huberLoss(huberDelta);
    case 'absolute':
      return absoluteLoss(epsilon);
    case 'softmax':
      return softmaxLoss;
  }
}
