import { identityCurvature, type Curvature } from './curvature.js';
import type { SmoothLoss } from './loss.js';

/** The curvature is the same at every f: made once for each target. */
const curvatures = new WeakMap<Float64Array, Curvature>();

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
  curvature(f, y) {
    let curvature = curvatures.get(y);
    if (curvature?.diagonal?.length !== f.length) {
      curvature = identityCurvature(f.length);
      curvatures.set(y, curvature);
    }
    return curvature;
  },
  conjugate(v, y) {
    let sum = 0;
    for (let i = 0; i < v.length; i++) sum += v[i]! * (v[i]! / 2 + y[i]!);
    return sum;
  },
};
