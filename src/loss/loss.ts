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
export type Loss = SmoothLoss | PiecewiseLoss;

interface AnyLoss {
  readonly name: LossName;
  /** 𝓛(f, y). */
  value(f: Float64Array, y: Float64Array): number;
  /** out = ∇𝓛(f), exactly in the domain of 𝓛*; at a kink the subgradient nearest to 0. */
  gradientInto(out: Float64Array, f: Float64Array, y: Float64Array): void;
  /** Upper bound of the eigenvalues of ∇²ℓ: the Lipschitz constant of ∇𝓛, +∞ for a loss with kinks. */
  readonly curvatureBound: number;
  /**
   * 𝓛*(v), with a few roundings of relative error per row; +∞ outside its domain, a convex set that contains 0 and every
   * ∇𝓛(f), hence τ·v for every v in it and 0 ≤ τ ≤ 1.
   */
  conjugate(v: Float64Array, y: Float64Array): number;
  /**
   * Moves, in place, a v that is in the domain up to roundings (τ·v of a v in it) exactly into it, each entry by at most
   * 4K units 2⁻⁵³ of the largest one of its row. Absent where every rounded τ·v is in the domain already.
   */
  roundIntoDomain?(v: Float64Array, y: Float64Array): void;
  /** The loss of row i alone, where rows differ by more than f_i and y_i: with weights. */
  rowLoss?(i: number): Loss;
}

/** A loss that is twice differentiable with ∇²𝓛 > 0 where it matters: Newton's method works on f. */
export interface SmoothLoss extends AnyLoss {
  readonly kind: 'smooth';
  /** ∇²𝓛(f). */
  curvature(f: Float64Array, y: Float64Array): Curvature;
}

/**
 * A loss of one output, each row piecewise linear or quadratic. ∇²𝓛 jumps and vanishes on whole intervals, and dual
 * vectors lie on the boundary of the domain of 𝓛*: Newton's method needs the loss through its proximal operator.
 */
export interface PiecewiseLoss extends AnyLoss {
  readonly kind: 'piecewise';
  /**
   * (a − prox(a))/τ with prox(a) = argmin_f ℓ(f, y) + (f − a)²/2τ, τ > 0: the subgradient of ℓ at prox(a), exactly in the
   * domain of ℓ*.
   */
  proxGradient(a: number, tau: number, y: number): number;
  /** Derivative of prox at a, in [0, 1]; at a kink that of one side. */
  proxSlope(a: number, tau: number, y: number): number;
}
