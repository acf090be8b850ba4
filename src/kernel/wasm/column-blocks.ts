import { CHUNK_ROWS } from './kernel-instance.js';
import { roundUp, type StoredMatrix } from './stored-matrix.js';
import type { WorkspaceMemory } from './workspace-memory.js';

/** Bounds on what is copied at a time: vectors of d numbers, masks, slices of vectors of n numbers; and on columns. */
const COLUMN_BYTES = 2 ** 24;
const MASK_BYTES = 2 ** 23;
const SLICE_BYTES = 2 ** 24;
const MOST_COLUMNS = 2_040;

/** Rows of a block are whole chunks and whole words of masks. */
const ROW_STEP = 2 * CHUNK_ROWS;

/** Columns of a block, by output, and where they are in scratch memory. */
export interface ColumnBlock {
  /** Index in the caller's columns of each column of the block. */
  readonly order: Int32Array;
  /** Slices of the block, in the order of their slots. */
  readonly slices: readonly number[];
  /** Columns of the tiles that hold the block. */
  readonly padded: number;
  /** Rows of a block of rows; its bytes of a mask and of a slice. */
  readonly rowsAtOnce: number;
  readonly maskStride: number;
  readonly sliceBytes: number;
}

export interface BlockAddresses {
  readonly masks: number;
  readonly scales: number;
  readonly slots: number;
  readonly vector: number;
}

/**
 * Cuts columns into blocks that fit in scratch memory, sorted by slice: a tile then mostly adds to one slice. The cut
 * depends on sizes alone.
 */
export function* columnBlocks(
  slices: ArrayLike<number>,
  { n, d, paddedRows }: Pick<StoredMatrix, 'n' | 'd' | 'paddedRows'>,
  tileColumns: number,
): Generator<ColumnBlock> {
  const count = slices.length;
  const atOnce = Math.max(tileColumns, Math.min(MOST_COLUMNS, Math.floor(COLUMN_BYTES / (8 * d) / 12) * 12));
  const order = Int32Array.from({ length: count }, (_, c) => c);
  order.sort((a, b) => slices[a]! - slices[b]! || a - b);
  for (let from = 0; from < count; from += atOnce) {
    const part = order.subarray(from, from + atOnce);
    const distinct = [...new Set(Array.from(part, (c) => slices[c]!))];
    const padded = roundUp(part.length, tileColumns);
    const mostRows = Math.min((MASK_BYTES * 8) / padded, SLICE_BYTES / 8 / distinct.length);
    const rowsAtOnce = Math.max(ROW_STEP, Math.floor(mostRows / ROW_STEP) * ROW_STEP);
    const rows = Math.min(rowsAtOnce, paddedRows);
    yield {
      order: part,
      slices: distinct,
      padded,
      rowsAtOnce,
      maskStride: 4 * Math.ceil(Math.min(rowsAtOnce, n) / 32),
      sliceBytes: rows * 8,
    };
  }
}

/** Writes scales and slots of a block; columns that fill up the last tile get scale 0. */
export function writeColumns(
  { memory }: { readonly memory: WorkspaceMemory },
  block: ColumnBlock,
  columns: { readonly scales: ArrayLike<number>; readonly slices: ArrayLike<number> },
  at: Pick<BlockAddresses, 'scales' | 'slots'>,
): void {
  const { order, padded } = block;
  const slotOf = new Map(block.slices.map((slice, slot) => [slice, slot * block.sliceBytes]));
  let slot = 0;
  for (let c = 0; c < padded; c++) {
    const own = order[c];
    if (own !== undefined) slot = slotOf.get(columns.slices[own]!)!;
    memory.f64[at.scales / 8 + c] = own === undefined ? 0 : columns.scales[own]!;
    memory.u32[at.slots / 4 + c] = slot;
  }
}

/** Writes the masks of a block over the rows from `row` on. */
export function writeMasks(
  { memory }: { readonly memory: WorkspaceMemory },
  block: ColumnBlock,
  masks: readonly Uint32Array[],
  row: number,
  at: number,
): void {
  const words = block.maskStride / 4;
  const first = row / 32;
  const { u32 } = memory;
  block.order.forEach((own, c) => {
    const mask = masks[own]!;
    const to = at / 4 + c * words;
    const part = mask.length === words ? mask : mask.subarray(first, first + words);
    u32.set(part, to);
  });
  u32.fill(0, at / 4 + block.order.length * words, at / 4 + block.padded * words);
}

/** The slices of a vector over the rows of a block, zeros up to the padded rows. */
export function copySlices(
  { memory }: { readonly memory: WorkspaceMemory },
  block: ColumnBlock,
  from: { readonly vector: Float64Array; readonly n: number; readonly row: number; readonly rows: number },
  to: number,
): void {
  const { f64 } = memory;
  const { vector, n, row, rows } = from;
  block.slices.forEach((slice, slot) => {
    const start = (to + slot * block.sliceBytes) / 8;
    f64.set(vector.subarray(slice * n + row, slice * n + row + rows), start);
    f64.fill(0, start + rows, start + block.sliceBytes / 8);
  });
}
