import { checkWeighted } from '../checks.js';
import { PANEL, DEPTH, type KernelInstance } from './kernel-instance.js';
import { roundUp, spreadStride, type StoredMatrix } from './stored-matrix.js';
import {
  depthFor,
  packPairs,
  pairBytes,
  panelBytes,
  runUpdate,
  symmetricBytes,
  wholeTriangle,
} from './symmetric-updates.js';

/** XXᵀ of a workspace, formed when it is first asked for. */
export class GramMatrix {
  private readonly matrix: StoredMatrix;
  private address = 0;

  constructor(matrix: StoredMatrix) {
    this.matrix = matrix;
  }

  /**
   * H += Σ_c w_c (m_c m_cᵀ) ∘ XXᵀ. Cost n²·count flops, and n²·d once.
   *
   * @throws RelucentError where H is not of order n or a weight is not ≥ 0.
   */
  addMasked(
    instance: KernelInstance,
    { h, order }: { readonly h: number; readonly order: number },
    masks: readonly Uint32Array[],
    weights: Float64Array,
  ): void {
    const { n, paddedRows } = this.matrix;
    checkWeighted(order, n, { masks, weights });
    if (masks.length === 0) return;
    const times = this.formed(instance);
    const atOnce = depthFor(n);
    const words = Math.ceil(n / 32);
    for (let c = 0; c < masks.length; c += atOnce) {
      const depth = Math.min(atOnce, masks.length - c);
      const [source, roots, pairs, panels] = instance.scratch([
        depth * words * 4 + 8,
        depth * 8,
        pairBytes(n, depth),
        panelBytes(paddedRows, depth),
      ]);
      const { u32, f64 } = instance.memory;
      for (let k = 0; k < depth; k++) {
        u32.set(masks[c + k]!.subarray(0, words), source / 4 + k * words);
        f64[roots / 8 + k] = Math.sqrt(weights[c + k]!);
      }
      packPairs(instance, 'packMasks', {
        ...{ source, sourceStride: words * 4, rows: n, columns: depth, pairs, roots },
      });
      const stride = spreadStride(depth);
      const update = { h, times, alpha: 1, depth, pairs, stride, panels };
      runUpdate(instance, { ...update, ...wholeTriangle(paddedRows, pairs, stride) });
    }
  }

  private formed(instance: KernelInstance): number {
    if (this.address > 0) return this.address;
    const { n, d, paddedRows, single } = this.matrix;
    const bytes = symmetricBytes(n);
    const h = instance.memory.allocate(bytes, `XXᵀ (${n}×${n})`, 'use fewer rows');
    instance.memory.u8.fill(0, h, h + bytes);
    for (let k = 0; k < d; k += DEPTH) {
      const depth = Math.min(DEPTH, d - k);
      const [widened, panels] = instance.scratch([
        single ? pairBytes(n, depth) : 0,
        panelBytes(paddedRows, depth),
      ]);
      const { pairs, stride } = this.columns(instance, k, depth, widened);
      const update = { h, times: 0, alpha: 1, depth, pairs, stride, panels };
      runUpdate(instance, { ...update, ...wholeTriangle(paddedRows, pairs, stride) });
    }
    this.address = h;
    return h;
  }

  /** Row pairs of columns k … k + depth of X in float64: where they lie already, or in `widened`. */
  private columns(
    instance: KernelInstance,
    k: number,
    depth: number,
    widened: number,
  ): { readonly pairs: number; readonly stride: number } {
    const { address, stride, single, n } = this.matrix;
    if (!single) return { pairs: address + k * 16, stride };
    packPairs(instance, 'packWidened', {
      source: address + k * 8,
      sourceStride: stride,
      rows: roundUp(n, PANEL),
      columns: depth,
      pairs: widened,
    });
    return { pairs: widened, stride: spreadStride(depth) };
  }
}
