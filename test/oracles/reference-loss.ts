import type { LossName } from '../../src/loss/index.js';

/** One row of a loss by its textbook formula; f has one number per output. */
export interface ReferenceLoss {
  /** Upper bound of the second derivatives. */
  readonly curvature: number;
  value(f: readonly number[], y: number): number;
  gradient(f: readonly number[], y: number): readonly number[];
}

/** Losses of one output. */
function scalar(
  curvature: number,
  value: (f: number, y: number) => number,
  derivative: (f: number, y: number) => number,
): ReferenceLoss {
  return {
    curvature,
    value: (f, y) => value(f[0]!, y),
    gradient: (f, y) => [derivative(f[0]!, y)],
  };
}

/** The losses with the default parameters of `lossNamed`. */
export const referenceLosses: Record<LossName, ReferenceLoss> = {
  absolute: scalar(
    Infinity,
    (f, y) => Math.abs(f - y),
    (f, y) => Math.sign(f - y),
  ),
  squared: scalar(
    1,
    (f, y) => (f - y) ** 2 / 2,
    (f, y) => f - y,
  ),
  logistic: scalar(
    1 / 4,
    (f, y) => Math.log(1 + Math.exp(-y * f)),
    (f, y) => -y / (1 + Math.exp(y * f)),
  ),
  'squared-hinge': scalar(
    2,
    (f, y) => (y * f < 1 ? (1 - y * f) ** 2 : 0),
    (f, y) => (y * f < 1 ? -2 * y * (1 - y * f) : 0),
  ),
  huber: scalar(
    1,
    (f, y) => (Math.abs(f - y) <= 1 ? (f - y) ** 2 / 2 : Math.abs(f - y) - 1 / 2),
    (f, y) => (Math.abs(f - y) <= 1 ? f - y : f > y ? 1 : -1),
  ),
  softmax: {
    curvature: 1 / 2,
    value: (f, y) => Math.log(total(f)) - f[y]!,
    gradient: (f, y) => f.map((value, k) => Math.exp(value) / total(f) - (k === y ? 1 : 0)),
  },
};

function total(f: readonly number[]): number {
  return f.reduce((sum, value) => sum + Math.exp(value), 0);
}
