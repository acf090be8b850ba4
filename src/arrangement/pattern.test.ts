import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixed } from '../../test/fixtures/random-program.js';
import {
  activeCount,
  allActive,
  intersection,
  isActive,
  patternKey,
  patternOf,
  wordCount,
  type ActivationPattern,
} from './pattern.js';

/** Lengths around the 32 bits of a word. */
const LENGTHS = [0, 1, 5, 31, 32, 33, 63, 64, 65, 100];

function unpack(pattern: ActivationPattern, n: number): boolean[] {
  return Array.from({ length: n }, (_, i) => isActive(pattern, i));
}

function pack(bits: readonly boolean[]): ActivationPattern {
  return patternOf(Float64Array.from(bits, (bit) => (bit ? 1 : -1)));
}

const bitsArbitrary = fc
  .constantFrom(...LENGTHS)
  .chain((n) => fc.array(fc.boolean(), { minLength: n, maxLength: n }));
const pairArbitrary = fc
  .constantFrom(...LENGTHS)
  .chain((n) =>
    fc.tuple(
      fc.array(fc.boolean(), { minLength: n, maxLength: n }),
      fc.array(fc.boolean(), { minLength: n, maxLength: n }),
    ),
  );

describe('activation patterns', () => {
  it('come back bit by bit, with zeros beyond the last row', () => {
    fc.assert(
      fc.property(bitsArbitrary, (bits) => {
        const pattern = pack(bits);
        expect(pattern.length).toBe(wordCount(bits.length));
        expect(unpack(pattern, bits.length)).toEqual(bits);
        expect(unpack(pattern, 32 * pattern.length).slice(bits.length)).not.toContain(true);
        expect(activeCount(pattern)).toBe(bits.filter(Boolean).length);
      }),
      fixed(200),
    );
  });

  it('count a unit on its hyperplane as active, −0 too, and NaN as inactive', () => {
    expect(unpack(patternOf(Float64Array.of(0, -0, Number.MIN_VALUE, -Number.MIN_VALUE, NaN)), 5)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  it('intersect row by row', () => {
    fc.assert(
      fc.property(pairArbitrary, ([a, b]) => {
        const both = intersection(pack(a), pack(b));
        expect(unpack(both, a.length)).toEqual(a.map((bit, i) => bit && b[i]!));
      }),
      fixed(100),
    );
  });

  it.each(LENGTHS)('allActive(%i) is active on every row and nowhere else', (n) => {
    const pattern = allActive(n);
    expect(activeCount(pattern)).toBe(n);
    expect(pattern.length).toBe(wordCount(n));
    expect(unpack(pattern, n)).not.toContain(false);
  });

  it('have one key each: equal exactly for equal patterns', () => {
    fc.assert(
      fc.property(pairArbitrary, ([a, b]) => {
        expect(patternKey(pack(a)) === patternKey(pack(b))).toBe(a.every((bit, i) => bit === b[i]));
      }),
      fixed(200),
    );
    // Every single-bit pattern of two words, lone surrogates among their key's characters.
    const keys = new Set(
      Array.from({ length: 64 }, (_, i) => patternKey(pack(Array.from({ length: 64 }, (_, k) => k === i)))),
    );
    expect(keys.size).toBe(64);
  });
});
