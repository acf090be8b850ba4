import { open, type FileHandle } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { RelucentError } from '../error.js';
import { parseTable, type Delimiter } from './parse-table.js';
import type { Table } from './table.js';

/** Largest file read: a text held as cells takes some ten times its size in memory. */
export const MAX_FILE_BYTES = 256 * 2 ** 20;

const unsupportedExtensions: ReadonlySet<string> = new Set([
  '.parquet',
  '.feather',
  '.arrow',
  '.jsonl',
  '.ndjson',
  '.json',
  '.xlsx',
  '.xls',
  '.ods',
  '.gz',
  '.zip',
]);

export interface ReadOptions {
  /** Separator of cells; default: tab for .tsv and .tab, else read off the header line. */
  readonly delimiter?: Delimiter | undefined;
}

/**
 * The table in a CSV or TSV file (UTF-8, with or without a byte-order mark), named after the file. Node only.
 *
 * @throws RelucentError 'not-found', 'unsupported' (by extension), 'invalid-table' (binary, another encoding, too large,
 *   or anything `parseTable` refuses), 'invalid-argument' (a folder, or a file that may not be read)
 */
export async function readTableFile(path: string, options: ReadOptions = {}): Promise<Table> {
  const extension = extname(path).toLowerCase();
  const bytes = await readBytes(path, extension);
  const text = decodeText(bytes, path);
  const delimiter = options.delimiter ?? (extension === '.tsv' || extension === '.tab' ? '\t' : undefined);
  return parseTable(text, { name: basename(path), delimiter });
}

async function readBytes(path: string, extension: string): Promise<Uint8Array> {
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    const stats = await file.stat();
    if (stats.isDirectory()) {
      throw new RelucentError(
        'invalid-argument',
        path,
        'expected a CSV file, got a folder; name a file in it',
      );
    }
    if (unsupportedExtensions.has(extension)) {
      throw new RelucentError(
        'unsupported',
        path,
        `expected CSV or TSV, got ${extension}; not supported yet: export to CSV`,
      );
    }
    if (stats.size > MAX_FILE_BYTES) throw tooLarge(path, stats.size);
    return await file.readFile();
  } catch (error) {
    throw error instanceof RelucentError ? error : openError(error, path);
  } finally {
    await file?.close();
  }
}

function tooLarge(path: string, size: number): RelucentError {
  const mebibytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MiB`;
  return new RelucentError(
    'invalid-table',
    path,
    `expected a file of at most ${mebibytes(MAX_FILE_BYTES)}, got ${mebibytes(size)}; keep a sample of the rows`,
  );
}

function openError(error: unknown, path: string): RelucentError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new RelucentError(
      'not-found',
      path,
      'expected a CSV file, got no file of that name; check the path',
    );
  }
  if (code === 'EISDIR') {
    return new RelucentError(
      'invalid-argument',
      path,
      'expected a CSV file, got a folder; name a file in it',
    );
  }
  return new RelucentError(
    'invalid-argument',
    path,
    `expected a file that can be read, got the system error ${code}; check its permissions`,
  );
}

/** The bytes as UTF-8 text, without a byte-order mark. */
function decodeText(bytes: Uint8Array, path: string): string {
  const refuse = (found: string): RelucentError =>
    new RelucentError(
      'invalid-table',
      path,
      `expected text in UTF-8, got ${found}; export the file as CSV in UTF-8`,
    );
  const [first = 0, second = 0] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) throw refuse('UTF-16');
  if (bytes.includes(0)) throw refuse('a binary file (it holds NUL bytes)');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const line = new TextDecoder('utf-8').decode(bytes).split('\uFFFD', 1)[0]?.split('\n').length ?? 1;
    throw refuse(`a binary file or another encoding (line ${line} is not valid)`);
  }
}
