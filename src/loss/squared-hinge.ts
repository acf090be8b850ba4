import type { PiecewiseLoss } from './loss.js';

/**
 * Squared hinge loss Σ max(0, 1 − y_i f_i)² with y_i ∈ {−1, +1}, without ½ as in scikit-learn and LIBLINEAR.
 *
 * Conjugate Σ v_i²/4 + y_i v_i on −y_i v_i ≥ 0.
 */
export const squaredHingeLoss: PiecewiseLoss = {
  kind: 'piecewise',
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
  conjugate(v, y) {
    let sum = 0;
    for (let i = 0; i < v.length; i++) {
      if (!(y[i]! * v[i]! <= 0)) return Infinity;
      sum += v[i]! * (v[i]! / 4 + y[i]!);
    }
    return sum;
  },
  proxGradient(a, tau, y) {
    return (-2 * y * Math.max(0, 1 - y * a)) / (1 + 2 * tau);
  },
  proxSlope(a, tau, y) {
    return y * a < 1 ? 1 / (1 + 2 * tau) : 1;
  },
};
