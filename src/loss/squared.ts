import { diagonalCurvature } from './curvature.js';
import type { SmoothLoss } from './loss.js';

/** Squared loss ½‖f − y‖², any finite y. Conjugate ½‖v‖² + ⟨v, y⟩ on all of ℝⁿ. */
export const squaredLoss: SmoothLoss = {
  kind: 'smooth',
  name: 'squared',
  curvatureBound: 1,
  value(f, y) {
    let sum = 0;
    for (let i = 0; i < f.length; i++) sum += (f[i]! - y[i]!) ** 2;
    return sum / 2;
  },
  gradientInto(out, f, y) {
    for (let i = 0; i < f.length; i++) out[i] = f[i]! - y[i]!;
  },
  curvature(f) {
    return diagonalCurvature(new Float64Array(f.length).fill(1));
  },
  conjugate(v, y) {
    let sum = 0;
    for (let i = 0; i < v.length; i++) sum += v[i]! * (v[i]! / 2 + y[i]!);
    return sum;
  },
};
