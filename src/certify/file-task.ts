import { quoteValue, RelucentError } from '../error.js';
import { applyScaling, type Scaling } from '../estimator/scaling.js';
import { compareLevels, levelOf } from '../table/cell.js';
import { targetClasses, targetNumbers } from '../table/encode-target.js';
import { findColumn, selectRows, type Table } from '../table/table.js';
import type { NetworkFile, ReadNetworkFile } from './network-file.js';
import { codesOf, noTarget, numbersOf, wrongCount } from './table-columns.js';
import type { TableTask, TaskOverrides } from './table-task.js';

/**
 * The problem of a network file on all rows of a table.
 * @throws RelucentError for a target or β that is given nowhere, columns and cells that are missing, and classes that do not fit
 */
export function taskOfFile(
  { file, network, bias }: ReadNetworkFile,
  table: Table,
  overrides: TaskOverrides,
): TableTask {
  const target = overrides.target ?? file.target;
  if (target === undefined) throw noTarget(table);
  const beta = overrides.beta ?? file.beta;
  if (beta === undefined)
    throw invalid('beta', 'expected a number ≥ 0, got none; add "beta" to the file or pass --beta');
  const index = findColumn(table, target, 'target');
  const inputs = file.inputs ?? table.columns.filter((_, column) => column !== index);
  const raw = numbersOf(table, inputs);
  const expected = network.inputs - Number(bias);
  if (raw.d !== expected) throw wrongCount(table, raw.d, expected);
  const scaling = scalingOf(file, raw.d);
  const rows = scaling ? applyScaling(raw, scaling) : raw;
  const { y, classes } = targetOf(file, table, index, network.outputs);
  const { loss, huberDelta, epsilon, widths } = file;
  return {
    label: target,
    network,
    classes,
    problem: {
      X: { values: rows.X, rows: rows.n, columns: rows.d },
      y,
      beta,
      loss,
      bias,
      ...(huberDelta === undefined ? {} : { huberDelta }),
      ...(epsilon === undefined ? {} : { epsilon }),
      ...(widths === undefined ? {} : { widths }),
    },
  };
}

function scalingOf({ input }: NetworkFile, d: number): Scaling | null {
  if (input === undefined) return null;
  for (const part of ['mean', 'scale'] as const) {
    const { length } = input[part];
    if (length === d) continue;
    throw invalid(
      `input.${part}`,
      `expected ${d} numbers, one for each input column, got ${length}; make them match`,
    );
  }
  return { mean: Float64Array.from(input.mean), scale: Float64Array.from(input.scale) };
}

/** Losses that take numbers for y. */
const numeric: ReadonlySet<string> = new Set(['squared', 'huber', 'absolute']);

function targetOf(
  { loss, classes, output }: NetworkFile,
  table: Table,
  index: number,
  outputs: number,
): { readonly y: Float64Array; readonly classes: readonly string[] | null } {
  const rows = selectRows(table);
  if (numeric.has(loss)) {
    if (classes) throw invalid('classes', `expected none with "loss": "${loss}", got some; leave them out`);
    const { mean, scale } = output ?? { mean: 0, scale: 1 };
    return { y: targetNumbers(table, index, rows).map((value) => (value - mean) / scale), classes: null };
  }
  if (output) throw invalid('output', `expected none with "loss": "${loss}", got one; leave it out`);
  const found = [...new Set(targetClasses(table, index, rows))].sort(compareLevels);
  const known = classes?.map((name) => levelOf(String(name))) ?? found;
  const wanted = loss === 'softmax' ? outputs : 2;
  if (known.length !== wanted || new Set(known).size !== wanted) {
    const shown = known
      .slice(0, 6)
      .map((name) => quoteValue(name))
      .join(', ');
    const why =
      loss === 'softmax' ? 'one for each output of the network' : `for −1 and +1 of the ${loss} loss`;
    throw invalid(
      'classes',
      `expected ${wanted} different ones (${why}), got ${known.length}: ${shown}; correct "classes" or the target`,
    );
  }
  const labels = codesOf(table, index, known);
  return {
    y: Float64Array.from(labels, (code) => (loss === 'softmax' ? code : 2 * code - 1)),
    classes: known,
  };
}

function invalid(where: string, message: string): RelucentError {
  return new RelucentError('invalid-model', where, message);
}
