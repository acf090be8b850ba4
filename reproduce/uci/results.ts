import type { Certified } from '../checks.js';
import { adamNames } from '../classification/method.js';
import type { MethodResult } from '../classification/protocol.js';
import { mean } from '../statistics.js';
import type { DataSetName } from './data-sets.js';

/** The methods, in the order of tables and figures. */
export const methodNames = {
  convex2: 'convex, 2 layers',
  convex3: 'convex, 3 layers, path norm',
  ...adamNames,
} as const;

/** One split of one set. */
export type SplitResult = {
  readonly set: DataSetName;
  readonly split: number;
  readonly methods: readonly MethodResult[];
};

/** Certificates of one set's programs on patterns found by local search, for each β. */
export type Searched = {
  readonly set: DataSetName;
  readonly two: readonly { readonly betaRatio: number; readonly certificate: Certified }[];
  readonly three: readonly { readonly betaRatio: number; readonly certificate: Certified }[];
};

/** Splits by data set, in the order in which they were tried. */
export function bySet(results: readonly SplitResult[]): [string, SplitResult[]][] {
  const sets = new Map<string, SplitResult[]>();
  for (const result of results) sets.set(result.set, [...(sets.get(result.set) ?? []), result]);
  return [...sets];
}

export function methodsOf(results: readonly SplitResult[]): string[] {
  return (results[0]?.methods ?? []).map(({ method }) => method);
}

export function testAccuracies(splits: readonly SplitResult[], method: string): number[] {
  return splits.flatMap(({ methods }) =>
    methods.filter((one) => one.method === method).map(({ test }) => test.accuracy),
  );
}

/** Standard deviation over splits, n − 1 in the denominator; 0 of a single one. */
export function spreadOf(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}
