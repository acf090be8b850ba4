/**
 * For each row of a row-major n×d matrix the first row that equals it (itself where none is earlier): 0 equals −0, and
 * NaN nothing. By hashing, O(n·d) unless most hashes collide.
 */
export function firstEqualRow(values: Float64Array | Float32Array, n: number, d: number): Int32Array {
  const first = new Int32Array(n);
  const slots = 2 ** Math.ceil(Math.log2(2 * n + 1));
  /** 1 + the first row of each hash, open addressing; 0 for none. */
  const table = new Int32Array(slots);
  const number = new Float64Array(1);
  const halves = new Uint32Array(number.buffer);
  for (let i = 0; i < n; i++) {
    let hash = 0;
    for (let t = 0; t < d; t++) {
      number[0] = values[i * d + t]! + 0; // −0 + 0 is 0
      hash = Math.imul(hash ^ halves[0]!, 0x85ebca6b) ^ halves[1]!;
      hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35);
    }
    let at = (hash ^ (hash >>> 16)) & (slots - 1);
    while (table[at]! > 0 && !isEqual(values, (table[at]! - 1) * d, i * d, d)) at = (at + 1) & (slots - 1);
    if (table[at] === 0) table[at] = i + 1;
    first[i] = table[at]! - 1;
  }
  return first;
}

function isEqual(values: Float64Array | Float32Array, a: number, b: number, d: number): boolean {
  for (let t = 0; t < d; t++) if (values[a + t] !== values[b + t]) return false;
  return true;
}
