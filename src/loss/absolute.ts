import { diagonalCurvature } from './curvature.js';
import type { Loss } from './loss.js';

/**
 * Absolute loss, ε-insensitive: Σ max(0, |f_i − y_i| − ε), ε ≥ 0, any finite y.
 *
 * Conjugate Σ y_i v_i + ε|v_i| on |v_i| ≤ 1. It has kinks at |f − y| = ε, where the subgradient 0 is taken.
 */
export function absoluteLoss(epsilon: number): Loss {
  return {
    name: 'absolute',
    curvatureBound: Infinity,
    value(f, y) {
      let sum = 0;
      for (let i = 0; i < f.length; i++) sum += Math.max(0, Math.abs(f[i]! - y[i]!) - epsilon);
      return sum;
    },
    gradientInto(out, f, y) {
      for (let i = 0; i < f.length; i++) {
        const residual = f[i]! - y[i]!;
        out[i] = Math.abs(residual) > epsilon ? Math.sign(residual) : 0;
      }
    },
    curvatureToward(u) {
      return diagonalCurvature(new Float64Array(u.length));
    },
    conjugate(v, y) {
      let sum = 0;
      for (let i = 0; i < v.length; i++) {
        const size = Math.abs(v[i]!);
        if (!(size <= 1)) return Infinity;
        sum += size * (epsilon + (v[i]! < 0 ? -y[i]! : y[i]!));
      }
      return sum;
    },
    kinks: {
      prox(a, mu, y) {
        const residual = a - y;
        return Math.sign(residual) * Math.min(1, Math.max(0, Math.abs(residual) - epsilon) / mu);
      },
      lowest: (v, y) => (v > 0 ? y + epsilon : v > -1 ? y - epsilon : -Infinity),
      highest: (v, y) => (v < 0 ? y - epsilon : v < 1 ? y + epsilon : Infinity),
    },
  };
}
