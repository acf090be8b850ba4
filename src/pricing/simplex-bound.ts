import { dotAt } from '../linalg/vector.js';

/** A bound this much above another counts as no improvement; also the least positive pivot of a Gram matrix. */
const TINY = 1e-14;

/**
 * Upper bound of max { Σ_k λ_k b_k : λ ≥ 0, ‖Σ_k λ_k p_k‖ ≤ 1 } for unit rays p_k (row-major, rays·dims) and values b_k.
 *
 * Any y with ⟨p_k, y⟩ ≥ b_k for every k gives the bound ‖y‖. Two y are tried: the sum of the rays, and, where that does
 * not reach down to `enough`, the maximiser itself (the projection of the linear function onto the cone, found by
 * dropping rays with negative weight), each scaled until it satisfies every inequality: so the bound holds whatever the
 * rounding in y. Cost O(rays²·dims + rays³).
 */
export class SimplexBound {
  private readonly rays: number;
  private readonly dims: number;
  private readonly gram: Float64Array;
  private readonly factor: Float64Array;
  readonly weights: Float64Array;
  private readonly y: Float64Array;

  constructor(rays: number, dims: number) {
    this.rays = rays;
    this.dims = dims;
    this.gram = new Float64Array(rays * rays);
    this.factor = new Float64Array(rays * rays);
    this.weights = new Float64Array(rays);
    this.y = new Float64Array(dims);
  }

  bound(p: Float64Array, b: Float64Array, enough: number): number {
    const { rays, dims, y, weights } = this;
    let most = -Infinity;
    for (let k = 0; k < rays; k++) most = Math.max(most, b[k]!);
    if (most <= 0) return 0;
    y.fill(0);
    for (let c = 0; c < rays * dims; c++) y[c % dims]! += p[c]!;
    const rough = this.scaledLength(p, b);
    if (rough <= enough) return rough;
    this.solveWeights(p, b);
    y.fill(0);
    for (let k = 0; k < rays; k++) {
      if (weights[k]! === 0) continue;
      for (let t = 0; t < dims; t++) y[t]! += weights[k]! * p[k * dims + t]!;
    }
    return Math.min(rough, this.scaledLength(p, b));
  }

  /** ‖s·y‖ for the least s with s·⟨p_k, y⟩ ≥ b_k for every k; Infinity when there is none. */
  private scaledLength(p: Float64Array, b: Float64Array): number {
    const { rays, dims, y } = this;
    let scale = 0;
    let ceiling = Infinity;
    for (let k = 0; k < rays; k++) {
      const along = dotAt(p, k * dims, y, 0, dims);
      if (along > 0) scale = Math.max(scale, b[k]! / along);
      else if (b[k]! > 0) return Infinity;
      else if (along < 0) ceiling = Math.min(ceiling, b[k]! / along);
    }
    return scale <= ceiling ? scale * Math.sqrt(dotAt(y, 0, y, 0, dims)) : Infinity;
  }

  /** λ of the maximiser (up to scale): the Gram system on the rays kept, dropping the most negative weight. */
  private solveWeights(p: Float64Array, b: Float64Array): void {
    const { rays, dims, gram, weights } = this;
    for (let k = 0; k < rays; k++) {
      for (let l = 0; l <= k; l++) gram[k * rays + l] = dotAt(p, k * dims, p, l * dims, dims);
    }
    const kept = Array.from({ length: rays }, (_, k) => k);
    while (kept.length > 0) {
      weights.fill(0);
      if (!this.solveKept(kept, b)) return;
      let worst = -1;
      for (let c = 0; c < kept.length; c++) {
        if (weights[kept[c]!]! < 0 && (worst < 0 || weights[kept[c]!]! < weights[kept[worst]!]!)) worst = c;
      }
      if (worst < 0) return;
      kept.splice(worst, 1);
    }
    weights.fill(0);
  }

  /** Cholesky solve of gram[kept, kept]·w = b[kept] into `weights`; false when the rays are dependent. */
  private solveKept(kept: readonly number[], b: Float64Array): boolean {
    const { rays, gram, factor, weights } = this;
    const m = kept.length;
    for (let i = 0; i < m; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = gram[kept[i]! * rays + kept[j]!]!;
        for (let t = 0; t < j; t++) sum -= factor[i * rays + t]! * factor[j * rays + t]!;
        if (j < i) factor[i * rays + j] = sum / factor[j * rays + j]!;
        else if (sum > TINY) factor[i * rays + i] = Math.sqrt(sum);
        else return false;
      }
    }
    for (let i = 0; i < m; i++) {
      let sum = b[kept[i]!]!;
      for (let t = 0; t < i; t++) sum -= factor[i * rays + t]! * weights[kept[t]!]!;
      weights[kept[i]!] = sum / factor[i * rays + i]!;
    }
    for (let i = m - 1; i >= 0; i--) {
      let sum = weights[kept[i]!]!;
      for (let t = i + 1; t < m; t++) sum -= factor[t * rays + i]! * weights[kept[t]!]!;
      weights[kept[i]!] = sum / factor[i * rays + i]!;
    }
    return true;
  }
}
