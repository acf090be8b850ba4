import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixed, normalRows, rowsArbitrary } from '../../test/fixtures/random-program.js';
import { cells } from './cells.js';
import { patternCount } from './group-count.js';
import { depth3Patterns } from './group-patterns.js';
import { samplePatterns } from './pattern-source.js';

function lengthOf(items: Iterable<unknown>): number {
  return Array.from(items).length;
}

describe('patternCount', () => {
  it('is the number of cells at depth 2, and of groups at depth 3 or an upper bound of it', () => {
    fc.assert(
      fc.property(rowsArbitrary({ maxN: 6, maxD: 3 }), fc.integer({ min: 1, max: 2 }), (rows, width) => {
        expect(patternCount(rows, [])).toEqual({ count: lengthOf(cells(rows)), exact: true });
        const { count, exact } = patternCount(rows, [width]);
        const enumerated = lengthOf(depth3Patterns(rows, width));
        if (exact) expect(count).toBe(enumerated);
        else expect(count).toBeGreaterThanOrEqual(enumerated);
      }),
      fixed(60),
    );
  });

  it('is an upper bound where it does not count', () => {
    const rows = normalRows(9, 2, 3);
    for (const widths of [[3], [4], [2, 2]]) {
      const { count, exact } = patternCount(rows, widths);
      expect(exact).toBe(false);
      const { patterns } = samplePatterns(rows, { count: 3000, seed: 1, widths });
      expect(count).toBeGreaterThan(patterns.length);
      if (widths.length === 1 && widths[0] === 3) {
        expect(count).toBeGreaterThanOrEqual(lengthOf(depth3Patterns(rows, 3)));
      }
    }
    expect(patternCount(normalRows(2000, 40, 1), [])).toMatchObject({ exact: false });
    expect(patternCount({ X: new Float64Array(4), n: 2, d: 2 }, [])).toEqual({ count: 1, exact: true });
  });
});
