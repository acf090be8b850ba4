/**
 * Enumeration of hyperplane arrangements: cells per second by rank and number of rows, each case in a process of its
 * own so that its peak memory is its own.
 *
 *   npm run bench -- arrangements            every case
 *   npm run bench -- arrangements "rank 3"   the cases whose name contains "rank 3"
 *
 * Correctness first: every cell is checked as it comes, the number of cells against Cover's formula (general position)
 * or against deletion and restriction (otherwise); a mismatch makes the exit code 1.
 */
import { cellCountBound } from '../src/arrangement/cell-count.js';
import { cells, countCells } from '../src/arrangement/cells.js';
import { depth3Patterns } from '../src/arrangement/group-patterns.js';
import type { Rows } from '../src/arrangement/sub-network-pattern.js';
import { normalGenerator } from '../src/random.js';
import { inChild } from './in-child.js';

/** First argument of the child processes, followed by the name of a case. */
const CHILD = '--arrangement';

interface ArrangementCase {
  readonly name: string;
  readonly rows: () => Rows;
  /** Whether Cover's formula is exact. */
  readonly general: boolean;
  /** Width of sub-networks of depth 3 whose patterns are enumerated; without, cells are. */
  readonly width?: number;
}

interface Measurement {
  readonly n: number;
  readonly cells: number;
  readonly seconds: number;
  /** Null where there is no count without enumeration. */
  readonly countSeconds: number | null;
  readonly peakMiB: number;
  readonly right: boolean;
}

const generalPosition: readonly ArrangementCase[] = [
  [2, 1000],
  [2, 10_000],
  [3, 100],
  [3, 300],
  [3, 1000],
  [4, 50],
  [4, 100],
  [4, 200],
  [5, 30],
  [5, 60],
  [6, 20],
  [6, 35],
].map(([r, n]) => ({
  name: `normal rank ${r} n ${n}`,
  rows: () => normalRows(n ?? 0, r ?? 0),
  general: true,
}));

const degenerate: readonly ArrangementCase[] = [
  { name: 'integers 1 … 1000 and a bias', rows: () => grid([1000]) },
  { name: '10×10 grid and a bias', rows: () => grid([10, 10]) },
  { name: '30×30 grid and a bias', rows: () => grid([30, 30]) },
  { name: '5×5×5 grid and a bias', rows: () => grid([5, 5, 5]) },
].map((known) => ({ ...known, general: false }));

const subNetworks: readonly ArrangementCase[] = [10, 20, 40].map((n) => ({
  name: `depth 3 width 2, normal rank 2 n ${n}`,
  rows: () => normalRows(n, 2),
  general: false,
  width: 2,
}));

const cases = [...generalPosition, ...degenerate, ...subNetworks];

if (process.argv[2] === CHILD) measure(process.argv[3] ?? '');

/** Prints the table of the cases whose name contains every one of `parts`. */
export async function benchArrangements(parts: readonly string[]): Promise<void> {
  console.log('| case | n | cells | seconds | cells per second | counting only, seconds | peak MiB |');
  console.log('| --- | --- | --- | --- | --- | --- | --- |');
  for (const { name } of cases.filter((c) => parts.every((part) => c.name.includes(part)))) {
    const m = await inChild<Measurement>(import.meta.url, [CHILD, name]);
    const figures = [m.cells, m.seconds.toFixed(2), (m.cells / m.seconds).toExponential(1)];
    const count = m.countSeconds?.toFixed(3) ?? '–';
    const mark = m.right ? '' : ' WRONG';
    console.log(`| ${[name + mark, m.n, ...figures, count, m.peakMiB.toFixed(0)].join(' | ')} |`);
    if (!m.right) process.exitCode = 1;
  }
}

function measure(name: string): void {
  const known = cases.find((c) => c.name === name);
  if (!known) throw new Error(`no case ${name}`);
  const rows = known.rows();
  let start = performance.now();
  let found = 0;
  let unresolved = 0;
  const onReport = (report: { readonly unresolved: number }): void => {
    unresolved = report.unresolved;
  };
  const stream = known.width ? depth3Patterns(rows, known.width, { onReport }) : cells(rows, { onReport });
  while (stream.next().done !== true) found++;
  const seconds = (performance.now() - start) / 1000;
  const peakMiB = process.resourceUsage().maxRSS / 1024;
  start = performance.now();
  const counted = known.width ? found : countCells(rows);
  const countSeconds = known.width ? null : (performance.now() - start) / 1000;
  const expected = known.general ? cellCountBound(rows) : counted;
  const right = found === expected && counted === expected && unresolved === 0;
  const measurement: Measurement = { n: rows.n, cells: found, seconds, countSeconds, peakMiB, right };
  process.send?.(measurement);
}

function normalRows(n: number, d: number): Rows {
  const normal = normalGenerator(n + d);
  return { X: Float64Array.from({ length: n * d }, () => normal()), n, d };
}

/** Every point of an integer grid, and a column of ones. */
function grid(sides: readonly number[]): Rows {
  const n = sides.reduce((product, side) => product * side, 1);
  const X: number[] = [];
  for (let i = 0; i < n; i++) {
    let rest = i;
    for (const side of sides) {
      X.push(rest % side);
      rest = Math.floor(rest / side);
    }
    X.push(1);
  }
  return { X: Float64Array.from(X), n, d: sides.length + 1 };
}
