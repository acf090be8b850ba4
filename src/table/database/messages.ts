/** What the process of the database is asked for. */
export type DatabaseRequest =
  | {
      readonly kind: 'files';
      /** Pattern with *, ? and […]. */
      readonly pattern: string;
    }
  | {
      readonly kind: 'select';
      readonly source: DatabaseSource;
      /** Reads from the view `data`; null for all of it. */
      readonly query: string | null;
      /** Most bytes of memory. */
      readonly memory: number;
    };

/** Files that make up the view `data`, by absolute path. */
export type DatabaseSource =
  | { readonly format: 'parquet' | 'json-lines'; readonly files: readonly string[] }
  | {
      readonly format: 'csv';
      readonly files: readonly string[];
      readonly delimiter: string;
      readonly columns: readonly string[];
    };

/** A column of a result. */
export interface DatabaseColumn {
  readonly name: string;
  /** What its cells hold, where that is neither numbers nor text; a column without values is not refused for that. */
  readonly refused: string | null;
}

/** Cells of one column: numbers with NaN for missing ones, or texts and exact numbers; null where one is refused. */
export type DatabaseCells = Float64Array | readonly (string | number | null)[] | null;

/** What it answers: files; or columns, then rows, then the end; or a failure. */
export type DatabaseAnswer =
  | { readonly kind: 'files'; readonly files: readonly string[] }
  | { readonly kind: 'columns'; readonly columns: readonly DatabaseColumn[] }
  | { readonly kind: 'rows'; readonly count: number; readonly cells: readonly DatabaseCells[] }
  | { readonly kind: 'end' }
  | {
      readonly kind: 'failed';
      /** `package`: the database is not installed; `source`: the files; `query`: the query. */
      readonly part: 'package' | 'source' | 'query';
      readonly text: string;
    };
