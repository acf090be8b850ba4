/* Products added to a symmetric matrix, its lower triangle only. */
import { BLOCK_COLUMNS, CHUNK_ROWS, PANEL, TILE_COLUMNS, TILE_ROWS, pairStride, rowAddress } from './layout';
import { FactorJob, UpdateJob } from './jobs';
import { updateTile } from './tile';

/** H += alpha * B*A' on or below the diagonal; a chunk is CHUNK_ROWS rows, the lowest and longest first. */
export function update(at: usize, scratch: usize, from: i32, to: i32): void {
  const job = changetype<UpdateJob>(at);
  for (let chunk = from; chunk < to; chunk++) {
    const first = job.rowFrom + (job.chunks - 1 - chunk) * CHUNK_ROWS;
    const last = min(first + CHUNK_ROWS, job.rowHigh);
    const columnHigh = min(job.columnHigh, last);
    for (let column = job.columnFrom; column < columnHigh; column += BLOCK_COLUMNS) {
      const end = min(column + BLOCK_COLUMNS, columnHigh);
      // The first tile that reaches the diagonal.
      const top = max(first, column - (column % TILE_ROWS));
      for (let row = top; row < last; row += TILE_ROWS) updateRow(job, scratch, row, column, end);
    }
  }
}

/** Tiles side by side, as far as the diagonal. */
function updateRow(job: UpdateJob, scratch: usize, row: i32, column: i32, columnHigh: i32): void {
  const panelBytes = <usize>job.depth * TILE_COLUMNS * 8;
  const b = job.pairs + <usize>((row - job.rowFrom) >> 1) * job.stride;
  const end = min(columnHigh, row + TILE_ROWS);
  let a = job.panels + <usize>((column - job.columnFrom) / TILE_COLUMNS) * panelBytes;
  for (; column < end; column += TILE_COLUMNS) {
    updateAt(job, scratch, a, b, row, column);
    a += panelBytes;
  }
}

function updateAt(job: UpdateJob, scratch: usize, a: usize, b: usize, row: i32, column: i32): void {
  const c = rowAddress(job.h, row) + ((<usize>column) << 4);
  const width = min(job.columnHigh, PANEL * (row / PANEL + 1)) - column;
  if (row >= job.rowLow && row + TILE_ROWS <= job.rowHigh && width >= TILE_COLUMNS) {
    updateTile(a, b, job.stride, job.depth, c, pairStride(row), job.alpha, job.beside);
    return;
  }
  memory.fill(scratch, 0, TILE_ROWS * TILE_COLUMNS * 8);
  updateTile(a, b, job.stride, job.depth, scratch, TILE_COLUMNS * 16, job.alpha, 0);
  for (let i = max(0, job.rowLow - row); i < min(TILE_ROWS, job.rowHigh - row); i++) {
    const to = c + <usize>(i >> 1) * pairStride(row) + ((<usize>(i & 1)) << 3);
    const from = scratch + <usize>(i >> 1) * (TILE_COLUMNS * 16) + ((<usize>(i & 1)) << 3);
    for (let j = 0; j < min(width, TILE_COLUMNS); j++) {
      const at = to + ((<usize>j) << 4);
      store<f64>(at, load<f64>(at) + load<f64>(from + ((<usize>j) << 4)));
    }
  }
}

/** H = diag(scale) * H * diag(scale) + shift * I; a chunk is CHUNK_ROWS rows, the lowest first. */
export function scaleAndShift(at: usize, scratch: usize, from: i32, to: i32): void {
  const job = changetype<FactorJob>(at);
  for (let chunk = from; chunk < to; chunk++) {
    const first = (job.chunks - 1 - chunk) * CHUNK_ROWS;
    for (let row = first; row < min(first + CHUNK_ROWS, job.order); row += 2) scalePair(job, row);
  }
}

function scalePair(job: FactorJob, row: i32): void {
  const own = v128.load(job.vector + ((<usize>row) << 3));
  const start = rowAddress(job.h, row);
  let h = start;
  let scale = job.vector;
  for (let k = 0; k < row + 2; k++) {
    v128.store(h, f64x2.mul(v128.load(h), f64x2.mul(own, v128.load64_splat(scale))));
    h += 16;
    scale += 8;
  }
  const diagonal = start + ((<usize>row) << 4);
  store<f64>(diagonal, load<f64>(diagonal) + job.shift);
  if (row + 1 < job.order) store<f64>(diagonal, load<f64>(diagonal, 24) + job.shift, 24);
}
