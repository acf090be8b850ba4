import { quoteValue } from '../error.js';
import { countDistinct, isAllNumeric, profileColumn } from './profile.js';
import type { ColumnKind, TableSchema } from './schema.js';
import { cellAt, findColumn, type Table } from './table.js';
import type { Task } from './target.js';

/** One column of a table as a reader wants to see it. */
export interface ColumnSummary {
  readonly name: string;
  /** `target` for the column to predict. */
  readonly kind: ColumnKind | 'target';
  readonly missing: number;
  readonly distinct: number;
  /** Smallest and largest number of a numeric column. */
  readonly range: readonly [number, number] | undefined;
  /** First value of the column, at most about 60 characters; undefined if it has none. */
  readonly example: string | undefined;
}

/** A table at a glance. */
export interface TableSummary {
  readonly name: string;
  readonly rows: number;
  readonly task: Task;
  /** In the order of the file. */
  readonly columns: readonly ColumnSummary[];
  readonly notes: readonly string[];
}

/** What a table holds: its columns with their kinds, missing cells, distinct values, range and an example. */
export function describeTable(table: Table, schema: TableSchema): TableSummary {
  const kinds = new Map<string, ColumnSummary['kind']>(schema.columns.map(({ name, kind }) => [name, kind]));
  kinds.set(schema.target.name, 'target');
  const columns = [...kinds].map(([name, kind]) => ({
    index: findColumn(table, name, table.name, 'invalid-table'),
    kind,
  }));
  columns.sort((a, b) => a.index - b.index);
  return {
    name: table.name,
    rows: table.rowCount,
    task: schema.target.task,
    columns: columns.map(({ index, kind }) => summarise(table, index, kind)),
    notes: schema.notes,
  };
}

function summarise(table: Table, index: number, kind: ColumnSummary['kind']): ColumnSummary {
  const profile = profileColumn(table, index);
  const numeric = isAllNumeric(profile);
  const { smallest, largest } = profile.distinctNumbers;
  const { name, missing, firstPresent } = profile;
  return {
    name,
    kind,
    missing,
    distinct: countDistinct(profile),
    range: numeric ? [smallest, largest] : undefined,
    example: firstPresent === undefined ? undefined : shorten(cellAt(table, firstPresent, index)),
  };
}

/** The summary as aligned lines of text: a title, a header, one line per column, then the notes. */
export function summaryLines(summary: TableSummary): readonly string[] {
  const header = ['column', 'kind', 'missing', 'distinct', 'range', 'example'];
  const body = summary.columns.map(({ name, kind, missing, distinct, range, example }) => [
    shorten(name),
    kind === 'target' ? `target (${summary.task})` : kind,
    String(missing),
    String(distinct),
    range === undefined ? '' : `${range[0]} … ${range[1]}`,
    example ?? '',
  ]);
  const lines = [header, ...body];
  const widths = header.map((_, k) => Math.max(...lines.map((line) => line[k]?.length ?? 0)));
  const aligned = lines.map((line) =>
    line
      .map((text, k) => text.padEnd(widths[k] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const title = `${summary.name}: ${summary.rows} rows, ${summary.columns.length} columns`;
  return [title, ...aligned, ...summary.notes];
}

/** The text itself if it is short and printable, else as it is quoted in messages. */
function shorten(text: string): string {
  return /^[^\p{Cc}]{0,60}$/u.test(text) ? text : quoteValue(text);
}
