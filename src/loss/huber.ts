import type { PiecewiseLoss } from './loss.js';

/**
 * Huber loss of the residuals r = f − y, any finite y: Σ ½r² where |r| ≤ δ and δ|r| − ½δ² beyond, δ > 0.
 *
 * Conjugate Σ ½v_i² + y_i v_i on |v_i| ≤ δ: the squared loss with a bounded dual.
 */
export function huberLoss(delta: number): PiecewiseLoss {
  return {
    kind: 'piecewise',
    name: 'huber',
    curvatureBound: 1,
    value(f, y) {
      let sum = 0;
      for (let i = 0; i < f.length; i++) {
        const size = Math.abs(f[i]! - y[i]!);
        sum += size <= delta ? size ** 2 / 2 : delta * (size - delta / 2);
      }
      return sum;
    },
    gradientInto(out, f, y) {
      for (let i = 0; i < f.length; i++) out[i] = Math.max(-delta, Math.min(delta, f[i]! - y[i]!));
    },
    conjugate(v, y) {
      let sum = 0;
      for (let i = 0; i < v.length; i++) {
        if (!(Math.abs(v[i]!) <= delta)) return Infinity;
        sum += v[i]! * (v[i]! / 2 + y[i]!);
      }
      return sum;
    },
    proxGradient(a, tau, y) {
      return Math.max(-delta, Math.min(delta, (a - y) / (1 + tau)));
    },
    proxSlope(a, tau, y) {
      return Math.abs(a - y) < delta * (1 + tau) ? 1 / (1 + tau) : 1;
    },
  };
}
