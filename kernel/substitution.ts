/* b = (L*L')^-1 * b: two passes over L, bound by memory. */
import { PANEL, entryAddress, pairStride, rowAddress } from './layout';
import { FactorJob } from './jobs';

export function substitute(at: usize): void {
  const job = changetype<FactorJob>(at);
  for (let row = 0; row < job.order; row += PANEL) {
    takeOffEarlier(job, row);
    solvePanelForward(job, row, min(row + PANEL, job.order));
  }
  for (let row = ((job.order - 1) / PANEL) * PANEL; row >= 0; row -= PANEL) {
    solvePanelBack(job, row, min(row + PANEL, job.order));
    takeOffLater(job, row);
  }
}

function solvePanelForward(job: FactorJob, first: i32, last: i32): void {
  for (let i = first; i < last; i++) {
    const b = job.vector + ((<usize>i) << 3);
    let sum = load<f64>(b);
    for (let k = first; k < i; k++) {
      sum -= load<f64>(entryAddress(job.h, i, k)) * load<f64>(job.vector + ((<usize>k) << 3));
    }
    store<f64>(b, sum / load<f64>(entryAddress(job.h, i, i)));
  }
}

function solvePanelBack(job: FactorJob, first: i32, last: i32): void {
  for (let i = last - 1; i >= first; i--) {
    const b = job.vector + ((<usize>i) << 3);
    let sum = load<f64>(b);
    for (let k = i + 1; k < last; k++) {
      sum -= load<f64>(entryAddress(job.h, k, i)) * load<f64>(job.vector + ((<usize>k) << 3));
    }
    store<f64>(b, sum / load<f64>(entryAddress(job.h, i, i)));
  }
}

/** b over a panel -= L over earlier columns * b. */
function takeOffEarlier(job: FactorJob, row: i32): void {
  const stride = pairStride(row);
  let h0 = rowAddress(job.h, row);
  let h1 = h0 + stride;
  let h2 = h1 + stride;
  let h3 = h2 + stride;
  let h4 = h3 + stride;
  let h5 = h4 + stride;
  const b = job.vector + ((<usize>row) << 3);
  let s0 = v128.load(b);
  let s1 = v128.load(b, 16);
  let s2 = v128.load(b, 32);
  let s3 = v128.load(b, 48);
  let s4 = v128.load(b, 64);
  let s5 = v128.load(b, 80);
  for (let y = job.vector; y != b; y += 8) {
    const value = v128.load64_splat(y);
    s0 = f64x2.sub(s0, f64x2.mul(value, v128.load(h0)));
    s1 = f64x2.sub(s1, f64x2.mul(value, v128.load(h1)));
    s2 = f64x2.sub(s2, f64x2.mul(value, v128.load(h2)));
    s3 = f64x2.sub(s3, f64x2.mul(value, v128.load(h3)));
    s4 = f64x2.sub(s4, f64x2.mul(value, v128.load(h4)));
    s5 = f64x2.sub(s5, f64x2.mul(value, v128.load(h5)));
    h0 += 16;
    h1 += 16;
    h2 += 16;
    h3 += 16;
    h4 += 16;
    h5 += 16;
  }
  v128.store(b, s0);
  v128.store(b, s1, 16);
  v128.store(b, s2, 32);
  v128.store(b, s3, 48);
  v128.store(b, s4, 64);
  v128.store(b, s5, 80);
}

/** b over earlier rows -= L' of a panel * b over the panel, two columns of L at a time. */
function takeOffLater(job: FactorJob, row: i32): void {
  const stride = pairStride(row);
  const h = rowAddress(job.h, row);
  const b = job.vector + ((<usize>row) << 3);
  const x0 = v128.load(b);
  const x1 = v128.load(b, 16);
  const x2 = v128.load(b, 32);
  const x3 = v128.load(b, 48);
  const x4 = v128.load(b, 64);
  const x5 = v128.load(b, 80);
  let at = h;
  for (let y = job.vector; y != b; y += 16) {
    let s0 = f64x2.mul(x0, v128.load(at));
    let s1 = f64x2.mul(x0, v128.load(at, 16));
    let next = at + stride;
    s0 = f64x2.add(s0, f64x2.mul(x1, v128.load(next)));
    s1 = f64x2.add(s1, f64x2.mul(x1, v128.load(next, 16)));
    next += stride;
    s0 = f64x2.add(s0, f64x2.mul(x2, v128.load(next)));
    s1 = f64x2.add(s1, f64x2.mul(x2, v128.load(next, 16)));
    next += stride;
    s0 = f64x2.add(s0, f64x2.mul(x3, v128.load(next)));
    s1 = f64x2.add(s1, f64x2.mul(x3, v128.load(next, 16)));
    next += stride;
    s0 = f64x2.add(s0, f64x2.mul(x4, v128.load(next)));
    s1 = f64x2.add(s1, f64x2.mul(x4, v128.load(next, 16)));
    next += stride;
    s0 = f64x2.add(s0, f64x2.mul(x5, v128.load(next)));
    s1 = f64x2.add(s1, f64x2.mul(x5, v128.load(next, 16)));
    const sum = f64x2.add(v128.shuffle<f64>(s0, s1, 0, 2), v128.shuffle<f64>(s0, s1, 1, 3));
    v128.store(y, f64x2.sub(v128.load(y), sum));
    at += 32;
  }
}
