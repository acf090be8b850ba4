/** Names of the losses of this version. */
export type LossName = 'squared' | 'logistic';

/**
 * A convex, differentiable loss 𝓛(f, y) = Σ_i ℓ(f_i, y_i): a plain sum over rows, no 1/n.
 *
 * Everything a solver and a certificate need, on vectors of length n. `v` is a dual vector, v = ∇𝓛(f) at optimality.
 * 𝓛* is the convex conjugate in the first argument, 𝓛*(v) = sup_f ⟨v, f⟩ − 𝓛(f, y) (theory §4, §5).
 */
export interface Loss {
  readonly name: LossName;
  /** 𝓛(f, y). */
  value(f: Float64Array, y: Float64Array): number;
  /** out = ∇𝓛(f). */
  gradientInto(out: Float64Array, f: Float64Array, y: Float64Array): void;
  /** out = diagonal of ∇²𝓛(f), every entry in [0, curvatureBound]. */
  curvatureInto(out: Float64Array, f: Float64Array, y: Float64Array): void;
  /** Upper bound of ∂²ℓ/∂f²: the Lipschitz constant of ∇𝓛. */
  readonly curvatureBound: number;
  /** 𝓛*(v); +∞ outside its domain, a convex set that contains 0 and every ∇𝓛(f). */
  conjugate(v: Float64Array, y: Float64Array): number;
}
