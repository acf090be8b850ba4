import { checkProduct, expectLength } from '../checks.js';
import type { Rectangle, SymmetricMatrix } from '../kernel.js';
import { FACTOR_JOB, writeJob } from './jobs.js';
import { CHOLESKY_BLOCK, CHUNK_ROWS, MOVED, PANEL, type KernelInstance } from './kernel-instance.js';
import type { GramMatrix } from './gram-matrix.js';
import { roundUp } from './stored-matrix.js';
import { addOuterProducts, addProduct, symmetricBytes } from './symmetric-updates.js';

/** The lower triangle of H in panels of 12 rows, see kernel/layout.ts: half the memory of a square. */
export class WasmSymmetric implements SymmetricMatrix {
  readonly order: number;
  private readonly padded: number;
  private readonly address: number;
  private readonly use: () => KernelInstance;
  private readonly gram: GramMatrix;

  /** `use` gives the workspace's instance, or throws where this matrix is no longer the last one made. */
  constructor(order: number, address: number, gram: GramMatrix, use: () => KernelInstance) {
    this.order = order;
    this.padded = roundUp(order, PANEL);
    this.address = address;
    this.gram = gram;
    this.use = use;
    this.clear();
  }

  clear(): void {
    const { address, order } = this;
    this.use().memory.u8.fill(0, address, address + symmetricBytes(order));
  }

  addOuterProducts(columns: Float64Array, count: number, alpha: number): void {
    const instance = this.use();
    expectLength('columns', columns.length, count * this.order);
    addOuterProducts(instance, { h: this.address, order: this.order }, columns, count, alpha);
  }

  addProduct(at: Rectangle, a: Float64Array, b: Float64Array, inner: number, alpha: number): void {
    const instance = this.use();
    checkProduct(this.order, at, { a, b, inner });
    addProduct(instance, this.address, at, { a, b, inner, alpha });
  }

  addMaskedGram(masks: readonly Uint32Array[], weights: Float64Array): void {
    const instance = this.use();
    this.gram.addMasked(instance, { h: this.address, order: this.order }, masks, weights);
  }

  scaleAndShift(scale: Float64Array, shift: number): void {
    const instance = this.use();
    expectLength('scale', scale.length, this.order);
    const chunks = Math.ceil(this.padded / CHUNK_ROWS);
    const [vector] = instance.scratch([this.padded * 8]);
    this.copyPadded(instance, scale, vector);
    const job = this.job(instance, { shift, vector, chunks });
    instance.run('scaleAndShift', job, chunks, (this.padded ** 2 / 2) * MOVED);
  }

  factor(): number {
    const instance = this.use();
    const { order, padded } = this;
    const tileColumns = instance.tile.columns;
    const [panels, triangle] = instance.scratch([
      CHOLESKY_BLOCK * padded * 8,
      CHOLESKY_BLOCK * CHOLESKY_BLOCK * 8,
    ]);
    for (let column = 0; column < order; column += CHOLESKY_BLOCK) {
      const job = this.job(instance, { column, panels, triangle });
      const width = Math.min(CHOLESKY_BLOCK, padded - column);
      if (column > 0) {
        const rows = padded - column;
        instance.run('choleskyPanels', job, width / tileColumns, width * column * MOVED);
        instance.run('choleskyUpdate', job, Math.ceil(rows / CHUNK_ROWS), 2 * rows * column * width);
      }
      const failed = instance.exports.choleskyDiagonal(job);
      if (failed >= 0) return failed;
      const below = padded - column - width;
      instance.run('choleskySolve', job, Math.ceil(below / CHUNK_ROWS), below * width ** 2);
    }
    return -1;
  }

  solve(b: Float64Array): void {
    const instance = this.use();
    expectLength('b', b.length, this.order);
    const [vector] = instance.scratch([this.padded * 8]);
    this.copyPadded(instance, b, vector);
    instance.exports.substitute(this.job(instance, { vector }));
    b.set(instance.memory.f64.subarray(vector / 8, vector / 8 + this.order));
  }

  private copyPadded({ memory }: KernelInstance, vector: Float64Array, to: number): void {
    memory.f64.set(vector.subarray(0, this.order), to / 8);
    memory.f64.fill(0, to / 8 + this.order, to / 8 + this.padded);
  }

  private job(
    { memory }: KernelInstance,
    fields: Partial<Record<(typeof FACTOR_JOB)[number], number>>,
  ): number {
    const rest = { shift: 0, column: 0, panels: 0, triangle: 0, chunks: 0, vector: 0 };
    return writeJob(memory, FACTOR_JOB, { ...rest, h: this.address, order: this.order, ...fields });
  }
}
