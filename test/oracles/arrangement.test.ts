import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { cells, countCells } from '../../src/arrangement/cells.js';
import { depth3Patterns } from '../../src/arrangement/group-patterns.js';
import { isActive, patternOf } from '../../src/arrangement/pattern.js';
import { samplePatterns } from '../../src/arrangement/pattern-source.js';
import { groupKey, type Rows, type SubNetworkPattern } from '../../src/arrangement/sub-network-pattern.js';
import { fixed, integerRows, normalRows, rowsArbitrary } from '../fixtures/random-program.js';
import { allCells, signTest } from './brute-force.js';

function text(pattern: Uint32Array, n: number): string {
  return Array.from({ length: n }, (_, i) => (isActive(pattern, i) ? '1' : '0')).join('');
}

describe('cells against brute force: every sign vector by linear programming', () => {
  it('are the same on rows of any kind', async () => {
    await fc.assert(
      fc.asyncProperty(rowsArbitrary({ maxN: 8, maxD: 4 }), async (rows) => {
        const expected = await allCells(rows);
        expect(new Set(Array.from(cells(rows), ({ pattern }) => text(pattern, rows.n)))).toEqual(expected);
        expect(countCells(rows)).toBe(expected.size);
      }),
      fixed(25),
    );
  });

  it.each([
    ['a 3×3 grid', 9, 3, (i: number) => [i % 3, Math.floor(i / 3), 1]],
    ['a line of integers', 10, 2, (i: number) => [i - 4, 1]],
    ['rank 2 in three columns', 8, 3, (i: number) => [i % 4, (i * i) % 5, (i % 4) - 2 * ((i * i) % 5)]],
    ['opposite pairs and zeros', 7, 2, (i: number) => (i === 6 ? [0, 0] : [(i % 3) * (i < 3 ? 1 : -2), 1 - 3 * Number(i >= 3)])], // prettier-ignore
    ['a cube', 8, 4, (i: number) => [i & 1, (i >> 1) & 1, i >> 2, 1]],
  ])('are the same on %s', async (_, n, d, row) => {
    const rows = { X: Float64Array.from(Array.from({ length: n }, (__, i) => row(i)).flat()), n, d };
    const expected = await allCells(rows);
    expect(new Set(Array.from(cells(rows), ({ pattern }) => text(pattern, n)))).toEqual(expected);
  });
});

describe('depth-3 patterns', () => {
  let feasible: (rows: Rows, signs: string) => boolean;
  beforeAll(async () => {
    feasible = await signTest();
  });

  /** Keys of every group by trying all sign vectors of both layers in the space of (z_1, …, z_m). */
  async function bruteForceKeys(rows: Rows, width: number): Promise<Set<string>> {
    const first = [...(await allCells(rows))];
    const neurons = first.flatMap((cell) => [1, -1].map((sign) => ({ cell, sign })));
    const keys = new Set<string>();
    const extend = (group: typeof neurons, from: number): void => {
      if (group.length === width) {
        for (const key of secondLayers(rows, group)) keys.add(key);
        return;
      }
      for (let k = from; k < neurons.length; k++) extend([...group, neurons[k]!], k);
    };
    extend([], 0);
    return keys;
  }

  function secondLayers(rows: Rows, group: readonly { cell: string; sign: number }[]): string[] {
    const { X, n, d } = rows;
    const m = group.length;
    const x = (i: number): number[] => Array.from(X.subarray(i * d, (i + 1) * d));
    const embedded = group.flatMap(({ cell }, j) =>
      Array.from({ length: n }, (_, i) => ({
        normal: group.flatMap((__, k) => x(i).map((value) => (k === j ? value : 0))),
        sign: cell[i]!,
      })),
    );
    const upper = Array.from({ length: n }, (_, i) =>
      group.flatMap(({ cell, sign }) => x(i).map((value) => (cell[i] === '1' ? sign * value : 0))),
    );
    const found: string[] = [];
    for (let code = 0; code < 2 ** n; code++) {
      const bits = upper.map((_, i) => String((code >> i) & 1));
      // No active neuron on a non-zero row: the pre-activation is 0, and the unit active.
      if (upper.some((normal, i) => normal.every((value) => value === 0) && bits[i] === '0')) continue;
      if (!bits.some((bit, i) => bit === '1' && x(i).some((value) => value !== 0) && group.some(({ cell }) => cell[i] === '1'))) continue; // prettier-ignore
      const system = [...embedded, ...upper.map((normal, i) => ({ normal, sign: bits[i]! }))];
      const all = {
        X: Float64Array.from(system.flatMap(({ normal }) => normal)),
        n: system.length,
        d: m * d,
      };
      if (feasible(all, system.map(({ sign }) => sign).join(''))) found.push(bruteKey(group, bits.join('')));
    }
    return found;
  }

  function bruteKey(group: readonly { cell: string; sign: number }[], upper: string): string {
    return [...group.map(({ cell, sign }) => (sign > 0 ? '+' : '-') + cell).sort(), upper].join('|');
  }

  function textKey({ units, leaves }: SubNetworkPattern, n: number): string {
    const group = leaves.map(({ sign }, j) => ({ sign, cell: text(units[j]!.pattern, n) }));
    return bruteKey(group, text(units[leaves.length]!.pattern, n));
  }

  it.each([
    { name: 'normal', n: 4, make: normalRows, seed: 1 },
    { name: 'normal', n: 5, make: normalRows, seed: 2 },
    { name: 'integer', n: 4, make: integerRows, seed: 3 },
    { name: 'integer', n: 5, make: integerRows, seed: 4 },
    { name: 'integer', n: 5, make: integerRows, seed: 6 },
  ])('are all that brute force finds: $n $name rows, seed $seed', async ({ n, make, seed }) => {
    const rows = make(n, 2, seed);
    for (const width of [1, 2]) {
      const found = Array.from(depth3Patterns(rows, width), (pattern) => textKey(pattern, n));
      expect(new Set(found).size).toBe(found.length);
      expect(new Set(found)).toEqual(await bruteForceKeys(rows, width));
    }
  });

  it.each([
    { n: 6, d: 2, width: 2, make: normalRows },
    { n: 12, d: 2, width: 2, make: normalRows },
    { n: 6, d: 2, width: 3, make: normalRows },
    { n: 6, d: 3, width: 2, make: normalRows },
    { n: 12, d: 2, width: 2, make: integerRows },
    { n: 8, d: 3, width: 2, make: integerRows },
    { n: 6, d: 2, width: 3, make: integerRows },
  ])('contain every group that 20 000 random sub-networks realise: $n×$d, width $width', (size) => {
    const { n, d, width, make } = size;
    const rows = make(n, d, 10 * n + d);
    const found = Array.from(depth3Patterns(rows, width), groupKey);
    const known = new Set(found);
    expect(known.size).toBe(found.length);
    const nonZero = patternOf(
      Float64Array.from({ length: n }, (_, i) =>
        rows.X.subarray(i * d, (i + 1) * d).some((value) => value !== 0) ? 1 : -1,
      ),
    );
    const { patterns } = samplePatterns(rows, { count: 20_000, seed: 1, widths: [width] });
    // Groups that reach the output on zero rows alone are zero: the enumeration leaves them out.
    const useful = patterns.filter(({ leaves }) =>
      leaves.some(({ mask }) => mask.some((word, w) => (word & nonZero[w]!) !== 0)),
    );
    expect(useful.length).toBeGreaterThan(20);
    expect(useful.map(groupKey).filter((key) => !known.has(key))).toEqual([]);
  });
});
