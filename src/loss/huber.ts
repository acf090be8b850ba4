import { diagonalCurvature } from './curvature.js';
import type { Loss } from './loss.js';

/**
 * Huber loss of the residuals r = f − y, any finite y: Σ ½r² where |r| ≤ δ and δ|r| − ½δ² beyond, δ > 0.
 *
 * Conjugate Σ ½v_i² + y_i v_i on |v_i| ≤ δ: the squared loss with a bounded dual.
 */
export function huberLoss(delta: number): Loss {
  return {
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
    curvatureToward(u, toward, y) {
      const diagonal = new Float64Array(u.length);
      for (let i = 0; i < u.length; i++) {
        const residual = u[i]! - y[i]!;
        const side = residual < 0 ? -1 : 1;
        const clipped = side * residual >= delta;
        const beyond = side * (toward[i]! - y[i]!) >= delta;
        if (clipped) u[i] = beyond ? toward[i]! : y[i]! + side * delta;
        diagonal[i] = clipped && beyond ? 0 : 1;
      }
      return diagonalCurvature(diagonal);
    },
    conjugate(v, y) {
      let sum = 0;
      for (let i = 0; i < v.length; i++) {
        if (!(Math.abs(v[i]!) <= delta)) return Infinity;
        sum += v[i]! * (v[i]! / 2 + y[i]!);
      }
      return sum;
    },
  };
}
