import type { DatabaseSource } from './messages.js';

/** Texts of missing cells, as `isMissing` reads them, in the spellings that occur. */
const missingTexts = [
  '',
  'NA',
  'na',
  'N/A',
  'n/a',
  'NaN',
  'nan',
  'NAN',
  'NULL',
  'null',
  'Null',
  'None',
  'none',
  '?',
];

/** Longest JSON object, in bytes. */
const MAX_OBJECT_BYTES = 2 ** 26;

/** The table function that reads some files, in SQL. CSV is read strictly, with all rows looked at for the types. */
export function readerOf(source: DatabaseSource): string {
  const files = sqlList(pathsToRead(source));
  switch (source.format) {
    case 'parquet':
      return `read_parquet(${files})`;
    case 'json-lines':
      return (
        `read_json(${files}, format = 'newline_delimited', sample_size = -1, map_inference_threshold = -1, ` +
        `maximum_object_size = ${MAX_OBJECT_BYTES})`
      );
    case 'csv':
      return (
        `read_csv(${files}, header = true, skip = 0, delim = ${sqlText(source.delimiter)}, quote = '"', escape = '"', ` +
        `names = ${sqlList(source.columns)}, nullstr = ${sqlList(missingTexts)}, sample_size = -1, strict_mode = true, ` +
        'null_padding = false, ignore_errors = false)'
      );
    default:
      return source satisfies never;
  }
}

/** A text as a literal of SQL. */
function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Texts as a list of SQL. */
export function sqlList(texts: readonly string[]): string {
  return `[${texts.map(sqlText).join(', ')}]`;
}

/** The paths of the files as the database is to see them: what looks like a pattern would be taken for one. */
export function pathsToRead({ files }: DatabaseSource): readonly string[] {
  return files.map((path) => path.replace(/[*?[]/g, '[$&]'));
}
