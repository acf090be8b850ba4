import { open, type FileHandle } from 'node:fs/promises';
import { addAbortSignal } from 'node:stream';
import { quoteValue, RelucentError, type ErrorCode } from '../src/error.js';
import { jsonErrorAt } from './json-error.js';

/** Largest JSON file read, model or problem. */
const MAX_JSON_BYTES = 256 * 2 ** 20;

/** What a file is supposed to be, for messages. */
export interface JsonKind {
  /** E.g. `a model file`. */
  readonly noun: string;
  readonly code: ErrorCode;
  /** Completes the line when the file is no JSON. */
  readonly fix: string;
}

/**
 * Parsed JSON of a file, or of standard input for `-`.
 * @throws RelucentError: no such file, a folder, too large, binary, or not JSON (with line and column)
 */
export async function readJson(path: string, kind: JsonKind, signal: AbortSignal): Promise<unknown> {
  return parseJson(await readInput(path, kind, signal), path, kind);
}

/** The bytes of a file, or of standard input for `-`. @throws RelucentError: no such file, a folder, too large */
export function readInput(path: string, kind: JsonKind, signal: AbortSignal): Promise<Uint8Array> {
  return path === '-' ? readStdin(kind, signal) : readBytes(path, kind);
}

/** Parsed JSON of the bytes that {@link readInput} read. @throws RelucentError: binary, or not JSON (with line and column) */
export function parseJson(bytes: Uint8Array, path: string, kind: JsonKind): unknown {
  const where = path === '-' ? 'standard input' : path;
  if (bytes.includes(0)) throw refusal(kind, where, 'got a binary file (it holds NUL bytes)');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refusal(kind, where, 'got a binary file or another encoding than UTF-8');
  }
  if (text.trim() === '') throw refusal(kind, where, 'got nothing (it is empty)');
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw refusal(kind, where, jsonProblem(text));
  }
}

/** What is wrong with a text that is no JSON, with line and column. */
function jsonProblem(text: string): string {
  const at = jsonErrorAt(text);
  if (at < 0) return 'got text that is nested too deeply';
  const before = text.slice(0, at).split('\n');
  const position = `line ${before.length} column ${(before.at(-1)?.length ?? 0) + 1}`;
  if (at === text.length) return `got a text that breaks off at ${position} (truncated?)`;
  const found = /^[\p{L}\d_.+-]{1,20}/u.exec(text.slice(at, at + 20))?.[0] ?? text[at];
  const hint = /^[-+]?(?:NaN|Inf)/i.test(found ?? '') ? ' (JSON has no such number)' : '';
  return `got ${quoteValue(found)} at ${position}${hint}`;
}

async function readBytes(path: string, kind: JsonKind): Promise<Uint8Array> {
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    const stats = await file.stat();
    if (stats.isDirectory()) throw argument(path, `expected ${kind.noun}, got a folder; name a file in it`);
    if (stats.size > MAX_JSON_BYTES) throw tooLarge(path, kind, stats.size);
    return await file.readFile();
  } catch (error) {
    if (error instanceof RelucentError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new RelucentError(
        'not-found',
        path,
        `expected ${kind.noun}, got no file of that name; check the path`,
      );
    }
    throw argument(
      path,
      `expected a file that can be read, got the system error ${code}; check its permissions`,
    );
  } finally {
    await file?.close();
  }
}

async function readStdin(kind: JsonKind, signal: AbortSignal): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of addAbortSignal(signal, process.stdin)) {
      const bytes = Buffer.from(chunk as Uint8Array);
      chunks.push(bytes);
      size += bytes.length;
      if (size > MAX_JSON_BYTES) throw tooLarge('standard input', kind, size);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
  return Buffer.concat(chunks);
}

function tooLarge(where: string, kind: JsonKind, size: number): RelucentError {
  const mebibytes = (bytes: number): number => Math.ceil(bytes / 2 ** 20);
  return argument(
    where,
    `expected ${kind.noun} of at most ${mebibytes(MAX_JSON_BYTES)} MiB, got ${mebibytes(size)} MiB; keep fewer rows`,
  );
}

function refusal(kind: JsonKind, where: string, got: string): RelucentError {
  return new RelucentError(kind.code, where, `expected ${kind.noun} in JSON, ${got}; ${kind.fix}`);
}

function argument(where: string, message: string): RelucentError {
  return new RelucentError('invalid-argument', where, message);
}
