import { patternCount } from '../src/arrangement/group-count.js';
import { widenRows } from '../src/arrangement/sub-network-pattern.js';
import type { CheckedProblem } from '../src/problem/problem-input.js';
import { programOf } from '../src/problem/solve.js';
import { countNoun, durationText } from '../src/report/number-text.js';
import { forecastSolve, measureSpeed } from '../src/training/forecast.js';
import { align } from './align.js';

/** How large a problem is, and what its solve may need. */
export interface SolveDryRun {
  readonly dryRun: true;
  readonly rows: number;
  readonly columns: number;
  readonly outputs: number;
  /** Patterns of the program, or, where a search finds them, those in scope: counted, or at most so many. */
  readonly patterns: number;
  readonly patternsExact: boolean;
  /** Dimensions of the search over all arrangements; null without one. */
  readonly searchDimensions: number | null;
  /** Wall-clock seconds on one thread; null where a search decides. */
  readonly seconds: number | null;
  readonly bytes: number;
  /** Time and memory may be off by so much in either direction. */
  readonly factor: number;
  /** A warning that the solve would begin with. */
  readonly notice: string | null;
}

/** Leaves that a search over all arrangements holds at most, as far as was seen (docs/benchmarks.md). */
const HELD = 250;

export function solveDryRun(checked: CheckedProblem): SolveDryRun {
  const { program, plan } = programOf(checked);
  const { rows, outputs, formulation, patterns } = program;
  const counted = plan.oracle
    ? patternCount(widenRows(rows), checked.widths)
    : { count: patterns.length, exact: true };
  const leaves = plan.oracle ? HELD : patterns.reduce((sum, pattern) => sum + pattern.leaves.length, 0);
  const forecast = forecastSolve({ n: rows.n, d: rows.d, outputs, leaves, formulation }, measureSpeed());
  return {
    dryRun: true,
    rows: rows.n,
    columns: rows.d,
    outputs,
    patterns: counted.count,
    patternsExact: counted.exact,
    searchDimensions: plan.oracle?.dims ?? null,
    ...forecast,
    seconds: plan.oracle ? null : forecast.seconds,
    notice: plan.notice,
  };
}

export function solveDryRunLines(path: string, size: SolveDryRun): string[] {
  const { patterns, patternsExact, searchDimensions, seconds, factor, notice } = size;
  const count =
    Number.isFinite(patterns) && patterns < 1e6
      ? countNoun(patterns, 'pattern')
      : `${patterns.toPrecision(2)} patterns`;
  return [
    `${path}: ${countNoun(size.rows, 'row')}, ${countNoun(size.columns, 'column')}`,
    '',
    ...align([
      ['Patterns', patternsExact ? count : `at most ${count}`],
      [
        'Time',
        seconds === null
          ? `that of a search in ${searchDimensions ?? 0} dimensions: up to 4 a second or so, 5 ten, 6 a minute or two`
          : `about ${durationText(seconds)} on one thread, right to within a factor of ${factor}`,
      ],
      ['Memory', `about ${Math.round(size.bytes / 1e6)} MB`],
      ['Done', 'nothing: --dry-run'],
    ]),
    ...(notice === null ? [] : ['', notice]),
  ];
}
