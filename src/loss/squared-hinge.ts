import { diagonalCurvature } from './curvature.js';
import type { Loss } from './loss.js';

/**
 * Squared hinge loss Σ max(0, 1 − y_i f_i)² with y_i ∈ {−1, +1}, without ½ as in scikit-learn and LIBLINEAR.
 *
 * Conjugate Σ v_i²/4 + y_i v_i on −y_i v_i ≥ 0.
 */
export const squaredHingeLoss: Loss = {
  name: 'squared-hinge',
  curvatureBound: 2,
  value(f, y) {
    let sum = 0;
    for (let i = 0; i < f.length; i++) sum += Math.max(0, 1 - y[i]! * f[i]!) ** 2;
    return sum;
  },
  gradientInto(out, f, y) {
    for (let i = 0; i < f.length; i++) out[i] = -2 * y[i]! * Math.max(0, 1 - y[i]! * f[i]!);
  },
  curvatureToward(u, toward, y) {
    const diagonal = new Float64Array(u.length);
    for (let i = 0; i < u.length; i++) {
      const margin = y[i]! * u[i]!;
      const goal = y[i]! * toward[i]!;
      if (margin >= 1) u[i] = y[i]! * Math.max(1, goal);
      diagonal[i] = margin < 1 || goal < 1 ? 2 : 0;
    }
    return diagonalCurvature(diagonal);
  },
  conjugate(v, y) {
    let sum = 0;
    for (let i = 0; i < v.length; i++) {
      if (!(y[i]! * v[i]! <= 0)) return Infinity;
      sum += v[i]! * (v[i]! / 4 + y[i]!);
    }
    return sum;
  },
};
