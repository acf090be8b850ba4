/* Fused masked products: neither X*V nor the masked residuals are ever stored whole. */
import { BLOCK_COLUMNS, CHUNK_ROWS, DEPTH, PAIR_MASKS, TILE_COLUMNS, TILE_ROWS } from './layout';
import { MaskedJob } from './jobs';
import { promotePairs } from './pack';
import { ADJOINT_COLUMNS, ADJOINT_WIDE, adjointTile, forwardTile } from './tile';

/** Columns of X that are widened to float64 at once for the adjoint: 128 pairs of them are 192 KiB. */
const WIDENED: i32 = 96;

/** Splat panels s_c * z_c, one chunk each; columns from `columns` on, which the caller rounds up, read scale 0. */
export function packColumns(at: usize, scratch: usize, from: i32, to: i32): void {
  const job = changetype<MaskedJob>(at);
  const d = job.d;
  const bytes = (<usize>d) << 3;
  for (let panel = from; panel < to; panel++) {
    let out = job.panels + <usize>panel * bytes * TILE_COLUMNS;
    for (let c = 0; c < TILE_COLUMNS; c++) {
      const column = <usize>(panel * TILE_COLUMNS + c);
      const scale = load<f64>(job.scales + (column << 3));
      let z = job.source + column * bytes;
      for (let t = 0, o = out; t < d; t++) {
        store<f64>(o, scale * load<f64>(z));
        z += 8;
        o += TILE_COLUMNS * 8;
      }
      out += 8;
    }
  }
}

/** Adds X*V under masks to the output; a chunk is CHUNK_ROWS rows. */
export function forward(at: usize, scratch: usize, from: i32, to: i32): void {
  const job = changetype<MaskedJob>(at);
  for (let chunk = from; chunk < to; chunk++) {
    const row = chunk * CHUNK_ROWS;
    const rows = min(CHUNK_ROWS, job.rows - row);
    for (let k = 0; k < job.d; k += DEPTH) {
      const depth = min(DEPTH, job.d - k);
      let b = job.x + <usize>(row >> 1) * job.xStride;
      let stride = job.xStride;
      if (job.single != 0) {
        promotePairs(b + ((<usize>k) << 3), stride, scratch, rows >> 1, depth);
        b = scratch;
        stride = widenedStride(depth);
      } else b += (<usize>k) << 4;
      forwardBlock(job, b, stride, row, rows, k, depth);
    }
  }
}

function forwardBlock(
  job: MaskedJob,
  b: usize,
  stride: usize,
  row: i32,
  rows: i32,
  k: i32,
  depth: i32,
): void {
  const step = (stride * TILE_ROWS) >> 1;
  for (let column = 0; column < job.columns; column += BLOCK_COLUMNS) {
    const end = min(column + BLOCK_COLUMNS, job.columns);
    let x = b;
    for (let i = row; i < row + rows; i += TILE_ROWS) {
      forwardRow(job, x, stride, i, column, end, k, depth);
      x += step;
    }
  }
}

/** Tiles side by side. */
function forwardRow(
  job: MaskedJob,
  x: usize,
  stride: usize,
  row: i32,
  column: i32,
  end: i32,
  k: i32,
  depth: i32,
): void {
  const maskStride = job.maskStride;
  const panelBytes = <usize>job.d * TILE_COLUMNS * 8;
  const out = job.vector + ((<usize>row) << 3);
  let a = job.panels + <usize>(column / TILE_COLUMNS) * panelBytes + <usize>k * TILE_COLUMNS * 8;
  let masks = job.masks + <usize>column * maskStride + ((<usize>row) >> 3);
  let slots = job.slots + ((<usize>column) << 2);
  for (; column < end; column += TILE_COLUMNS) {
    forwardTile(a, x, stride, depth, masks, maskStride, row & 7, slots, out);
    a += panelBytes;
    masks += maskStride * TILE_COLUMNS;
    slots += TILE_COLUMNS * 4;
  }
}

/** Adds X'*R to the columns of the result, R = scales o masks o residuals; a chunk is `chunkColumns` columns. */
export function adjoint(at: usize, scratch: usize, from: i32, to: i32): void {
  const job = changetype<MaskedJob>(at);
  const widened = scratch + ((<usize>job.chunkColumns * DEPTH) << 3);
  for (let chunk = from; chunk < to; chunk++) {
    const column = chunk * job.chunkColumns;
    const columns = min(job.chunkColumns, job.columns - column);
    for (let row = 0; row < job.rows; row += DEPTH) {
      const pairs = min(DEPTH, job.rows - row) >> 1;
      packResiduals(job, scratch, column, columns, row, pairs);
      const x = job.x + <usize>(row >> 1) * job.xStride;
      if (job.single == 0) adjointBlock(job, x, job.xStride, scratch, column, columns, pairs, 0, job.d);
      else {
        for (let t = 0; t < job.d; t += WIDENED) {
          const wide = min(WIDENED, job.d - t);
          promotePairs(x + ((<usize>t) << 3), job.xStride, widened, pairs, wide);
          adjointBlock(job, widened, widenedStride(wide), scratch, column, columns, pairs, t, wide);
        }
      }
    }
  }
}

function adjointBlock(
  job: MaskedJob,
  x: usize,
  stride: usize,
  residuals: usize,
  column: i32,
  columns: i32,
  pairs: i32,
  t0: i32,
  wide: i32,
): void {
  const outStride = (<usize>job.d) << 3;
  const groupBytes = <usize>pairs * ADJOINT_COLUMNS * 16;
  const first = job.panels + <usize>column * outStride + ((<usize>t0) << 3);
  for (let t = 0; t < wide; t += ADJOINT_WIDE) {
    let out = first + ((<usize>t) << 3);
    let r = residuals;
    for (let c = 0; c < columns; c += ADJOINT_COLUMNS) {
      adjointTile(x, stride, r, pairs, out, outStride, wide - t);
      out += outStride * ADJOINT_COLUMNS;
      r += groupBytes;
    }
    x += ADJOINT_WIDE * 16;
  }
}

/** Residuals of a block of rows under the masks of a chunk's columns: [column group][pair][column][2]. */
function packResiduals(job: MaskedJob, out: usize, column: i32, columns: i32, row: i32, pairs: i32): void {
  for (let c = column; c < column + columns; c++) {
    const inGroup = <usize>((c - column) % ADJOINT_COLUMNS);
    const group = <usize>((c - column) / ADJOINT_COLUMNS);
    let to = out + group * <usize>pairs * ADJOINT_COLUMNS * 16 + inGroup * 16;
    let mask = job.masks + <usize>c * job.maskStride + ((<usize>row) >> 3);
    let v = job.vector + load<u32>(job.slots + ((<usize>c) << 2)) + ((<usize>row) << 3);
    const scale = v128.load64_splat(job.scales + ((<usize>c) << 3));
    for (let pair = 0; pair < pairs; pair++) {
      const bits = ((<usize>load<u8>(mask)) >> ((pair & 3) << 1)) & 3;
      const kept = v128.and(f64x2.mul(scale, v128.load(v)), v128.load(PAIR_MASKS + (bits << 4)));
      v128.store(to, kept);
      to += ADJOINT_COLUMNS * 16;
      v += 16;
      mask += <usize>((pair & 3) == 3);
    }
  }
}

/** Bytes between widened row pairs; not a multiple of 4 KiB, which would map all of them to the same cache lines. */
function widenedStride(columns: i32): usize {
  return ((<usize>columns) << 4) + 64;
}
