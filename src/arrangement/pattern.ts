/**
 * Activation pattern of one unit on n rows, bit-packed: bit i (of word i >> 5) is 1 where the unit is active.
 * Bits from n on are 0.
 */
export type ActivationPattern = Uint32Array;

/** Number of 32-bit words that hold n bits. */
export function wordCount(n: number): number {
  return (n + 31) >>> 5;
}

/** The pattern 1[preactivation ≥ 0]; on the hyperplane itself a unit counts as active (theory: D = diag(1[Xw ≥ 0])). */
export function patternOf(preactivation: Float64Array): ActivationPattern {
  const words = new Uint32Array(wordCount(preactivation.length));
  for (let i = 0; i < preactivation.length; i++) {
    if (preactivation[i]! >= 0) words[i >>> 5]! |= 1 << (i & 31);
  }
  return words;
}

/** The pattern in which each of the n rows is active. */
export function allActive(n: number): ActivationPattern {
  return patternOf(new Float64Array(n));
}

export function isActive(pattern: ActivationPattern, row: number): boolean {
  return ((pattern[row >>> 5]! >>> (row & 31)) & 1) === 1;
}

/** Rows active in both patterns. */
export function intersection(a: ActivationPattern, b: ActivationPattern): ActivationPattern {
  return a.map((word, w) => word & b[w]!);
}

/** Rows active in either pattern. */
export function union(a: ActivationPattern, b: ActivationPattern): ActivationPattern {
  return a.map((word, w) => word | b[w]!);
}

/** Number of active rows. */
export function activeCount(pattern: ActivationPattern): number {
  let total = 0;
  for (let word of pattern) {
    word -= (word >>> 1) & 0x55555555;
    word = (word & 0x33333333) + ((word >>> 2) & 0x33333333);
    total += Math.imul((word + (word >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return total;
}

/** Key by which equal patterns are found again (not a hash: two patterns have the same key only if they are equal). */
export function patternKey(pattern: ActivationPattern): string {
  let key = '';
  for (const word of pattern) key += String.fromCharCode(word & 0xffff, word >>> 16);
  return key;
}
