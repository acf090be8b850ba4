import { countNoun, durationText } from '../src/report/number-text.js';
import type { Forecast } from '../src/training/forecast.js';
import type { PreparedTable } from '../src/training/prepare-table.js';
import { align } from './align.js';

/** What a run would need and write. */
export function forecastLines(
  { solves, seconds, bytes, factor }: Forecast,
  threads: number,
  paths: readonly string[],
): string[] {
  const [first = '', ...rest] = paths;
  return align([
    ['Work', `${countNoun(solves, 'certified solve')} of the network, and the yardsticks`],
    [
      'Time',
      `about ${durationText(seconds)} on ${countNoun(threads, 'thread')}, right to within a factor of ${factor}`,
    ],
    ['Memory', `about ${Math.round(bytes / 1e6)} MB`],
    ['Would write', first],
    ...rest.map((path): [string, string] => ['', path]),
    ['Done', 'nothing: --dry-run'],
  ]);
}

/** The same for --json. */
export function trainDryRun(
  { train, test, outputs, preprocessing, notes }: PreparedTable,
  forecast: Forecast,
  paths: readonly string[],
): object {
  return {
    dryRun: true,
    task: preprocessing.target.task,
    rows: { train: train.rows.n, test: test?.rows.n ?? 0 },
    inputs: preprocessing.featureNames.length,
    outputs: outputs.length,
    ...forecast,
    writes: paths,
    notes: [...preprocessing.notes, ...notes],
  };
}
