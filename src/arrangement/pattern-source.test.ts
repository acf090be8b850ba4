import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { fixed, normalRows } from '../../test/fixtures/random-program.js';
import { allCells, coverCount } from '../../test/oracles/brute-force.js';
import { normalGenerator } from '../random.js';
import { isActive } from './pattern.js';
import { patternsOfGates, samplePatterns } from './pattern-source.js';
import {
  groupKey,
  isSilent,
  realisedPattern,
  type Rows,
  type SubNetworkPattern,
} from './sub-network-pattern.js';

function signsOf(pattern: SubNetworkPattern, unit: number, n: number): string {
  return Array.from({ length: n }, (_, i) => (isActive(pattern.units[unit]!.pattern, i) ? '1' : '0')).join(
    '',
  );
}

function scaled(rows: Rows, factor: (column: number) => number): Rows {
  return { ...rows, X: rows.X.map((value, at) => value * factor(at % rows.d)) };
}

function keysOf(patterns: readonly SubNetworkPattern[]): string[] {
  return patterns.map(groupKey);
}

const widthsArbitrary = fc.constantFrom<(readonly number[])[]>([], [1], [2], [3]);

describe('samplePatterns', () => {
  it('gives the same patterns for the same seed, and others for another', () => {
    const rows = normalRows(20, 3, 1);
    for (const widths of [[], [2], [2, 2]]) {
      const options = { count: 30, seed: 5, widths };
      expect(samplePatterns(rows, options)).toEqual(samplePatterns(rows, options));
      const other = samplePatterns(rows, { ...options, seed: 6 });
      expect(keysOf(other.patterns)).not.toEqual(keysOf(samplePatterns(rows, options).patterns));
    }
  });

  it('keeps each group once, leaves out silent ones, and its gates realise them', () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.integer({ min: 1, max: 8 }), widthsArbitrary, (seed, n, widths) => {
        const rows = normalRows(n, 2, seed);
        const { patterns, candidates } = samplePatterns(rows, { count: 60, seed, widths });
        expect(candidates).toBe(60);
        expect(new Set(keysOf(patterns)).size).toBe(patterns.length);
        for (const pattern of patterns) {
          expect(isSilent(pattern)).toBe(false);
          expect(pattern.leaves.length).toBe(widths.reduce((product, m) => product * m, 1));
          expect(groupKey(realisedPattern(rows, pattern.gates))).toBe(groupKey(pattern));
        }
      }),
      fixed(60),
    );
  });

  it('draws the longer sequence as a continuation of the shorter one', () => {
    const rows = normalRows(12, 3, 2);
    for (const widths of [[], [2], [2, 2]]) {
      const few = keysOf(samplePatterns(rows, { count: 10, seed: 3, widths }).patterns);
      const many = keysOf(samplePatterns(rows, { count: 100, seed: 3, widths }).patterns);
      expect(many.slice(0, few.length)).toEqual(few);
    }
  });

  it('draws depths 2 and 3 from the generator as version 0.1 did: first layer, then second, tree after tree', () => {
    const rows: Rows = { X: Float64Array.of(1, 1, 1, -1, -1, 1), n: 3, d: 2 };
    for (const m of [0, 3]) {
      const normal = normalGenerator(4);
      const { patterns } = samplePatterns(rows, { count: 1, seed: 4, widths: m === 0 ? [] : [m] });
      const first = Array.from({ length: Math.max(1, m) }, () => Float64Array.of(normal(), normal()));
      const second = Float64Array.from({ length: m }, () => normal());
      expect(patterns.map(({ gates }) => gates)).toEqual([{ first, inner: m === 0 ? [] : [[second]] }]);
    }
  });

  it('does not depend on the units of the columns nor on the scale of X', () => {
    const rows = normalRows(25, 4, 8);
    const units = [1e-9, 3, 1e9, 7e-200];
    for (const widths of [[], [2], [2, 2]]) {
      const options = { count: 40, seed: 9, widths };
      const keys = keysOf(samplePatterns(rows, options).patterns);
      expect(
        keysOf(
          samplePatterns(
            scaled(rows, (column) => units[column]!),
            options,
          ).patterns,
        ),
      ).toEqual(keys);
      expect(
        keysOf(
          samplePatterns(
            scaled(rows, () => 1e-250),
            options,
          ).patterns,
        ),
      ).toEqual(keys);
      expect(
        keysOf(
          samplePatterns(
            scaled(rows, () => 1e250),
            options,
          ).patterns,
        ),
      ).toEqual(keys);
    }
  });

  it('copes with a column of zeros', () => {
    const rows = scaled(normalRows(10, 3, 4), (column) => (column === 1 ? 0 : 1));
    const { patterns } = samplePatterns(rows, { count: 20, seed: 1, widths: [] });
    for (const { gates } of patterns) expect(gates.first[0]!.every(Number.isFinite)).toBe(true);
  });

  it.each([
    { n: 5, d: 1 },
    { n: 4, d: 2 },
    { n: 8, d: 2 },
    { n: 5, d: 3 },
    { n: 7, d: 3 },
  ])('finds only cells that exist, and with many draws all of them: n = $n, d = $d', async ({ n, d }) => {
    const rows = normalRows(n, d, 20 * n + d);
    const cells = await allCells(rows);
    expect(cells.size).toBe(coverCount(n, d));
    cells.delete('0'.repeat(n)); // silent
    const { patterns } = samplePatterns(rows, { count: 100_000, seed: 1, widths: [] });
    const found = new Set(patterns.map((pattern) => signsOf(pattern, 0, n)));
    expect(found).toEqual(cells);
    expect(patterns.length).toBe(cells.size);
  });

  it('takes every first-layer pattern of deeper sub-networks from the same cells', async () => {
    const rows = normalRows(6, 2, 77);
    const cells = await allCells(rows);
    const { patterns } = samplePatterns(rows, { count: 300, seed: 2, widths: [2] });
    for (const pattern of patterns) {
      for (const unit of [0, 1]) expect(cells.has(signsOf(pattern, unit, 6))).toBe(true);
    }
  });
});

describe('patternsOfGates', () => {
  it('keeps the order, the first gate of equal patterns, and no silent pattern', () => {
    const rows = { X: Float64Array.of(1, 0, 0, 1), n: 2, d: 2 };
    const { patterns, candidates } = patternsOfGates(rows, [
      [1, -1],
      [-1, -1],
      Float64Array.of(2, -7),
      [-1, 1],
      [0, 0],
    ]);
    expect(candidates).toBe(5);
    expect(patterns.map((pattern) => signsOf(pattern, 0, 2))).toEqual(['10', '01', '11']);
    expect([...patterns[0]!.gates.first[0]!]).toEqual([1, -1]);
  });

  it('copies the gates it was given', () => {
    const gate = Float64Array.of(1, 1);
    const { patterns } = patternsOfGates({ X: Float64Array.of(1, 0), n: 1, d: 2 }, [gate]);
    gate.fill(-5);
    expect([...patterns[0]!.gates.first[0]!]).toEqual([1, 1]);
  });
});
