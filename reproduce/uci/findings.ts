import { gapClosed, type Certified } from '../checks.js';
import { certificatesOf, type Candidate, type MethodResult } from '../classification/protocol.js';
import type { Check, Table } from '../experiment.js';
import { mean, spread } from '../statistics.js';
import {
  bySet,
  methodNames,
  methodsOf,
  spreadOf,
  testAccuracies,
  type Searched,
  type SplitResult,
} from './results.js';

export function accuracyTable(results: readonly SplitResult[]): Table {
  return {
    name: 'accuracy',
    title: 'Test accuracy in percent: mean ± standard deviation over splits',
    columns: [{ label: 'data set' }, ...methodsOf(results).map((label) => ({ label }))],
    rows: bySet(results).map(([set, splits]) => [
      set,
      ...methodsOf(results).map((method) => {
        const accuracies = testAccuracies(splits, method).map((accuracy) => 100 * accuracy);
        return `${mean(accuracies).toFixed(1)} ± ${spreadOf(accuracies).toFixed(1)}`;
      }),
    ]),
  };
}

/** Pairs that minimise the same objective: the best of Adam over rates against the program, at each β on the same rows. */
const pairs = [
  { convex: methodNames.convex2, descent: methodNames.adam2, searched: 'two' },
  { convex: methodNames.convex3, descent: methodNames.adam3path, searched: 'three' },
] as const;

type PairNames = (typeof pairs)[number];

interface Pair {
  /** The least objective over learning rates. */
  readonly descent: number;
  readonly certificate: Certified;
}

function candidatesOf(methods: readonly MethodResult[], name: string): readonly Candidate[] {
  return methods.find(({ method }) => method === name)?.candidates ?? [];
}

function reachedAt(methods: readonly MethodResult[], name: string, ratio: number): number {
  const own = candidatesOf(methods, name).filter(({ betaRatio }) => betaRatio === ratio);
  return Math.min(...own.map(({ objective }) => objective));
}

/** One entry for each split and β, against the programs on sampled patterns (on all, for balloons). */
function pairsOf(splits: readonly SplitResult[], { convex, descent }: PairNames): Pair[] {
  return splits.flatMap(({ methods }) =>
    candidatesOf(methods, convex).flatMap(({ betaRatio, certificate }) =>
      certificate === null ? [] : [{ descent: reachedAt(methods, descent, betaRatio), certificate }],
    ),
  );
}

/** One entry for each β, against the programs on patterns that were searched. */
function searchedPairs(splits: readonly SplitResult[], searched: Searched, names: PairNames): Pair[] {
  const first = splits[0]?.methods ?? [];
  return searched[names.searched].map(({ betaRatio, certificate }) => ({
    descent: reachedAt(first, names.descent, betaRatio),
    certificate,
  }));
}

function percentAbove(entries: readonly Pair[]): { readonly least: number; readonly median: number } {
  const { y, low } = spread(
    entries.map(({ descent, certificate }) => 100 * (descent / certificate.objective - 1)),
  );
  return { least: low, median: y };
}

export function excessTable(results: readonly SplitResult[], searched: readonly Searched[]): Table {
  return {
    name: 'excess',
    title:
      'Objective that Adam reached above that of the convex program at the same β on the same rows, in percent (negative: below what these patterns allow)',
    columns: [
      { label: 'data set' },
      { label: 'patterns of 2 layers' },
      ...['2 layers', '3 layers, path norm'].flatMap((what) => [
        { label: `${what}: median`, digits: 3 },
        { label: `${what}: least`, digits: 3 },
        { label: `${what}, searched: median`, digits: 3 },
        { label: `${what}, searched: least`, digits: 3 },
      ]),
    ],
    rows: bySet(results).map(([set, splits]) => [
      set,
      isGlobal(splits) ? 'all' : 'sampled',
      ...pairs.flatMap((names) => {
        const own = searched.find((one) => one.set === set);
        const plain = percentAbove(pairsOf(splits, names));
        const found = own && percentAbove(searchedPairs(splits, own, names));
        return [plain.median, plain.least, found?.median ?? null, found?.least ?? null];
      }),
    ]),
  };
}

function isGlobal(splits: readonly SplitResult[]): boolean {
  return pairsOf(splits, pairs[0]).every(({ certificate }) => certificate.scope === 'all-arrangements');
}

/** Gaps are closed, and no network is below a bound that holds for all networks. */
export function checks(
  results: readonly SplitResult[],
  searched: readonly Searched[],
  tolerances: { readonly sampled: number; readonly searched: number },
): Check[] {
  const certificates = results.flatMap(({ methods }) => certificatesOf(methods));
  const found = searched.flatMap(({ two, three }) => [...two, ...three].map((one) => one.certificate));
  const global = bySet(results)
    .filter(([, splits]) => isGlobal(splits))
    .flatMap(([, splits]) => pairsOf(splits, pairs[0]));
  const least = Math.min(...global.map(({ descent, certificate }) => descent / certificate.dualBound));
  return [
    ...gapClosed('programs on sampled patterns, or on all', certificates, tolerances.sampled),
    ...gapClosed('programs on searched patterns', found, tolerances.searched),
    {
      claim: 'balloons, two layers: certified over all arrangements, no trained network below that bound',
      holds: global.length > 0 && least >= 1,
      detail: `smallest of ${global.length} objectives is ${least.toFixed(6)} times its bound`,
    },
  ];
}
