import { dot, norm2 } from '../linalg/vector.js';
import { diagonalCurvature, type Curvature } from '../loss/curvature.js';
import type { Loss, PiecewiseLoss, SmoothLoss } from '../loss/index.js';

/** The term of ψ that the loss makes, at one value of the inner variable w. All vectors have length n·K. */
export interface DualEvaluation {
  /** The dual vector that the groups see. */
  readonly v: Float64Array;
  /** The term's value at v. */
  readonly value: number;
  /** Its derivative in v: the outputs f that the loss asks for. */
  readonly point: Float64Array;
  /** Inverse of its second derivative in v. */
  readonly curvature: Curvature;
}

/**
 * What the loss adds to the function ψ of the dual vector v that an outer step of the augmented Lagrangian minimises, with
 * the variable w in which Newton's method is best run.
 */
export interface DualTerm {
  /** True where the term has centres of its own, which move only if v does. */
  readonly isProximal: boolean;
  /** w after the last outer step. */
  readonly start: Float64Array;
  at(w: Float64Array): DualEvaluation;
  /** w a share `length` along the Newton direction with Δu = `step` in outputs and Δv = `dualStep`. */
  along(w: Float64Array, length: number, step: Float64Array, dualStep: Float64Array): Float64Array;
  /** √ of the proximal terms of the loss at w: how far an outer step that ends there moves. */
  moveLength(w: Float64Array): number;
  /** Ends an outer step at w. */
  moveTo(w: Float64Array): void;
  /** Has the next outer step start at w, where the last one was left unsolved. */
  resumeAt(w: Float64Array): void;
  /** Dual vector of the last outer step, exactly in the domain of 𝓛*. */
  dualIterate(): Float64Array;
  /** Multiplies the proximal parameters of f by `factor`. */
  rescale(factor: number): void;
  /** What a term made by {@link dualTerm} goes on from; copies. */
  state(): DualTermState;
}

export interface DualTermState {
  readonly start: Float64Array;
  /** Of a piecewise loss only. */
  readonly proximal: {
    readonly tau: number;
    readonly mu: number;
    readonly center: Float64Array;
    readonly dual: Float64Array;
  } | null;
}

/**
 * 𝓛*(v) of a smooth loss. Newton works on w = u with v = ∇𝓛(u), so that v never leaves the domain of 𝓛* and no conjugate
 * gradient is needed.
 */
class SmoothDualTerm implements DualTerm {
  readonly isProximal = false;
  private readonly loss: SmoothLoss;
  private readonly y: Float64Array;
  start: Float64Array;

  /** u: outputs to start at. */
  constructor(loss: SmoothLoss, y: Float64Array, u: Float64Array) {
    this.loss = loss;
    this.y = y;
    this.start = Float64Array.from(u);
  }

  at(u: Float64Array): DualEvaluation {
    const { loss, y } = this;
    const v = this.gradient(u);
    // Fenchel–Young with equality: 𝓛*(∇𝓛(u)) = ⟨u, v⟩ − 𝓛(u).
    return { v, value: dot(u, v) - loss.value(u, y), point: u, curvature: loss.curvature(u, y) };
  }

  along(u: Float64Array, length: number, step: Float64Array): Float64Array {
    return u.map((value, i) => value + length * step[i]!);
  }

  moveLength(): number {
    return 0;
  }

  moveTo(u: Float64Array): void {
    this.start = u;
  }

  resumeAt(u: Float64Array): void {
    this.start = u;
  }

  dualIterate(): Float64Array {
    return this.gradient(this.start);
  }

  rescale(): void {
    // There is no proximal term.
  }

  state(): DualTermState {
    return { start: Float64Array.from(this.start), proximal: null };
  }

  private gradient(u: Float64Array): Float64Array {
    const v = new Float64Array(u.length);
    this.loss.gradientInto(v, u, this.y);
    return v;
  }
}

/** μ at the start, as a share of τ; it is needed where prox′ = 0, at the kinks of the absolute loss. Measured in docs/decisions/0002-solver.md. */
const MU_SHARE = 0.3;

/**
 * The term of a piecewise loss with the outputs f as a block of their own, tied to f̄, and v tied to v̄ (proximal
 * method of multipliers on f = Σ_g σ_g A_g z_g, Rockafellar 1976):
 *
 *     max_f ⟨v, f⟩ − 𝓛(f) − ‖f − f̄‖²/2τ  +  (μ/2)‖v − v̄‖²
 *
 * The maximiser is prox_{τ𝓛}(f̄ + τv), so the term is differentiable on all of ℝⁿ: no bound on v that Newton steps could run
 * into, and second derivatives τ·prox′ + μ > 0. w = v. An outer step ends with f̄ ← f, v̄ ← v; its dual iterate is
 * v + (f̄ − f)/τ ∈ ∂𝓛(f), in the domain of 𝓛* exactly.
 */
class PiecewiseDualTerm implements DualTerm {
  readonly isProximal = true;
  private readonly loss: PiecewiseLoss;
  private readonly y: Float64Array;
  private tau: number;
  private mu: number;
  private center: Float64Array;
  private dual: Float64Array;
  start: Float64Array;

  /** u: outputs to start at; v: dual vector to start at, ∇𝓛(u) where not given. */
  constructor(
    loss: PiecewiseLoss,
    y: Float64Array,
    start: { readonly u: Float64Array; readonly tau: number; readonly v?: Float64Array | undefined },
  ) {
    this.loss = loss;
    this.y = y;
    this.tau = start.tau;
    this.mu = MU_SHARE * start.tau;
    this.center = Float64Array.from(start.u);
    this.start = Float64Array.from(start.v ?? start.u);
    if (!start.v) loss.gradientInto(this.start, start.u, y);
    this.dual = this.proxGradient(this.start);
  }

  at(v: Float64Array): DualEvaluation {
    const { loss, y, tau, mu, center } = this;
    const gradient = this.proxGradient(v);
    const diagonal = new Float64Array(v.length);
    const point = new Float64Array(v.length);
    const f = new Float64Array(v.length);
    let squares = 0;
    for (let i = 0; i < v.length; i++) {
      const a = center[i]! + tau * v[i]!;
      f[i] = center[i]! + tau * (v[i]! - gradient[i]!);
      const shift = v[i]! - this.start[i]!;
      point[i] = f[i]! + mu * shift;
      diagonal[i] = 1 / (tau * loss.proxSlope(a, tau, y[i]!) + mu);
      squares += mu * shift ** 2 - tau * (v[i]! - gradient[i]!) ** 2;
    }
    const value = dot(v, f) - loss.value(f, y) + squares / 2;
    return { v, value, point, curvature: diagonalCurvature(diagonal) };
  }

  along(v: Float64Array, length: number, _step: Float64Array, dualStep: Float64Array): Float64Array {
    return v.map((value, i) => value + length * dualStep[i]!);
  }

  moveLength(v: Float64Array): number {
    const gradient = this.proxGradient(v);
    const pull = norm2(v.map((value, i) => value - gradient[i]!));
    return Math.hypot(
      Math.sqrt(this.tau) * pull,
      Math.sqrt(this.mu) * norm2(v.map((value, i) => value - this.start[i]!)),
    );
  }

  moveTo(v: Float64Array): void {
    const { tau, center } = this;
    this.dual = this.proxGradient(v);
    this.center = center.map((value, i) => value + tau * (v[i]! - this.dual[i]!));
    this.start = v;
  }

  resumeAt(): void {
    // v is a centre too: it stays with the others.
  }

  dualIterate(): Float64Array {
    return Float64Array.from(this.dual);
  }

  rescale(factor: number): void {
    this.tau *= factor;
    this.mu /= factor;
  }

  state(): DualTermState {
    const { tau, mu, center, dual, start } = this;
    const proximal = { tau, mu, center: Float64Array.from(center), dual: Float64Array.from(dual) };
    return { start: Float64Array.from(start), proximal };
  }

  /** Goes on from {@link state}. */
  restore({ tau, mu, center, dual }: NonNullable<DualTermState['proximal']>): void {
    this.tau = tau;
    this.mu = mu;
    this.center = Float64Array.from(center);
    this.dual = Float64Array.from(dual);
  }

  /** (a − prox(a))/τ at a = f̄ + τv. */
  private proxGradient(v: Float64Array): Float64Array {
    const { loss, y, tau, center } = this;
    return v.map((value, i) => loss.proxGradient(center[i]! + tau * value, tau, y[i]!));
  }
}

/** The term of any loss; `tau` is for piecewise losses. */
export function dualTerm(
  loss: Loss,
  y: Float64Array,
  start: { readonly u: Float64Array; readonly tau: number; readonly v?: Float64Array | undefined },
): DualTerm {
  return loss.kind === 'smooth'
    ? new SmoothDualTerm(loss, y, start.u)
    : new PiecewiseDualTerm(loss, y, start);
}

/** The term a state was taken from. */
export function restoredDualTerm(loss: Loss, y: Float64Array, { start, proximal }: DualTermState): DualTerm {
  if (loss.kind === 'smooth') return new SmoothDualTerm(loss, y, start);
  if (!proximal) throw new TypeError('a piecewise loss has proximal terms');
  const term = new PiecewiseDualTerm(loss, y, { u: proximal.center, tau: proximal.tau, v: start });
  term.restore(proximal);
  return term;
}
