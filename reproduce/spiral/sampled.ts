import { solve } from '../../src/problem/solve.js';
import { certified, type Certified } from '../checks.js';
import type { Lab, Table } from '../experiment.js';
import { width, type Splits } from './methods.js';
import { accuracy } from './spiral.js';

/** A convex program on few activation patterns, drawn at random rather than all or sought. */
export type Sampled = {
  readonly layers: 2 | 3;
  readonly sample: number;
  readonly certified: Certified;
  readonly train: number;
  readonly test: number;
};

export async function onSampledPatterns(
  { signal, executor }: Lab,
  { layers, sample, beta }: { readonly layers: 2 | 3; readonly sample: number; readonly beta: number },
  { train, test }: Splits,
): Promise<Sampled> {
  const { rows, arms } = train;
  const result = await solve(
    {
      X: { values: rows.X, rows: rows.n, columns: rows.d },
      y: arms,
      beta,
      depth: layers,
      widths: layers === 2 ? [] : [width],
      patterns: { sample, seed: 0 },
    },
    { signal, executor },
  );
  return {
    layers,
    sample,
    certified: certified(result),
    train: accuracy(result.network, train),
    test: accuracy(result.network, test),
  };
}

export function sampledTable(all: readonly Sampled[], beta: number): Table {
  return {
    name: 'sampled',
    title: `Convex programs on sampled patterns, β = ${beta}`,
    columns: [
      { label: 'layers' },
      { label: 'patterns drawn' },
      { label: 'objective', digits: 6 },
      { label: 'relative gap on these patterns', digits: 2 },
      { label: 'sub-networks' },
      { label: 'train accuracy' },
      { label: 'test accuracy' },
    ],
    rows: all.map(({ layers, sample, certified: { objective, relativeGap, subNetworks }, train, test }) => [
      layers,
      sample,
      objective,
      relativeGap,
      subNetworks,
      train,
      test,
    ]),
  };
}
