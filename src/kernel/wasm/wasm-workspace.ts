import { checkColumns, checkSlices, expectLength, outdated } from '../checks.js';
import type { DataMatrix, MaskedColumns, SymmetricMatrix, Workspace } from '../kernel.js';
import type { Build } from './compiled-modules.js';
import { GramMatrix } from './gram-matrix.js';
import { PRODUCT_JOB, writeJob } from './jobs.js';
import { CHUNK_ROWS, KernelInstance } from './kernel-instance.js';
import { addForwardBlocks, adjointBlocks } from './masked-products.js';
import { storeMatrix, type StoredMatrix } from './stored-matrix.js';
import { symmetricBytes } from './symmetric-updates.js';
import { WasmSymmetric } from './wasm-symmetric.js';

/** Rows of X·z at a time: whole chunks, whole words of the mask. */
const PRODUCT_ROWS = 2 ** 13 * 96;

/** A workspace with a memory of its own: dropped, or disposed of, it is garbage. */
export class WasmWorkspace implements Workspace {
  readonly n: number;
  readonly d: number;
  private instance: KernelInstance | null;
  private readonly matrix: StoredMatrix;
  private readonly gram: GramMatrix;
  /** Address of the last symmetric matrix made, 0 where there is none, and which of them it was. */
  private symmetricAddress = 0;
  private generation = 0;

  /** On at most that many threads. */
  constructor(data: DataMatrix, build: Build, threads: number) {
    const { X, n, d } = data;
    expectLength('X', X.length, n * d);
    this.n = n;
    this.d = d;
    this.instance = new KernelInstance(build, threads);
    this.matrix = storeMatrix(this.instance, data);
    this.gram = new GramMatrix(this.matrix);
  }

  addForward(out: Float64Array, columns: MaskedColumns, z: Float64Array): void {
    const instance = this.use();
    checkColumns(columns, this.n, { z: z.length, d: this.d });
    checkSlices('out', out, columns.outputs, this.n);
    const { matrix } = this;
    addForwardBlocks({ instance, matrix }, { columns, slices: columns.outputs, z, out });
  }

  imagesInto(out: Float64Array, columns: MaskedColumns, z: Float64Array): void {
    const instance = this.use();
    const count = columns.masks.length;
    checkColumns(columns, this.n, { z: z.length, d: this.d });
    expectLength('out', out.length, count * this.n);
    out.fill(0, 0, count * this.n);
    // Each column is the only one of a slice of its own.
    const slices = Int32Array.from({ length: count }, (_, c) => c);
    addForwardBlocks({ instance, matrix: this.matrix }, { columns, slices, z, out });
  }

  adjointInto(out: Float64Array, columns: MaskedColumns, v: Float64Array): void {
    const instance = this.use();
    checkColumns(columns, this.n, { z: 0, d: 0 });
    expectLength('out', out.length, columns.masks.length * this.d);
    checkSlices('v', v, columns.outputs, this.n);
    adjointBlocks({ instance, matrix: this.matrix }, columns, v, out);
  }

  signedProductInto(out: Float64Array, mask: Uint32Array, z: Float64Array): void {
    const instance = this.use();
    const { n, d, matrix } = this;
    expectLength('out', out.length, n);
    expectLength('mask', mask.length, Math.ceil(n / 32));
    expectLength('z', z.length, d);
    for (let row = 0; row < n; row += PRODUCT_ROWS) {
      const rows = Math.min(PRODUCT_ROWS, matrix.paddedRows - row);
      const words = Math.ceil(Math.min(rows, n - row) / 32);
      const at = instance.scratch([words * 4 + 8, d * 8, rows * 8]);
      const { u32, f64 } = instance.memory;
      u32.set(mask.subarray(row / 32, row / 32 + words), at[0] / 4);
      f64.set(z.subarray(0, d), at[1] / 8);
      const job = writeJob(instance.memory, PRODUCT_JOB, {
        x: matrix.address + (row / 2) * matrix.stride,
        xStride: matrix.stride,
        single: matrix.single,
        d,
        rows,
        ...{ mask: at[0], z: at[1], out: at[2] },
      });
      instance.run('signedProduct', job, Math.ceil(rows / CHUNK_ROWS), 2 * rows * d);
      out.set(f64.subarray(at[2] / 8, at[2] / 8 + Math.min(rows, n - row)), row);
    }
  }

  symmetric(order: number): SymmetricMatrix {
    const { memory } = this.use();
    if (this.symmetricAddress > 0) memory.release(this.symmetricAddress);
    this.symmetricAddress = 0;
    const generation = ++this.generation;
    const what = `symmetric matrix of order ${order}`;
    const address = memory.allocate(
      symmetricBytes(order),
      what,
      'solve a problem with fewer unknowns at once',
    );
    this.symmetricAddress = address;
    return new WasmSymmetric(order, address, this.gram, () => {
      if (generation !== this.generation) throw outdated('symmetric', 'was replaced by a later one');
      return this.use();
    });
  }

  dispose(): void {
    this.instance?.release();
    this.instance = null;
  }

  private use(): KernelInstance {
    if (!this.instance) throw outdated('workspace', 'was disposed of');
    return this.instance;
  }
}
