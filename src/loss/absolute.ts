import type { PiecewiseLoss } from './loss.js';

/**
 * Absolute loss, ε-insensitive: Σ max(0, |f_i − y_i| − ε), ε ≥ 0, any finite y.
 *
 * Conjugate Σ y_i v_i + ε|v_i| on |v_i| ≤ 1. It has kinks at |f − y| = ε, where the subgradient 0 is taken.
 */
export function absoluteLoss(epsilon: number): PiecewiseLoss {
  return {
    kind: 'piecewise',
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
    conjugate(v, y) {
      let sum = 0;
      for (let i = 0; i < v.length; i++) {
        const size = Math.abs(v[i]!);
        if (!(size <= 1)) return Infinity;
        sum += size * (epsilon + (v[i]! < 0 ? -y[i]! : y[i]!));
      }
      return sum;
    },
    proxGradient(a, tau, y) {
      const residual = a - y;
      return Math.sign(residual) * Math.min(1, Math.max(0, Math.abs(residual) - epsilon) / tau);
    },
    proxSlope(a, tau, y) {
      const beyond = Math.abs(a - y) - epsilon;
      return beyond > 0 && beyond < tau ? 0 : 1;
    },
  };
}
