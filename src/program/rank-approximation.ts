import type { Rows } from '../arrangement/sub-network-pattern.js';
import { coordinatesIn, rowSpaceOf } from '../linalg/row-space.js';
import type { Loss } from '../loss/index.js';

/** Covers the rounding of a singular value decomposition, relative to the largest singular value. */
const SVD_MARGIN = 1e-13;

/** The best approximation of X of some rank, and how far it is from X. */
export interface RankApproximation {
  /** X_κ, n×d. */
  readonly rows: Rows;
  readonly rank: number;
  /** σ_{κ+1} = ‖X − X_κ‖₂, rounding covered; 0 where X has rank κ. */
  readonly singularValue: number;
}

/** X_κ by singular value decomposition; X itself where its rank is at most κ. */
export function approximateRank(rows: Rows, rank: number): RankApproximation {
  const { X, n, d } = rows;
  const space = rowSpaceOf(X, n, d);
  if (space.rank <= rank) return { rows, rank: space.rank, singularValue: 0 };
  const basis = space.basis.subarray(0, rank * d);
  const inside = coordinatesIn(basis, rank, X, n, d);
  const approximate = new Float64Array(n * d);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < rank; k++) {
      const along = inside[i * rank + k]!;
      for (let t = 0; t < d; t++) approximate[i * d + t]! += along * basis[k * d + t]!;
    }
  }
  const [largest = 0] = space.singularValues;
  return {
    rows: { X: approximate, n, d },
    rank,
    singularValue: (space.singularValues[rank] ?? 0) + Math.max(n, d) * SVD_MARGIN * largest,
  };
}

/**
 * What replacing X by X_κ can change. For every network f and its path norms, ‖f(X) − f(X_κ)‖ ≤ q·Σφ with q = √leaves ·
 * σ_{κ+1} (√(m₁m₂)·σ_{κ+1} in the paper). So an objective of value P for the one data is at most grow(P) for the other:
 *
 *     P·(1 + R·q/β)                for a loss with Lipschitz constant R (logistic, absolute: √n; Huber: δ√n; softmax: √(2n))
 *     P·(1 + √c·q·√P/β)²           for 𝓛 = c·s² with s Lipschitz with constant 1 (squared: c = ½, squared hinge: c = 1)
 *
 * The first is the paper's; the second follows in the same way from s(f(X)) ≤ s(f(X_κ)) + q·Σφ, s ≤ √(P/c), Σφ ≤ P/β.
 */
export class RankBound {
  private readonly loss: Loss;
  /** q/β. */
  private readonly ratio: number;
  private readonly lipschitz: number | null;

  constructor(loss: Loss, n: number, q: number, beta: number) {
    this.loss = loss;
    this.ratio = q === 0 ? 0 : q / beta;
    this.lipschitz = lipschitzConstant(loss, n);
  }

  /** Most that an objective P can become. */
  grow(P: number): number {
    if (this.lipschitz !== null) return P * (1 + this.lipschitz * this.ratio);
    return P * (1 + this.rootRatio() * Math.sqrt(P)) ** 2;
  }

  /** Least P with grow(P) ≥ D: turns a lower bound for one data into one for the other. */
  shrink(D: number): number {
    if (!(D > 0)) return D;
    if (this.lipschitz !== null) return D / (1 + this.lipschitz * this.ratio);
    const root = Math.sqrt(D);
    return ((2 * root) / (1 + Math.sqrt(1 + 4 * this.rootRatio() * root))) ** 2;
  }

  /**
   * A factor F, known before the solve, with P* ≤ P_κ ≤ F·P* where P_κ is the objective on X of the network trained on X_κ:
   * the paper's (1 + R·q/β)², or (1 + √c·q·√𝓛(0)/β)⁴ as P* ≤ 𝓛(0).
   */
  factor(atZero: number): number {
    if (this.lipschitz !== null) return (1 + this.lipschitz * this.ratio) ** 2;
    return (1 + this.rootRatio() * Math.sqrt(atZero)) ** 4;
  }

  private rootRatio(): number {
    return Math.sqrt(this.loss.name === 'squared' ? 0.5 : 1) * this.ratio;
  }
}

/** sup ‖∇𝓛‖₂, or null where the loss grows like a square. */
function lipschitzConstant(loss: Loss, n: number): number | null {
  switch (loss.name) {
    case 'squared':
    case 'squared-hinge':
      return null;
    case 'logistic':
    case 'absolute':
      return Math.sqrt(n);
    case 'softmax':
      return Math.sqrt(2 * n);
    case 'huber': {
      // The gradient of the Huber loss far from its target is δ.
      const gradient = new Float64Array(1);
      loss.gradientInto(gradient, Float64Array.of(1e100), Float64Array.of(0));
      return gradient[0]! * Math.sqrt(n);
    }
  }
}
