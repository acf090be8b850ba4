import type { DataMatrix } from '../kernel.js';
import { PACK_JOB, writeJob } from './jobs.js';
import { CHUNK_ROWS, MOVED, PANEL, type KernelInstance } from './kernel-instance.js';

/** Rows copied into memory at a time, in bytes. */
const COPY_BYTES = 2 ** 22;

/** X in the memory of a workspace: pairs of rows interleaved, as kernel/layout.ts describes. */
export interface StoredMatrix {
  readonly n: number;
  readonly d: number;
  readonly paddedRows: number;
  readonly address: number;
  /** Bytes from one pair of rows to the next. */
  readonly stride: number;
  /** 1 where X is in float32. */
  readonly single: 0 | 1;
}

/** The next multiple of `step`. */
export function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}

/** Bytes between row pairs of `columns` numbers: never so that pairs fall on the same few cache lines. */
export function spreadStride(columns: number): number {
  return columns * 16 + (columns >= 64 && columns % 16 === 0 ? 64 : 0);
}

/** Copies X into memory. Cost O(n·d). */
export function storeMatrix(instance: KernelInstance, { X, n, d }: DataMatrix): StoredMatrix {
  const single = X instanceof Float32Array ? 1 : 0;
  const stride = single ? d * 8 : spreadStride(d);
  const paddedRows = roundUp(n, PANEL);
  const way = single
    ? "use fewer rows, or kernel 'javascript'"
    : "give X as a Float32Array, use fewer rows, or kernel 'javascript'";
  // A tile reads up to 64 bytes after the last pair.
  const address = instance.memory.allocate((paddedRows / 2) * stride + 64, `X (${n}×${d})`, way);
  const itemBytes = single ? 4 : 8;
  const rowsAtOnce = Math.max(PANEL, Math.floor(COPY_BYTES / (d * itemBytes) / CHUNK_ROWS) * CHUNK_ROWS);
  for (let row = 0; row < n; row += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, n - row);
    const [source] = instance.scratch([rows * d * itemBytes]);
    const { f32, f64 } = instance.memory;
    if (X instanceof Float32Array) f32.set(X.subarray(row * d, (row + rows) * d), source / 4);
    else f64.set(X.subarray(row * d, (row + rows) * d), source / 8);
    const job = writeJob(instance.memory, PACK_JOB, {
      source,
      sourceStride: d * itemBytes,
      lead: 0,
      rows,
      paddedRows: roundUp(rows, PANEL),
      columns: d,
      pairs: address + (row / 2) * stride,
      stride,
      roots: 0,
      single,
    });
    instance.run('packRows', job, Math.ceil(roundUp(rows, PANEL) / CHUNK_ROWS), rows * d * MOVED);
  }
  return { n, d, paddedRows, address, stride, single };
}
