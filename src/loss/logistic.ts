import { diagonalCurvature } from './curvature.js';
import type { SmoothLoss } from './loss.js';

/** log(1 + eᵗ) without overflow. */
function softplus(t: number): number {
  return t > 0 ? t + Math.log1p(Math.exp(-t)) : Math.log1p(Math.exp(t));
}

/** 1/(1 + e⁻ᵗ), with full relative precision where it is tiny. */
export function sigmoid(t: number): number {
  return t < 0 ? Math.exp(t) / (1 + Math.exp(t)) : 1 / (1 + Math.exp(-t));
}

/** p·log p, continued by 0 at p = 0. */
function entropyTerm(p: number): number {
  return p > 0 ? p * Math.log(p) : 0;
}

/**
 * Logistic loss Σ log(1 + exp(−y_i f_i)) with y_i ∈ {−1, +1}.
 *
 * With p_i = −y_i v_i the conjugate is Σ p log p + (1 − p) log(1 − p) on 0 ≤ p ≤ 1: minus the entropy.
 */
export const logisticLoss: SmoothLoss = {
  kind: 'smooth',
  name: 'logistic',
  curvatureBound: 1 / 4,
  value(f, y) {
    let sum = 0;
    for (let i = 0; i < f.length; i++) sum += softplus(-y[i]! * f[i]!);
    return sum;
  },
  gradientInto(out, f, y) {
    for (let i = 0; i < f.length; i++) {
      out[i] = -y[i]! * sigmoid(-y[i]! * f[i]!);
    }
  },
  curvature(f) {
    return diagonalCurvature(f.map((value) => sigmoid(value) * sigmoid(-value)));
  },
  conjugate(v, y) {
    let sum = 0;
    for (let i = 0; i < v.length; i++) {
      const p = -y[i]! * v[i]!;
      if (!(p >= 0 && p <= 1)) return Infinity;
      sum += entropyTerm(p) + (p < 1 ? (1 - p) * Math.log1p(-p) : 0);
    }
    return sum;
  },
};
