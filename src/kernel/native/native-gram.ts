import { checkWeighted } from '../checks.js';
import { roundUp } from '../wasm/stored-matrix.js';
import type { DataRows } from './data-rows.js';
import { MASK_ROWS, type MaskModule } from './mask-module.js';
import type { NativeProducts } from './native-products.js';
import type { Openblas } from './openblas.js';
import { squareMatrix } from './square-matrix.js';

/** Bound on the weighted masks in memory at once. */
const ROOT_BYTES = 2 ** 26;

/** Rows of H for one call of BLAS. */
const PANEL_ROWS = 192;

/** Columns of a float32 X that are widened at once. */
const WIDE_COLUMNS = 512;

/** XXᵀ of a workspace, formed when it is first asked for. */
export class NativeGram {
  private readonly data: DataRows;
  private gram: Float64Array | null = null;

  constructor(data: DataRows) {
    this.data = data;
  }

  /**
   * H += Σ_c w_c (m_c m_cᵀ) ∘ XXᵀ. Cost n²·count flops, and n²·d once.
   *
   * @throws RelucentError where H is not of order n or a weight is not ≥ 0.
   */
  addMasked(
    { blas, masks: module }: Pick<NativeProducts, 'blas' | 'masks'>,
    { h, order }: { readonly h: Float64Array; readonly order: number },
    masks: readonly Uint32Array[],
    weights: Float64Array,
  ): void {
    const { n } = this.data;
    checkWeighted(order, n, { masks, weights });
    if (masks.length === 0 || n === 0) return;
    const gram = this.formed(blas);
    const stride = roundUp(n, MASK_ROWS);
    const atOnce = Math.max(16, Math.floor(ROOT_BYTES / (8 * stride)));
    const products = new Float64Array(Math.min(PANEL_ROWS, n) * n);
    for (let c = 0; c < masks.length; c += atOnce) {
      const depth = Math.min(atOnce, masks.length - c);
      const roots = weightedMasks(module, masks.slice(c, c + depth), weights.subarray(c, c + depth), n);
      for (let row = 0; row < n; row += PANEL_ROWS) {
        const rows = Math.min(PANEL_ROWS, n - row);
        blas.multiply({
          ...{ m: rows, n: row + rows, k: depth, alpha: 1, beta: 0 },
          a: { data: roots.subarray(row), stride, transposed: true },
          b: { data: roots, stride },
          c: { data: products, stride: row + rows },
        });
        addEntryProducts(h, gram, products, { n, row, rows });
      }
    }
  }

  dispose(): void {
    this.gram = null;
  }

  private formed(blas: Openblas): Float64Array {
    if (this.gram) return this.gram;
    const { n, d, atOnce } = this.data;
    const gram = squareMatrix(n, `XXᵀ (${n}×${n})`, 'use fewer rows');
    const step = atOnce >= n ? d : WIDE_COLUMNS;
    for (let k = 0; k < d; k += step) {
      const depth = Math.min(step, d - k);
      blas.addSymmetricProduct({
        ...{ n, k: depth, alpha: 1 },
        a: this.data.columns(k, depth),
        c: { data: gram, stride: n },
      });
    }
    this.gram = gram;
    return gram;
  }
}

/** √w_c m_c, a mask after the other, each over n rows and zeros up to a multiple of 16. */
function weightedMasks(
  module: MaskModule,
  masks: readonly Uint32Array[],
  weights: Float64Array,
  n: number,
): Float64Array {
  const count = masks.length;
  const rows = roundUp(n, MASK_ROWS);
  const words = Math.ceil(n / 32);
  const [roots, bits, scales, slots, ones] = module.scratch([
    count * rows * 8,
    count * words * 4 + 8,
    count * 8,
    count * 4,
    rows * 8,
  ]);
  const { u32, f64 } = module.memory;
  masks.forEach((mask, c) => {
    u32.set(mask.length === words ? mask : mask.subarray(0, words), bits / 4 + c * words);
    f64[scales / 8 + c] = Math.sqrt(weights[c]!);
  });
  u32.fill(0, slots / 4, slots / 4 + count);
  f64.fill(1, ones / 8, ones / 8 + rows);
  module.exports.spreadMasked(roots, rows, count, bits, words * 4, scales, slots, ones);
  return module.numbers(roots, count * rows);
}

/** H += products ∘ XXᵀ on and below the diagonal of some rows; `products` are as wide as the last of them. */
function addEntryProducts(
  h: Float64Array,
  gram: Float64Array,
  products: Float64Array,
  { n, row, rows }: { readonly n: number; readonly row: number; readonly rows: number },
): void {
  const width = row + rows;
  for (let i = 0; i < rows; i++) {
    const from = (row + i) * n;
    const own = i * width;
    for (let j = 0; j <= row + i; j++) h[from + j]! += products[own + j]! * gram[from + j]!;
  }
}
