import { quoteValue, RelucentError } from '../error.js';
import { numberAt } from './number-cell.js';
import {
  indicatorLevels,
  type CategoricalColumn,
  type NumericColumn,
  type Preprocessing,
} from './preprocessing.js';
import { levelAt, nearestName, refuseUnusable, selectRows, type RowSelection, type Table } from './table.js';

/** Cells of one categorical column that hold a level training did not see. */
export interface UnseenLevels {
  readonly column: string;
  /** Cells, not distinct levels. */
  readonly count: number;
  /** The first three distinct ones, `(missing)` for missing cells. */
  readonly examples: readonly string[];
}

/** Missing cells of one numeric column, filled with the training median. */
export interface FilledCells {
  readonly column: string;
  readonly count: number;
}

/** A design matrix and what was made up on the way. */
export interface DesignMatrix {
  /** n × d, row-major, owned by the caller. */
  readonly X: Float64Array;
  readonly n: number;
  readonly d: number;
  readonly unseen: readonly UnseenLevels[];
  readonly filled: readonly FilledCells[];
}

/** Part of the matrix that one table column fills: X[i·d + offset + k] for k below its width. */
interface Block {
  readonly X: Float64Array;
  readonly d: number;
  readonly offset: number;
}

/**
 * The design matrix of a table: standardised numeric columns and indicators, in the order of `featureNames`.
 *
 * Columns are found by name; their order, further columns and the target do not matter. A level that training did not
 * see, or a missing cell where training saw none, makes zeros in its block (the training mean) and is counted in
 * `unseen`. O(n·d).
 *
 * @param rows rows to encode, in this order; default: all
 * @throws RelucentError 'invalid-table' for a missing column or a cell of a numeric column that is no finite number
 */
export function applyPreprocessing(
  table: Table,
  preprocessing: Preprocessing,
  rows?: RowSelection,
): DesignMatrix {
  const selected = selectRows(table, rows);
  const indices = neededColumns(table, preprocessing);
  const n = selected.length;
  const d = preprocessing.featureNames.length;
  const X = new Float64Array(n * d);
  const unseen: UnseenLevels[] = [];
  const filled: FilledCells[] = [];
  let offset = 0;
  preprocessing.columns.forEach((column, k) => {
    const index = indices[k] ?? 0;
    refuseUnusable(table, index);
    if (column.kind === 'numeric') {
      const count = encodeNumeric(table, index, selected, column, { X, d, offset });
      if (count > 0) filled.push({ column: column.name, count });
      offset += 1;
    } else {
      const report = encodeCategorical(table, index, selected, column, { X, d, offset });
      if (report.count > 0) unseen.push(report);
      offset += column.means.length;
    }
  });
  return { X, n, d, unseen, filled };
}

/** Position in the table of every column of the preprocessing. */
function neededColumns(table: Table, preprocessing: Preprocessing): readonly number[] {
  const positions = new Map(table.columns.map((name, index) => [name, index]));
  const absent = preprocessing.columns.filter(({ name }) => !positions.has(name));
  const first = absent[0];
  if (first !== undefined) {
    const others = absent.length === 1 ? '' : ` and ${absent.length - 1} more`;
    const nearest = nearestName(first.name, table.columns);
    const hint = nearest === undefined ? 'add it' : `rename ${quoteValue(nearest)} if that is it`;
    throw new RelucentError(
      'invalid-table',
      `${table.name} header`,
      `expected the columns the model was trained on, got none called ${quoteValue(first.name)}${others}; ${hint}`,
    );
  }
  return preprocessing.columns.map(({ name }) => positions.get(name) ?? 0);
}

function encodeNumeric(
  table: Table,
  index: number,
  rows: Int32Array,
  column: NumericColumn,
  block: Block,
): number {
  const { X, d, offset } = block;
  let filled = 0;
  rows.forEach((row, i) => {
    const value = numberAt(table, row, index);
    if (value === undefined) filled++;
    X[i * d + offset] = ((value ?? column.median) - column.mean) / column.scale;
  });
  return filled;
}

function encodeCategorical(
  table: Table,
  index: number,
  rows: Int32Array,
  column: CategoricalColumn,
  block: Block,
): UnseenLevels {
  const { X, d, offset } = block;
  const indicators = indicatorLevels(column.levels);
  // Row of the block for each known level; unknown levels keep the zeros of a new matrix.
  const encodings = new Map(
    column.levels.map((level) => [
      level,
      indicators.map(
        (other, k) => (Number(level === other) - (column.means[k] ?? 0)) / (column.scales[k] ?? 1),
      ),
    ]),
  );
  const examples = new Set<string>();
  let count = 0;
  rows.forEach((row, i) => {
    const level = levelAt(table, row, index);
    const encoding = encodings.get(level);
    if (encoding !== undefined) {
      X.set(encoding, i * d + offset);
      return;
    }
    count++;
    if (examples.size < 3) examples.add(level);
  });
  return { column: column.name, count, examples: [...examples] };
}
