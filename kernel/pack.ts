/* Into the layouts of layout.ts. */
import { CHUNK_ROWS, PAIR_MASKS, TILE_COLUMNS } from './layout';
import { PackJob, UpdateJob } from './jobs';

/** Row pairs of a float32 block in float64. Output pairs are 16 * columns + 64 bytes apart. */
export function promotePairs(from: usize, stride: usize, out: usize, pairs: i32, columns: i32): void {
  for (let pair = 0; pair < pairs; pair++) {
    let x = from;
    let to = out;
    for (let t = 0; t < columns; t++) {
      v128.store(to, f64x2.promote_low_f32x4(v128.load64_zero(x)));
      x += 8;
      to += 16;
    }
    from += stride;
    out += ((<usize>columns) << 4) + 64;
  }
}

/** Row-major rows into pairs, zeros before and after; a chunk is CHUNK_ROWS rows. */
export function packRows(at: usize, scratch: usize, from: i32, to: i32): void {
  const job = changetype<PackJob>(at);
  const last = min(to * CHUNK_ROWS, job.paddedRows);
  for (let row = from * CHUNK_ROWS; row < last; row++) {
    const shift: usize = job.single != 0 ? 2 : 3;
    const out = job.pairs + <usize>(row >> 1) * job.stride + ((<usize>(row & 1)) << shift);
    const inside = row >= job.lead && row < job.lead + job.rows;
    const source = job.source + <usize>(row - job.lead) * job.sourceStride;
    if (job.single != 0) packRow32(out, source, inside ? job.columns : 0, job.columns);
    else packRow64(out, source, inside ? job.columns : 0, job.columns);
  }
}

function packRow64(out: usize, source: usize, columns: i32, all: i32): void {
  let t = 0;
  for (; t < columns; t++) {
    store<f64>(out, load<f64>(source));
    out += 16;
    source += 8;
  }
  for (; t < all; t++) {
    store<f64>(out, 0);
    out += 16;
  }
}

function packRow32(out: usize, source: usize, columns: i32, all: i32): void {
  let t = 0;
  for (; t < columns; t++) {
    store<f32>(out, load<f32>(source));
    out += 8;
    source += 4;
  }
  for (; t < all; t++) {
    store<f32>(out, 0);
    out += 8;
  }
}

/** Row pairs of a matrix that is given column by column (`rows` is its height); a chunk is CHUNK_ROWS rows. */
export function packTransposed(at: usize, scratch: usize, from: i32, to: i32): void {
  const job = changetype<PackJob>(at);
  const last = min(to * CHUNK_ROWS, job.paddedRows);
  for (let row = from * CHUNK_ROWS; row < last; row += 2) {
    let out = job.pairs + <usize>(row >> 1) * job.stride;
    let source = job.source + ((<usize>row) << 3);
    const inside = job.rows - row;
    for (let k = 0; k < job.columns; k++) {
      let pair = f64x2.splat(0);
      if (inside > 1) pair = v128.load(source);
      else if (inside == 1) pair = v128.load64_zero(source);
      v128.store(out, pair);
      out += 16;
      source += job.sourceStride;
    }
  }
}

/** Row pairs of the matrix of root_c * m_c, given bit-packed column by column; a chunk is CHUNK_ROWS rows. */
export function packMasks(at: usize, scratch: usize, from: i32, to: i32): void {
  const job = changetype<PackJob>(at);
  const last = min(to * CHUNK_ROWS, job.paddedRows);
  for (let row = from * CHUNK_ROWS; row < last; row += 2) {
    let out = job.pairs + <usize>(row >> 1) * job.stride;
    let mask = job.source + ((<usize>row) >> 3);
    let root = job.roots;
    const shift = <usize>(row & 7);
    for (let k = 0; k < job.columns; k++) {
      const bits = ((<usize>load<u8>(mask)) >> shift) & 3;
      v128.store(out, v128.and(v128.load64_splat(root), v128.load(PAIR_MASKS + (bits << 4))));
      out += 16;
      root += 8;
      mask += job.sourceStride;
    }
  }
}

/** Row pairs of float32 in float64; a chunk is CHUNK_ROWS rows. */
export function packWidened(at: usize, scratch: usize, from: i32, to: i32): void {
  const job = changetype<PackJob>(at);
  const last = min(to * CHUNK_ROWS, job.paddedRows);
  for (let row = from * CHUNK_ROWS; row < last; row += 2) {
    const pair = <usize>(row >> 1);
    promotePairs(job.source + pair * job.sourceStride, 0, job.pairs + pair * job.stride, 1, job.columns);
  }
}

/** Splat panels of an update from row pairs; a chunk is one panel. */
export function packPanels(at: usize, scratch: usize, from: i32, to: i32): void {
  const job = changetype<UpdateJob>(at);
  const bytes = <usize>job.depth * TILE_COLUMNS * 8;
  for (let panel = from; panel < to; panel++) {
    const out = job.panels + <usize>panel * bytes;
    for (let c = 0; c < TILE_COLUMNS; c++) {
      const row = <usize>(job.sourceColumn + panel * TILE_COLUMNS + c);
      const source = job.source + (row >> 1) * job.sourceStride + ((row & 1) << 3);
      copyToPanel(source, out + ((<usize>c) << 3), job.depth);
    }
  }
}

/** Every second number of a row pair to every TILE_COLUMNS-th of a panel. */
export function copyToPanel(source: usize, out: usize, depth: i32): void {
  for (let k = 0; k < depth; k++) {
    store<f64>(out, load<f64>(source));
    source += 16;
    out += TILE_COLUMNS * 8;
  }
}
