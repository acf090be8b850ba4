import { diagonalCurvature } from './curvature.js';
import type { Loss } from './loss.js';

/**
 * Moreau envelope of a loss with kinks, recentred at the dual vector v̄ (length n, kept, not copied):
 *
 *     Ľ(u) = max_v ⟨u, v⟩ − 𝓛*(v) − (μ/2)‖v − v̄‖²  =  min_f 𝓛(f) + ‖u + μv̄ − f‖²/2μ − (μ/2)‖v̄‖²
 *
 * Smooth with curvature 0 or 1/μ; ∇Ľ(u), the maximising v, is in the domain of 𝓛*. Its conjugate is 𝓛* plus the proximal
 * term (μ/2)‖v − v̄‖², so an augmented Lagrangian method with Ľ for 𝓛 that moves v̄ to its dual iterate after every outer
 * step is the proximal method of multipliers (Rockafellar 1976).
 */
export function moreauEnvelope(loss: Loss, mu: number, center: Float64Array): Loss {
  const { kinks } = loss;
  if (!kinks) throw new Error(`the ${loss.name} loss is smooth and needs no envelope`);
  const gradientInto = (out: Float64Array, u: Float64Array, y: Float64Array): void => {
    for (let i = 0; i < u.length; i++) out[i] = kinks.prox(u[i]! + mu * center[i]!, mu, y[i]!);
  };
  const conjugate = (v: Float64Array, y: Float64Array): number => {
    let squares = 0;
    for (let i = 0; i < v.length; i++) squares += (v[i]! - center[i]!) ** 2;
    return loss.conjugate(v, y) + (mu / 2) * squares;
  };
  return {
    name: loss.name,
    curvatureBound: 1 / mu,
    value(u, y) {
      const v = new Float64Array(u.length);
      gradientInto(v, u, y);
      let product = 0;
      for (let i = 0; i < u.length; i++) product += u[i]! * v[i]!;
      return product - conjugate(v, y);
    },
    gradientInto,
    curvatureToward(u, toward, y) {
      const diagonal = new Float64Array(u.length);
      for (let i = 0; i < u.length; i++) {
        const v = kinks.prox(u[i]! + mu * center[i]!, mu, y[i]!);
        const shift = mu * (v - center[i]!);
        const low = kinks.lowest(v, y[i]!) + shift;
        const high = kinks.highest(v, y[i]!) + shift;
        const isFlat = low < high;
        if (isFlat) u[i] = Math.min(high, Math.max(low, toward[i]!));
        diagonal[i] = isFlat && toward[i]! >= low && toward[i]! <= high ? 0 : 1 / mu;
      }
      return diagonalCurvature(diagonal);
    },
    conjugate,
  };
}
