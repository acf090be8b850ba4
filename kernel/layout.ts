/*
 * How matrices lie in memory, the same for every build.
 *
 * Row pairs: rows 2q and 2q+1 of a matrix are interleaved, [column][2], so that one vector holds a column of two
 * rows. Pair q starts `stride` bytes after pair q-1. X, its blocks and the operands of symmetric products lie like this.
 *
 * A symmetric matrix H is cut into panels of 12 rows; panel P keeps its columns 0 ... 12(P+1)-1 as six row pairs.
 * Half of a square, every tile is contiguous, and what lies above the diagonal in the last 12 columns is scratch.
 *
 * A splat panel holds TILE_COLUMNS columns, [k][TILE_COLUMNS]: the operand a tile reads one number at a time.
 */

/** Rows of a symmetric matrix that share a width; a multiple of every tile. */
export const PANEL: i32 = 12;

/** Columns and rows of a register tile: 4x4 (8 accumulators), or 3x6 (9) where multiply-add is one instruction. */
export const TILE_COLUMNS: i32 = ASC_FEATURE_RELAXED_SIMD ? 3 : 4;
export const TILE_ROWS: i32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 4;

/** Inner dimension of a block: a splat panel of it is 8 KiB, and so are the rows of a tile. */
export const DEPTH: i32 = 256;

/**
 * Splat panels over this many columns are 240 KiB: they stay in a second-level cache while the rows of a chunk pass, and
 * stream through the first level one after the other, which the hardware foresees. A multiple of every tile.
 */
export const BLOCK_COLUMNS: i32 = 120;

/** Rows of a chunk of work. */
export const CHUNK_ROWS: i32 = 48;

/** Block columns of a Cholesky factorisation, a multiple of PANEL. */
export const CHOLESKY_BLOCK: i32 = 96;

/** Masks of two rows, 4 x 16 bytes, and of the rows of a tile, 16 x 32 or 64 x 48 bytes. */
export const PAIR_MASKS: usize = 64;
export const TILE_MASKS: usize = 128;

/** Where row i of H starts, i even; its pairs are `pairStride(i)` bytes apart within the panel. */
export function rowAddress(h: usize, i: i32): usize {
  const panel = <usize>(i / PANEL);
  return h + 576 * panel * (panel + 1) + ((<usize>(i % PANEL)) >> 1) * (192 * (panel + 1));
}

export function pairStride(i: i32): usize {
  return 192 * (<usize>(i / PANEL) + 1);
}

/** Where H[i, j] lies, j within the width of row i's panel. */
export function entryAddress(h: usize, i: i32, j: i32): usize {
  return rowAddress(h, i & -2) + ((<usize>j) << 4) + ((<usize>(i & 1)) << 3);
}

/** Fills the tables of masks at the start of memory. */
export function writeMaskTables(): void {
  for (let bits: i32 = 0; bits < 4; bits++) {
    for (let row: i32 = 0; row < 2; row++) {
      store<i64>(PAIR_MASKS + ((<usize>(bits * 2 + row)) << 3), -(<i64>((bits >> row) & 1)));
    }
  }
  for (let bits: i32 = 0; bits < 1 << TILE_ROWS; bits++) {
    for (let row: i32 = 0; row < TILE_ROWS; row++) {
      store<i64>(TILE_MASKS + ((<usize>(bits * TILE_ROWS + row)) << 3), -(<i64>((bits >> row) & 1)));
    }
  }
}
