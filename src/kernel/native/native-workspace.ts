import { checkColumns, checkSlices, expectLength, outdated } from '../checks.js';
import type { DataMatrix, MaskedColumns, SymmetricMatrix, Workspace } from '../kernel.js';
import { DataRows } from './data-rows.js';
import { MaskModule } from './mask-module.js';
import { NativeGram } from './native-gram.js';
import { addForwardPanels, adjointPanels, type NativeProducts } from './native-products.js';
import { NativeSymmetric } from './native-symmetric.js';
import type { Openblas } from './openblas.js';
import { squareMatrix } from './square-matrix.js';

/** X and H in ordinary arrays, which are not bounded by 4 GiB; blocks that masks are applied to in WebAssembly memory. */
export class NativeWorkspace implements Workspace {
  readonly n: number;
  readonly d: number;
  private shared: NativeProducts | null;
  private readonly threads: number;
  private readonly gram: NativeGram;
  /** The last symmetric matrix made, and which of them it was. */
  private square: Float64Array = new Float64Array(0);
  private generation = 0;

  constructor(matrix: DataMatrix, blas: Openblas, threads: number) {
    const { X, n, d } = matrix;
    expectLength('X', X.length, n * d);
    this.n = n;
    this.d = d;
    this.threads = threads;
    const data = new DataRows(matrix);
    this.shared = { blas, masks: new MaskModule(), data };
    this.gram = new NativeGram(data);
  }

  addForward(out: Float64Array, columns: MaskedColumns, z: Float64Array): void {
    const shared = this.use();
    checkColumns(columns, this.n, { z: z.length, d: this.d });
    checkSlices('out', out, columns.outputs, this.n);
    addForwardPanels(shared, { columns, slices: columns.outputs, z, out });
  }

  imagesInto(out: Float64Array, columns: MaskedColumns, z: Float64Array): void {
    const shared = this.use();
    const count = columns.masks.length;
    checkColumns(columns, this.n, { z: z.length, d: this.d });
    expectLength('out', out.length, count * this.n);
    out.fill(0, 0, count * this.n);
    // Each column is the only one of a slice of its own.
    const slices = Int32Array.from({ length: count }, (_, c) => c);
    addForwardPanels(shared, { columns, slices, z, out });
  }

  adjointInto(out: Float64Array, columns: MaskedColumns, v: Float64Array): void {
    const shared = this.use();
    checkColumns(columns, this.n, { z: 0, d: 0 });
    expectLength('out', out.length, columns.masks.length * this.d);
    checkSlices('v', v, columns.outputs, this.n);
    adjointPanels(shared, columns, v, out);
  }

  signedProductInto(out: Float64Array, mask: Uint32Array, z: Float64Array): void {
    const { blas, data } = this.use();
    const { n, d } = this;
    expectLength('out', out.length, n);
    expectLength('mask', mask.length, Math.ceil(n / 32));
    expectLength('z', z.length, d);
    // Added to zeros: some versions multiply what they overwrite by 0, and keep what is not a number.
    out.fill(0, 0, n);
    for (let row = 0; row < n; row += data.atOnce) {
      const rows = Math.min(data.atOnce, n - row);
      blas.addProductWithVector(data.rows(row, rows), { rows, columns: d }, z, out.subarray(row));
    }
    for (let i = 0; i < n; i++) out[i]! *= (((mask[i >>> 5]! >>> (i & 31)) & 1) << 1) - 1;
  }

  symmetric(order: number): SymmetricMatrix {
    this.use();
    const generation = ++this.generation;
    if (this.square.length === order * order) this.square.fill(0);
    else {
      // Dropped first, so that two need not fit.
      this.square = new Float64Array(0);
      this.square = squareMatrix(
        order,
        `symmetric matrix of order ${order}`,
        'solve a problem with fewer unknowns at once',
      );
    }
    return new NativeSymmetric(order, this.square, this.gram, () => {
      if (generation !== this.generation) throw outdated('symmetric', 'was replaced by a later one');
      return this.use();
    });
  }

  dispose(): void {
    this.shared = null;
    this.square = new Float64Array(0);
    this.gram.dispose();
  }

  /** The number of threads is the library's, and workspaces take turns: it is set for every operation. */
  private use(): NativeProducts {
    if (!this.shared) throw outdated('workspace', 'was disposed of');
    this.shared.blas.setThreads(this.threads);
    return this.shared;
  }
}
