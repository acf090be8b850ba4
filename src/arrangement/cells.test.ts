import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../test/fixtures/close.js';
import { fixed, integerRows, normalRows, rowsArbitrary } from '../../test/fixtures/random-program.js';
import { coverCount } from '../../test/oracles/brute-force.js';
import { UNIT_LENGTH } from '../../test/tolerances.js';
import { norm2 } from '../linalg/vector.js';
import { cells, countCells, type Cell, type EnumerationReport } from './cells.js';
import { INCIDENCE_TOLERANCE } from './hyperplanes.js';
import { patternKey, patternOf } from './pattern.js';
import { preactivation, type Rows } from './sub-network-pattern.js';

/** All cells, after checking that each is what it says, comes once, and is followed by its opposite. */
function checkedCells(rows: Rows, wanted?: Partial<EnumerationReport>): Cell[] {
  let report: EnumerationReport | undefined;
  const found = [...cells(rows, { onReport: (r) => (report = r) })];
  const zero = (i: number): boolean => rows.X.subarray(i * rows.d, (i + 1) * rows.d).every((x) => x === 0);
  found.forEach(({ pattern, witness }, at) => {
    const values = preactivation(rows, witness);
    expect(patternOf(values)).toEqual(pattern);
    expectClose([norm2(witness)], [1], UNIT_LENGTH);
    expect(values.every((value, i) => value !== 0 || zero(i))).toBe(true);
    if (at % 2 === 1) expect(witness).toEqual(found[at - 1]!.witness.map((value) => -value));
  });
  expect(keysOf(found).size).toBe(found.length);
  expect(report).toMatchObject({ cells: found.length, unresolved: 0, ...wanted });
  return found;
}

function keysOf(found: Iterable<Cell>): Set<string> {
  return new Set(Array.from(found, ({ pattern }) => patternKey(pattern)));
}

/** Rows with columns given by functions of the row. */
function table(n: number, ...columns: ((i: number) => number)[]): Rows {
  const X = Float64Array.from({ length: n * columns.length }, (_, at) =>
    columns[at % columns.length]!(Math.floor(at / columns.length)),
  );
  return { X, n, d: columns.length };
}

const one = (): number => 1;

describe('cells', () => {
  it.each([
    [40, 1],
    [60, 2],
    [40, 3],
    [20, 4],
    [14, 5],
    [11, 6],
    [7, 7],
    [5, 9],
  ])("are Cover's number for %i rows in general position of dimension %i", (n, d) => {
    const rows = normalRows(n, d, 7 * n + d);
    expect(checkedCells(rows).length).toBe(coverCount(n, d));
    expect(countCells(rows)).toBe(coverCount(n, d));
  });

  it('are as many as deletion and restriction count, whatever the rows', () => {
    fc.assert(
      fc.property(rowsArbitrary({ maxN: 16, maxD: 5 }), (rows) => {
        expect(checkedCells(rows).length).toBe(countCells(rows));
      }),
      fixed(150),
    );
  });

  it.each<[string, Rows]>([
    ['integers on a line with a bias', table(101, (i) => i - 50, one)],
    ['years with a bias', table(80, (i) => 1940 + i, one)],
    ['time stamps with a bias', table(60, (i) => 1.7e9 + 3600 * i, one)],
    ['a 10×10 grid with a bias', table(100, (i) => i % 10, (i) => Math.floor(i / 10), one)], // prettier-ignore
    ['a 3×3×3 grid with a bias', table(27, (i) => i % 3, (i) => Math.floor(i / 3) % 3, (i) => Math.floor(i / 9), one)], // prettier-ignore
    ['tenths far from the origin', table(64, (i) => 1000 + (i % 8) / 10, (i) => -77 + (i >> 3) / 10, one)], // prettier-ignore
    ['binary columns', table(32, (i) => i & 1, (i) => (i >> 1) & 1, (i) => (i >> 2) & 1, (i) => (i >> 3) & 1, one)], // prettier-ignore
    ['a circle: one cell with as many facets as rows', table(90, (i) => Math.cos(i), (i) => Math.sin(i), one)], // prettier-ignore
    ['a moment curve: cells with many facets', table(25, one, (i) => i, (i) => i ** 2, (i) => i ** 3)], // prettier-ignore
    ['columns of very different size', table(30, (i) => 1e9 * Math.cos(3 * i), (i) => 1e-9 * (i % 5), one)], // prettier-ignore
    ['dependent columns', table(20, (i) => i, (i) => (i * i) % 7, (i) => 2 * i - ((i * i) % 7) + 3, one)], // prettier-ignore
    ['one-hot columns with a bias', table(9, ...[0, 1, 2].map((k) => (i: number) => (i % 3 === k ? 1 : 0)), one)], // prettier-ignore
  ])('are all found on %s', (_, rows) => {
    const found = checkedCells(rows);
    expect(found.length).toBe(countCells(rows));
  });

  it('are 2n for n integers with a bias: one for each gap and side', () => {
    expect(checkedCells(table(50, (i) => i, one)).length).toBe(100);
  });

  it('do not depend on the scale of rows or columns, nor on repeated, opposite and zero rows', () => {
    fc.assert(
      fc.property(rowsArbitrary({ maxN: 10, maxD: 4 }), fc.integer(), ({ X, n, d }, salt) => {
        const scale = (i: number): number => [1e-9, 1, 1e9, 1e-150, 1e150][Math.abs(salt + i) % 5]!;
        const expected = keysOf(cells({ X, n, d }));
        const byRow = X.map((value, at) => value * scale(Math.floor(at / d)));
        expect(keysOf(checkedCells({ X: byRow, n, d }))).toEqual(expected);
        const byColumn = X.map((value, at) => value * [1e-9, 1, 1e9][(Math.abs(salt) + (at % d)) % 3]!);
        expect(keysOf(checkedCells({ X: byColumn, n, d }))).toEqual(expected);
        const more = Float64Array.of(...X, ...X.map((value) => -value / 3), ...new Float64Array(d), ...X);
        expect(checkedCells({ X: more, n: 3 * n + 1, d }).length).toBe(expected.size);
      }),
      fixed(60),
    );
  });

  it('are one, everything active, where there is no hyperplane', () => {
    for (const rows of [
      table(
        3,
        () => 0,
        () => 0,
      ),
      { X: new Float64Array(0), n: 0, d: 2 },
    ]) {
      // prettier-ignore
      const [cell, ...others] = cells(rows);
      expect(others).toEqual([]);
      expect(cell!.pattern).toEqual(patternOf(new Float64Array(rows.n)));
      expect(norm2(cell!.witness)).toBe(1);
    }
  });

  it('come one at a time: the first of 1e15 cells at once, and memory does not grow', () => {
    const stream = cells(normalRows(200, 8, 3));
    for (let k = 0; k < 2000; k++) stream.next();
    const before = process.memoryUsage();
    for (let k = 0; k < 20_000; k++) expect(stream.next().done).toBe(false);
    const after = process.memoryUsage();
    // 20 000 cells held would be 20 000 patterns and witnesses in as many buffers: about 10 MB of array buffers.
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(40e6);
    stream.return();
  });
});

describe('the tolerance of cells', () => {
  /** A 5×5 grid with a bias, its points moved by about `size`. */
  function shaken(size: number): Rows {
    const grid = table(25, (i) => (i % 5) - 2, (i) => Math.floor(i / 5) - 2, one); // prettier-ignore
    const noise = normalRows(25, 3, 11).X;
    return { ...grid, X: grid.X.map((value, at) => value + size * noise[at]!) };
  }

  it('finds every thin cell well above it', () => {
    const found = checkedCells(shaken(1e-7));
    expect(found.length).toBe(coverCount(25, 3));
  });

  it('misses thin cells below it, and says so', () => {
    const thick = keysOf(cells(shaken(0)));
    let report: EnumerationReport | undefined;
    const found = keysOf(cells(shaken(1e-12), { onReport: (r) => (report = r) }));
    expect(found).toEqual(thick);
    expect(report!.largestZero).toBeGreaterThan(1e-13);
    expect(report!.largestZero).toBeLessThanOrEqual(INCIDENCE_TOLERANCE);
    checkedCells(integerRows(20, 3, 5));
  });

  it.each([1e-8, 1e-9, 1e-10, 1e-11])(
    'yields only cells that exist where noise of %f makes incidences doubtful',
    (size) => {
      const rows = shaken(size);
      let report: EnumerationReport | undefined;
      const found = [...cells(rows, { onReport: (r) => (report = r) })];
      for (const { pattern, witness } of found)
        expect(patternOf(preactivation(rows, witness))).toEqual(pattern);
      expect(keysOf(found).size).toBe(found.length);
      expect(report!.cells).toBe(found.length);
      expect(found.length).toBeLessThanOrEqual(coverCount(25, 3));
    },
  );
});
