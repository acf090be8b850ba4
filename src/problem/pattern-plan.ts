import { cellCountBound } from '../arrangement/cell-count.js';
import { cells, type EnumerationReport } from '../arrangement/cells.js';
import { patternCountBound } from '../arrangement/group-count.js';
import { depth3Patterns } from '../arrangement/group-patterns.js';
import { patternsOfGates, samplePatterns } from '../arrangement/pattern-source.js';
import {
  realisedPattern,
  isSilent,
  type Rows,
  type StoredRows,
  widenRows,
  type SubNetworkPattern,
} from '../arrangement/sub-network-pattern.js';
import { RelucentError } from '../error.js';
import type { Executor } from '../executor/executor.js';
import { ArrangementOracle, COSTLY_DIMS } from '../pricing/arrangement-oracle.js';
import { SEARCH_DIMS } from '../pricing/tree-search.js';
import { readMatrix } from './matrix-input.js';
import type { CheckedProblem } from './problem-input.js';

/** Where the patterns of a problem come from. */
export interface PatternPlan {
  /** Patterns to start with: all there will be where there is no oracle. */
  readonly patterns: readonly SubNetworkPattern[];
  readonly oracle: ArrangementOracle | null;
  /** True when `patterns` is every pattern that exists. */
  readonly enumerated: boolean;
  /** What to say before the work starts, where it may not get to the end. */
  readonly notice: string | null;
}

/** Random starts of the local search beside a search over all arrangements, which finds what they miss. */
const STARTS = 16;
/** Numbers of patterns from which on a solve says beforehand that it may not get through all of them. */
const MANY_PATTERNS = 1e10;
/** Largest product taken for zero by an enumeration without doubtful incidences: above it cells may have been missed. */
const CLEAR_ZERO = 1e-13;
/** Gated programs hold every pattern there is: at most so many. */
const GATED_PATTERNS = 20_000;

/** What a plan is made for. */
export interface PlanOptions {
  /** Numbers of the dual vector per row. */
  readonly outputs: number;
  /** Where large searches over all arrangements run. */
  readonly executor: Executor;
}

/** The patterns of a checked problem on its rows. @throws RelucentError `unsupported` where "all" is not to be had */
export function planPatterns(problem: CheckedProblem, rows: StoredRows, options: PlanOptions): PatternPlan {
  const { outputs } = options;
  const { patterns, widths } = problem;
  const fixed = { oracle: null, enumerated: false, notice: null };
  if (patterns === 'all') return planAll(problem, widenRows(rows), options);
  if ('adaptive' in patterns) {
    if (problem.formulation === 'gated') throw gatedOracle();
    const { adaptive: starts, seed } = patterns;
    const oracle = new ArrangementOracle(widenRows(rows), { widths, outputs, starts, seed, regions: 0 });
    return { ...fixed, patterns: [], oracle };
  }
  if ('sample' in patterns) {
    const { sample, seed } = patterns;
    return { ...fixed, ...samplePatterns(rows, { count: sample, seed, widths }) };
  }
  const gates = readMatrix(patterns.gates, 'patterns.gates');
  if (gates.d !== rows.d) {
    throw new RelucentError(
      'invalid-problem',
      'patterns.gates[0]',
      `expected ${rows.d} numbers (the columns of X${problem.bias ? ' and the bias' : ''}), got ${gates.d}`,
    );
  }
  const vectors = Array.from({ length: gates.n }, (_, p) => gates.X.subarray(p * gates.d, (p + 1) * gates.d));
  return { ...fixed, ...patternsOfGates(rows, vectors) };
}

function planAll(problem: CheckedProblem, rows: Rows, { outputs, executor }: PlanOptions): PatternPlan {
  const { widths, maxRegions: regions } = problem;
  if (problem.formulation === 'gated') {
    return { ...everyPattern(rows, problem), oracle: null, notice: null };
  }
  const oracle = new ArrangementOracle(rows, { widths, outputs, starts: STARTS, seed: 0, regions, executor });
  const { dims } = oracle;
  const plan = { patterns: [], oracle, enumerated: false };
  const count = patternCountBound(rows, widths);
  if (dims < COSTLY_DIMS && count < MANY_PATTERNS) return { ...plan, notice: null };
  const fix = 'a lower rank ("rank": 3), { "adaptive": 100, "seed": 0 } or { "sample": 500, "seed": 0 }';
  const notice =
    dims > SEARCH_DIMS
      ? `patterns "all" means up to ${count.toPrecision(2)} patterns in ${dims} dimensions here, more than the ${SEARCH_DIMS} ` +
        `that can be searched: the bound will be valid but loose; take ${fix}`
      : `patterns "all" means up to ${count.toPrecision(2)} patterns in ${dims} dimensions: bounding them may need more than ` +
        `the ${regions} regions allowed at a time (maxRegions), the bound is then valid but loose; or take ${fix}`;
  return { ...plan, notice };
}

/** Every pattern, for a program that holds them all. */
function everyPattern(
  rows: Rows,
  { depth, widths }: CheckedProblem,
): Pick<PatternPlan, 'patterns' | 'enumerated'> {
  const refuse = (count: string): RelucentError =>
    new RelucentError(
      'unsupported',
      'patterns',
      `expected at most ${GATED_PATTERNS} patterns for "all" with formulation "gated", got ${count}; ` +
        'use "formulation": "relu", which needs no list of them, or { "sample": 500, "seed": 0 }',
    );
  const found: SubNetworkPattern[] = [];
  let enumerated = false;
  const onReport = ({ unresolved, largestZero }: EnumerationReport): void => {
    enumerated = unresolved === 0 && largestZero <= CLEAR_ZERO;
  };
  if (depth > 3) throw refuse('those of depth 4 or more, which are not listed');
  if (depth === 2) {
    const bound = cellCountBound(rows);
    if (bound > GATED_PATTERNS) throw refuse(`up to ${bound.toPrecision(3)}`);
    for (const { witness } of cells(rows, { onReport }))
      found.push(realisedPattern(rows, { first: [witness] }));
  } else {
    for (const pattern of depth3Patterns(rows, widths[0] ?? 1, { onReport })) {
      if (found.length === GATED_PATTERNS) throw refuse('more');
      found.push(pattern);
    }
  }
  return { patterns: found.filter((pattern) => !isSilent(pattern)), enumerated };
}

function gatedOracle(): RelucentError {
  return new RelucentError(
    'unsupported',
    'patterns.adaptive',
    'expected "formulation": "relu", got "gated": patterns are found through cone constraints, which gated networks do ' +
      'not have; use { "sample": 500, "seed": 0 }',
  );
}
