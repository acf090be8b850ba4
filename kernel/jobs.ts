/*
 * What the exported functions work on: structures of numbers that the caller writes to memory, field after field in
 * this order (src/kernel/wasm/jobs.ts). Addresses are in bytes. All workers of a region read the same job.
 */

/** X*V and X'*R under masks, for a block of columns and a block of rows. */
@unmanaged
export class MaskedJob {
  /** First row pair of the block of rows of X, and the bytes between pairs. */
  x: usize;
  xStride: usize;
  /** 1 where X is in float32. */
  single: i32;
  d: i32;
  /** Rows of the block, a multiple of 12, and columns, a multiple of the tile. */
  rows: i32;
  columns: i32;
  /** Bit-packed masks, one of `maskStride` bytes for each column. */
  masks: usize;
  maskStride: usize;
  scales: usize;
  /** For each column the distance in bytes to its slice of `vector`. */
  slots: usize;
  /** The output of the forward product, or the input of the adjoint. */
  vector: usize;
  /** Splat panels of V, over all of d; for the adjoint the columns of the result, d numbers each. */
  panels: usize;
  /** Columns of a chunk of the adjoint. */
  chunkColumns: i32;
  /** Columns z of `d` numbers each, to be packed into panels. */
  source: usize;
}

/** out = +-X*z. */
@unmanaged
export class ProductJob {
  x: usize;
  xStride: usize;
  single: i32;
  d: i32;
  rows: i32;
  mask: usize;
  z: usize;
  out: usize;
}

/** Into row pairs: rows `first` ... `first + rows` of a row-major source of `columns` numbers a row. */
@unmanaged
export class PackJob {
  source: usize;
  /** Bytes from row to row (or from column to column, or from mask to mask) of the source. */
  sourceStride: usize;
  /** Rows of zeros that precede the source's, and rows of the source. */
  lead: i32;
  rows: i32;
  /** Rows to write: all rows of whole panels. */
  paddedRows: i32;
  columns: i32;
  pairs: usize;
  stride: usize;
  /** Square roots of the weights of masks. */
  roots: usize;
  /** 1 where source and pairs are in float32. */
  single: i32;
}

/** H += alpha * B*A' on the rows of a chunk and a block of columns. */
@unmanaged
export class UpdateJob {
  alpha: f64;
  h: usize;
  /** Distance to a matrix that multiplies entry by entry, or 0. */
  beside: usize;
  /** Row pairs of B; the first is row `rowFrom` of H. */
  pairs: usize;
  stride: usize;
  depth: i32;
  /** Chunks count from here; a multiple of 12. */
  rowFrom: i32;
  /** Rows and columns outside are left alone. */
  rowLow: i32;
  rowHigh: i32;
  columnFrom: i32;
  columnHigh: i32;
  /** Splat panels of A for the columns from `columnFrom` on. */
  panels: usize;
  chunks: i32;
  /** Row pairs that the panels are packed from: row 0 is column `columnFrom`. */
  source: usize;
  sourceStride: usize;
  sourceColumn: i32;
}

/** A symmetric matrix and what its factorisation needs. */
@unmanaged
export class FactorJob {
  /** What scaling adds to the diagonal. */
  shift: f64;
  h: usize;
  order: i32;
  /** First column of the block. */
  column: i32;
  /** Splat panels of the rows of the block over all earlier columns. */
  panels: usize;
  /** Splat panels of the rows of the block over its own columns, with reciprocals on the diagonal. */
  triangle: usize;
  chunks: i32;
  /** Scale factors, or the right-hand side; zeros from `order` to the next multiple of 12. */
  vector: usize;
}
