import type { Curvature } from './curvature.js';

/** Names of the losses. */
export type LossName = 'squared' | 'logistic' | 'squared-hinge' | 'huber' | 'absolute' | 'softmax';

/**
 * A convex loss 𝓛(f, y) = Σ_i ℓ(f_i, y_i): a plain sum over rows, no 1/n.
 *
 * Everything a solver and a certificate need. y has length n, f and v length n·K with K outputs, output-major:
 * f[k·n + i] is output k of row i. K is 1 for all losses but softmax. `v` is a dual vector, v ∈ ∂𝓛(f) at optimality;
 * 𝓛* is the convex conjugate in the first argument, 𝓛*(v) = sup_f ⟨v, f⟩ − 𝓛(f, y) (theory §4, §5).
 */
export interface Loss {
  readonly name: LossName;
  /** 𝓛(f, y). */
  value(f: Float64Array, y: Float64Array): number;
  /** out = ∇𝓛(f), exactly in the domain of 𝓛*; at a kink the subgradient nearest to 0. */
  gradientInto(out: Float64Array, f: Float64Array, y: Float64Array): void;
  /**
   * Curvature ∇²𝓛(u), for solvers that see u only through ∇𝓛(u). Where ∇𝓛 is constant on an interval around u_i, u_i is
   * first moved, in place, to the point of that interval nearest to toward_i; at an end of the interval the curvature
   * is the one on the side of `toward`. So u − toward vanishes where toward has the gradient of u, and is bent elsewhere.
   */
  curvatureToward(u: Float64Array, toward: Float64Array, y: Float64Array): Curvature;
  /** Upper bound of the eigenvalues of ∇²ℓ: the Lipschitz constant of ∇𝓛, +∞ for a loss with kinks. */
  readonly curvatureBound: number;
  /**
   * 𝓛*(v), with a few roundings of relative error per row; +∞ outside its domain, a convex set that contains 0 and every
   * ∇𝓛(f), hence τ·v for every v in it and 0 ≤ τ ≤ 1.
   */
  conjugate(v: Float64Array, y: Float64Array): number;
  /**
   * Moves, in place, a v that is in the domain up to roundings (τ·v of a v in it) exactly into it, each entry by at most two units
   * 2⁻⁵³ of the largest one of its row. Absent where every rounded τ·v is in the domain already.
   */
  roundIntoDomain?(v: Float64Array, y: Float64Array): void;
  /** Given by losses with kinks, which are solved through their Moreau envelope. */
  readonly kinks?: PiecewiseLinearConjugate;
}

/** One row of a loss whose conjugate ℓ* is piecewise linear on its domain. */
export interface PiecewiseLinearConjugate {
  /** argmin_v ℓ*(v) − a·v + (μ/2)·v² for μ > 0, exactly at the kinks of ℓ* where it lies on one. */
  prox(a: number, mu: number, y: number): number;
  /** Smallest and largest f with v ∈ ∂ℓ(f): the interval ∂ℓ*(v), a point between kinks. */
  lowest(v: number, y: number): number;
  highest(v: number, y: number): number;
}
