/*
 * H = L*L' in place, by block columns from left to right: every row takes off what the columns so far explain (one
 * product), the block on the diagonal is factored, the rows below are solved against it.
 */
import {
  CHOLESKY_BLOCK,
  CHUNK_ROWS,
  DEPTH,
  PANEL,
  TILE_COLUMNS,
  TILE_ROWS,
  entryAddress,
  pairStride,
  rowAddress,
} from './layout';
import { FactorJob } from './jobs';
import { copyToPanel } from './pack';
import { solveTile } from './solve-tile';
import { updateTile } from './tile';

const TRIANGLE_BYTES: usize = <usize>CHOLESKY_BLOCK * TILE_COLUMNS * 8;

/** Rows up to a whole panel, zeros from the order on. */
function paddedOrder(job: FactorJob): i32 {
  return ((job.order + PANEL - 1) / PANEL) * PANEL;
}

/** Splat panels of the block's rows over all earlier columns; a chunk is one panel. */
export function choleskyPanels(at: usize, scratch: usize, from: i32, to: i32): void {
  const job = changetype<FactorJob>(at);
  const bytes = <usize>job.column * TILE_COLUMNS * 8;
  for (let panel = from; panel < to; panel++) {
    const row = job.column + panel * TILE_COLUMNS;
    for (let c = 0; c < TILE_COLUMNS; c++) {
      const out = job.panels + <usize>panel * bytes + ((<usize>c) << 3);
      copyToPanel(entryAddress(job.h, row + c, 0), out, job.column);
    }
  }
}

/** Takes L*L' over earlier columns off the block column; a chunk is CHUNK_ROWS rows from the block down. */
export function choleskyUpdate(at: usize, scratch: usize, from: i32, to: i32): void {
  const job = changetype<FactorJob>(at);
  const end = paddedOrder(job);
  for (let chunk = from; chunk < to; chunk++) {
    const first = job.column + chunk * CHUNK_ROWS;
    const last = min(first + CHUNK_ROWS, end);
    for (let k = 0; k < job.column; k += DEPTH) {
      for (let row = first; row < last; row += TILE_ROWS) updateRow(job, row, k, end);
    }
  }
}

/** Tiles side by side in the block column, as far as the diagonal. */
function updateRow(job: FactorJob, row: i32, k: i32, end: i32): void {
  const bytes = <usize>job.column * TILE_COLUMNS * 8;
  const depth = min(DEPTH, job.column - k);
  const start = rowAddress(job.h, row);
  const stride = pairStride(row);
  const b = start + ((<usize>k) << 4);
  const columnHigh = min(min(job.column + CHOLESKY_BLOCK, end), row + TILE_ROWS);
  let a = job.panels + <usize>k * TILE_COLUMNS * 8;
  for (let column = job.column; column < columnHigh; column += TILE_COLUMNS) {
    updateTile(a, b, stride, depth, start + ((<usize>column) << 4), stride, -1, 0);
    a += bytes;
  }
}

/** Factors the block on the diagonal. Returns -1 or the first pivot that is not positive. */
export function choleskyDiagonal(at: usize): i32 {
  const job = changetype<FactorJob>(at);
  const end = min(job.column + CHOLESKY_BLOCK, paddedOrder(job));
  for (let column = job.column; column < min(end, job.order); column += TILE_COLUMNS) {
    const a = job.triangle + <usize>((column - job.column) / TILE_COLUMNS) * TRIANGLE_BYTES;
    const depth = column - job.column;
    for (let c = 0; c < TILE_COLUMNS; c++) {
      copyToPanel(entryAddress(job.h, column + c, job.column), a + ((<usize>c) << 3), depth);
    }
    const top = column - (column % TILE_ROWS);
    for (let row = top; row < end; row += TILE_ROWS) updateInBlock(job, a, row, column);
    const failed = factorTile(job, column, a + <usize>depth * TILE_COLUMNS * 8);
    if (failed >= 0) return failed;
    for (let row = top; row < end; row += TILE_ROWS) {
      if (row > column) solveInBlock(job, a, row, column);
      else solveRest(job, column, row + TILE_ROWS);
    }
  }
  return -1;
}

/** Solves the rows below the block against it; a chunk is CHUNK_ROWS rows from below the block on. */
export function choleskySolve(at: usize, scratch: usize, from: i32, to: i32): void {
  const job = changetype<FactorJob>(at);
  const below = job.column + CHOLESKY_BLOCK;
  const last = min(below + to * CHUNK_ROWS, paddedOrder(job));
  for (let row = below + from * CHUNK_ROWS; row < last; row += TILE_ROWS) {
    let a = job.triangle;
    for (let column = job.column; column < below; column += TILE_COLUMNS) {
      updateInBlock(job, a, row, column);
      solveInBlock(job, a, row, column);
      a += TRIANGLE_BYTES;
    }
  }
}

function updateInBlock(job: FactorJob, a: usize, row: i32, column: i32): void {
  if (column == job.column) return;
  const start = rowAddress(job.h, row);
  const stride = pairStride(row);
  const b = start + ((<usize>job.column) << 4);
  updateTile(a, b, stride, column - job.column, start + ((<usize>column) << 4), stride, -1, 0);
}

function solveInBlock(job: FactorJob, a: usize, row: i32, column: i32): void {
  const triangle = a + <usize>(column - job.column) * TILE_COLUMNS * 8;
  solveTile(rowAddress(job.h, row) + ((<usize>column) << 4), pairStride(row), triangle);
}

/** The few rows of the diagonal's own tile that are below its columns. */
function solveRest(job: FactorJob, column: i32, end: i32): void {
  for (let row = column + TILE_COLUMNS; row < end; row++) {
    for (let j = column; j < column + TILE_COLUMNS; j++) {
      const to = entryAddress(job.h, row, j);
      let sum = load<f64>(to);
      for (let k = column; k < j; k++) {
        sum -= load<f64>(entryAddress(job.h, row, k)) * load<f64>(entryAddress(job.h, j, k));
      }
      const pivot = load<f64>(entryAddress(job.h, j, j));
      store<f64>(to, j < job.order ? sum / pivot : 0);
    }
  }
}

/** Factors TILE_COLUMNS columns on the diagonal and writes [k][c] with reciprocals of the pivots to `triangle`. */
function factorTile(job: FactorJob, column: i32, triangle: usize): i32 {
  memory.fill(triangle, 0, TILE_COLUMNS * TILE_COLUMNS * 8);
  for (let j = column; j < min(column + TILE_COLUMNS, job.order); j++) {
    let pivot: f64 = 0;
    for (let i = j; i < min(column + TILE_COLUMNS, job.order); i++) {
      const to = entryAddress(job.h, i, j);
      let sum = load<f64>(to);
      for (let k = column; k < j; k++) {
        sum -= load<f64>(entryAddress(job.h, i, k)) * load<f64>(entryAddress(job.h, j, k));
      }
      const place = triangle + <usize>((j - column) * TILE_COLUMNS + (i - column)) * 8;
      if (i > j) {
        store<f64>(to, sum / pivot);
        store<f64>(place, sum / pivot);
      } else {
        if (!(sum > 0)) return i;
        pivot = Math.sqrt(sum);
        store<f64>(to, pivot);
        store<f64>(place, 1 / pivot);
      }
    }
  }
  return -1;
}
