import { logisticLoss } from './logistic.js';
import type { Loss, LossName } from './loss.js';
import { squaredLoss } from './squared.js';

export type { Loss, LossName } from './loss.js';

/** The loss of that name. */
export function lossNamed(name: LossName): Loss {
  switch (name) {
    case 'squared':
      return squaredLoss;
    case 'logistic':
      return logisticLoss;
  }
}
