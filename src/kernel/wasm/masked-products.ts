import type { MaskedColumns } from '../kernel.js';
import {
  columnBlocks,
  copySlices,
  writeColumns,
  writeMasks,
  type BlockAddresses,
  type ColumnBlock,
} from './column-blocks.js';
import { MASKED_JOB, writeJob } from './jobs.js';
import { ADJOINT_CHUNK, CHUNK_ROWS, MOVED, type KernelInstance } from './kernel-instance.js';
import { roundUp, type StoredMatrix } from './stored-matrix.js';

/** What the masked products of one workspace share. */
export interface MaskedProducts {
  readonly instance: KernelInstance;
  readonly matrix: StoredMatrix;
}

interface ForwardCall {
  readonly columns: MaskedColumns;
  /** Slice of `out` that each column is added to. */
  readonly slices: ArrayLike<number>;
  readonly z: Float64Array;
  readonly out: Float64Array;
}

/** out[slice_c·n + i] += s_c m_c[i] ⟨x_i, z_c⟩, block by block. Cost 2·n·d·count flops. */
export function addForwardBlocks({ instance, matrix }: MaskedProducts, call: ForwardCall): void {
  const { columns, slices, z } = call;
  const { d, n } = matrix;
  for (const block of columnBlocks(slices, matrix, instance.tile.columns)) {
    const [source, panels, masks, scales, slots, vector] = instance.scratch([
      block.padded * d * 8,
      block.padded * d * 8,
      block.padded * block.maskStride + 8,
      block.padded * 8,
      block.padded * 4,
      block.slices.length * block.sliceBytes,
    ]);
    const at = { source, panels, masks, scales, slots, vector };
    writeColumns(instance, block, { scales: columns.scales, slices }, at);
    copyColumns(instance, block, z, d, source);
    const tiles = block.padded / instance.tile.columns;
    const job = (row: number): number => writeBlockJob(instance, matrix, block, row, at);
    instance.run('packColumns', job(0), tiles, block.padded * d * MOVED);
    for (let row = 0; row < n; row += block.rowsAtOnce) {
      writeMasks(instance, block, columns.masks, row, masks);
      const rows = Math.min(block.rowsAtOnce, n - row);
      copySlices(instance, block, { vector: call.out, n, row, rows }, at.vector);
      const chunks = Math.ceil(Math.min(block.rowsAtOnce, matrix.paddedRows - row) / CHUNK_ROWS);
      instance.run('forward', job(row), chunks, 2 * rows * d * block.padded);
      const { f64 } = instance.memory;
      block.slices.forEach((slice, slot) => {
        const from = (vector + slot * block.sliceBytes) / 8;
        call.out.set(f64.subarray(from, from + rows), slice * n + row);
      });
    }
  }
}

/** out[c·d + t] = s_c Σ_i m_c[i] v[o_c·n + i] x_it, block by block. Cost 2·n·d·count flops. */
export function adjointBlocks(
  { instance, matrix }: MaskedProducts,
  columns: MaskedColumns,
  v: Float64Array,
  out: Float64Array,
): void {
  const { d, n } = matrix;
  for (const block of columnBlocks(columns.outputs, matrix, instance.tile.adjointColumns)) {
    const [panels, masks, scales, slots, vector] = instance.scratch([
      block.padded * d * 8,
      block.padded * block.maskStride + 8,
      block.padded * 8,
      block.padded * 4,
      block.slices.length * block.sliceBytes,
    ]);
    const at = { source: 0, panels, masks, scales, slots, vector };
    writeColumns(instance, block, { scales: columns.scales, slices: columns.outputs }, at);
    const { f64 } = instance.memory;
    f64.fill(0, panels / 8, panels / 8 + block.padded * d);
    for (let row = 0; row < n; row += block.rowsAtOnce) {
      const rows = Math.min(block.rowsAtOnce, n - row);
      writeMasks(instance, block, columns.masks, row, masks);
      copySlices(instance, block, { vector: v, n, row, rows }, vector);
      const job = writeBlockJob(instance, matrix, block, row, at);
      const chunks = Math.ceil(block.padded / chunkColumns(instance, block));
      instance.run('adjoint', job, chunks, 2 * rows * d * block.padded);
    }
    block.order.forEach((own, c) => {
      const from = panels / 8 + c * d;
      out.set(f64.subarray(from, from + d), own * d);
    });
  }
}

/** Columns of a chunk of the adjoint: three chunks for each thread, as far as they come. Bits do not depend on it. */
function chunkColumns({ threads }: KernelInstance, { padded }: ColumnBlock): number {
  if (threads === 1) return ADJOINT_CHUNK;
  return Math.max(12, Math.min(ADJOINT_CHUNK, roundUp(Math.ceil(padded / (3 * threads)), 6)));
}

/** The columns z of a block, next to each other; zeros fill up the last tile. */
function copyColumns(
  { memory }: KernelInstance,
  { order, padded }: ColumnBlock,
  z: Float64Array,
  d: number,
  to: number,
): void {
  const { f64 } = memory;
  order.forEach((own, c) => {
    f64.set(z.subarray(own * d, (own + 1) * d), to / 8 + c * d);
  });
  f64.fill(0, to / 8 + order.length * d, to / 8 + padded * d);
}

function writeBlockJob(
  instance: KernelInstance,
  matrix: StoredMatrix,
  block: ColumnBlock,
  row: number,
  at: BlockAddresses & { readonly source: number; readonly panels: number },
): number {
  return writeJob(instance.memory, MASKED_JOB, {
    x: matrix.address + (row / 2) * matrix.stride,
    xStride: matrix.stride,
    single: matrix.single,
    d: matrix.d,
    rows: Math.min(block.rowsAtOnce, matrix.paddedRows - row),
    columns: block.padded,
    masks: at.masks,
    maskStride: block.maskStride,
    scales: at.scales,
    slots: at.slots,
    vector: at.vector,
    panels: at.panels,
    chunkColumns: chunkColumns(instance, block),
    source: at.source,
  });
}
