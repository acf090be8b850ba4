import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixed, normalRows, rowsArbitrary } from '../../test/fixtures/random-program.js';
import { cells, type EnumerationReport } from './cells.js';
import { depth3Patterns } from './group-patterns.js';
import { activeCount, patternKey } from './pattern.js';
import { groupKey, isSilent, realisedPattern, type Rows } from './sub-network-pattern.js';

// A comparison with brute force is in test/oracles/arrangement.test.ts.
describe('depth3Patterns', () => {
  it('are patterns that their gates realise, none silent, each group once', () => {
    fc.assert(
      fc.property(rowsArbitrary({ maxN: 7, maxD: 2 }), fc.integer({ min: 1, max: 2 }), (rows, width) => {
        let report: EnumerationReport | undefined;
        const keys = new Set<string>();
        let count = 0;
        for (const pattern of depth3Patterns(rows, width, { onReport: (r) => (report = r) })) {
          count++;
          keys.add(groupKey(pattern));
          expect(pattern.leaves.length).toBe(width);
          expect(pattern.leaves.some(({ sign }) => sign > 0)).toBe(true);
          expect(isSilent(pattern)).toBe(false);
          expect(groupKey(realisedPattern(rows, pattern.gates))).toBe(groupKey(pattern));
        }
        expect(keys.size).toBe(count);
        expect(report).toMatchObject({ cells: count, unresolved: 0 });
      }),
      fixed(60),
    );
  });

  it('of width 1 are the cells that are active somewhere, with the second layer active everywhere', () => {
    const rows = normalRows(9, 3, 5);
    const found = [...depth3Patterns(rows, 1)];
    const first = found.map(({ units }) => patternKey(units[0]!.pattern));
    const expected = Array.from(cells(rows), ({ pattern }) => pattern).filter((p) => activeCount(p) > 0);
    expect(first.sort()).toEqual(expected.map(patternKey).sort());
    for (const { units } of found) expect(activeCount(units[1]!.pattern)).toBe(9);
  });

  it('are none where every row is zero', () => {
    const rows: Rows = { X: new Float64Array(6), n: 3, d: 2 };
    expect([...depth3Patterns(rows, 2)]).toEqual([]);
  });

  it('do not depend on the scale of the rows', () => {
    const rows = normalRows(6, 2, 8);
    const scaled = { ...rows, X: rows.X.map((value, at) => value * [1e-9, 1, 1e9][(at >> 1) % 3]!) };
    const first = (of: Rows): string[] => Array.from(depth3Patterns(of, 1), groupKey).sort();
    expect(first(scaled)).toEqual(first(rows));
    const all = { ...rows, X: rows.X.map((value) => 1e9 * value) };
    const keys = (of: Rows): string[] => Array.from(depth3Patterns(of, 2), groupKey).sort();
    expect(keys(all)).toEqual(keys(rows));
  });

  it('are found for three columns and three neurons too', () => {
    const found = new Set(Array.from(depth3Patterns(normalRows(4, 3, 1), 3), groupKey));
    expect(found.size).toBeGreaterThan(3000);
  });
});
