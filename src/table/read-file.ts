import { open, type FileHandle } from 'node:fs/promises';
import { extname } from 'node:path';
import { RelucentError } from '../error.js';

/** What a file holds, by its extension. */
export type FileFormat = 'csv' | 'tsv' | 'json-lines' | 'parquet';

const formats: ReadonlyMap<string, FileFormat> = new Map([
  ['.tsv', 'tsv'],
  ['.tab', 'tsv'],
  ['.jsonl', 'json-lines'],
  ['.ndjson', 'json-lines'],
  ['.parquet', 'parquet'],
  ['.pq', 'parquet'],
]);

const unsupportedExtensions: ReadonlySet<string> = new Set([
  '.feather',
  '.arrow',
  '.json',
  '.xlsx',
  '.xls',
  '.ods',
  '.gz',
  '.zst',
  '.zip',
]);

/** Bytes read at once. */
const PIECE = 2 ** 22;

/**
 * The format of a file, CSV unless its extension says otherwise.
 * @throws RelucentError 'unsupported' for the extensions of other formats
 */
export function formatOf(path: string): FileFormat {
  const extension = extname(path).toLowerCase();
  if (unsupportedExtensions.has(extension)) {
    const fix = extension === '.json' ? 'write an object on each line and call it .jsonl' : 'export to CSV';
    throw new RelucentError(
      'unsupported',
      path,
      `expected CSV, TSV, JSON-lines or Parquet, got ${extension}; not supported: ${fix}`,
    );
  }
  return formats.get(extension) ?? 'csv';
}

/** Whether a path names a file. @throws RelucentError 'invalid-argument' for a folder, or what may not be read */
export async function isFile(path: string): Promise<boolean> {
  try {
    await closing(await open(path), (file) => refuseFolder(file, path));
    return true;
  } catch (error) {
    const refusal = error instanceof RelucentError ? error : openError(error, path);
    if (refusal.code === 'not-found') return false;
    throw refusal;
  }
}

/**
 * Reads a file of text (UTF-8, with or without a byte-order mark) piece by piece. Node only.
 *
 * @param write takes each piece
 * @throws RelucentError 'not-found', 'invalid-table' (binary or another encoding), 'invalid-argument' (a folder, or a file
 *   that may not be read), and what `write` throws
 */
export async function readText(
  path: string,
  write: (text: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  try {
    await closing(await open(path), async (file) => {
      await refuseFolder(file, path);
      for await (const text of textOf(file, path)) {
        signal?.throwIfAborted();
        write(text);
      }
    });
  } catch (error) {
    if (error instanceof RelucentError || signal?.aborted === true) throw error;
    throw openError(error, path);
  }
}

async function closing<Result>(
  file: FileHandle,
  work: (file: FileHandle) => Promise<Result>,
): Promise<Result> {
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}

async function refuseFolder(file: FileHandle, path: string): Promise<void> {
  if (!(await file.stat()).isDirectory()) return;
  throw new RelucentError(
    'invalid-argument',
    path,
    'expected a file with a table, got a folder; name a file in it, or all with "folder/*.csv"',
  );
}

/** The content of a file as text in pieces. */
async function* textOf(file: FileHandle, path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const buffer = new Uint8Array(PIECE);
  let start = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, PIECE, start);
    const bytes = buffer.subarray(0, bytesRead);
    const [first = 0, second = 0] = bytes;
    if (start === 0 && ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))) {
      throw notText(path, 'UTF-16');
    }
    if (bytes.includes(0)) throw notText(path, 'a binary file (it holds NUL bytes)');
    let text: string;
    try {
      text = decoder.decode(bytes, { stream: bytesRead > 0 });
    } catch {
      const line = (await linesBefore(file, start)) + lineOfFirstInvalid(bytes);
      throw notText(path, `a binary file or another encoding (line ${line} is not valid)`);
    }
    yield text;
    if (bytesRead === 0) return;
    start += bytesRead;
  }
}

/** Line ends in the first `end` bytes of a file. */
async function linesBefore(file: FileHandle, end: number): Promise<number> {
  const buffer = new Uint8Array(PIECE);
  let lines = 0;
  for (let start = 0; start < end; start += PIECE) {
    const { bytesRead } = await file.read(buffer, 0, Math.min(PIECE, end - start), start);
    lines += buffer.subarray(0, bytesRead).filter((byte) => byte === 0x0a).length;
  }
  return lines;
}

function lineOfFirstInvalid(bytes: Uint8Array): number {
  return new TextDecoder('utf-8').decode(bytes).split('\uFFFD', 1)[0]?.split('\n').length ?? 1;
}

function notText(path: string, found: string): RelucentError {
  return new RelucentError(
    'invalid-table',
    path,
    `expected text in UTF-8, got ${found}; export the file as CSV in UTF-8`,
  );
}

function openError(error: unknown, path: string): RelucentError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new RelucentError(
      'not-found',
      path,
      'expected a file with a table, got no file of that name; check the path',
    );
  }
  if (code === 'EISDIR') {
    return new RelucentError(
      'invalid-argument',
      path,
      'expected a file with a table, got a folder; name a file in it',
    );
  }
  return new RelucentError(
    'invalid-argument',
    path,
    `expected a file that can be read, got the system error ${code}; check its permissions`,
  );
}
