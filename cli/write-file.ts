import { access, constants, mkdir, open, rename, rmdir, stat, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { RelucentError } from '../src/error.js';

/** A file to be written: its name in the folder and its content. */
export interface OutputFile {
  readonly name: string;
  readonly text: string | Uint8Array;
}

/**
 * Checks, before any work is done, that files can appear in a folder, which need not exist yet.
 * @throws RelucentError naming the folder or file at fault
 */
export async function checkWritable(folder: string, names: readonly string[]): Promise<void> {
  let existing = resolve(folder);
  for (;;) {
    const found = await kindOf(existing);
    if (found === 'folder') break;
    if (found === 'file') {
      const where = existing === resolve(folder) ? folder : `${folder} (in ${existing})`;
      throw invalid(where, 'expected a folder to write to, got a file of that name; name another folder');
    }
    if (existing === dirname(existing)) break;
    existing = dirname(existing);
  }
  try {
    await access(existing, constants.W_OK);
  } catch (error) {
    throw writeError(folder, error);
  }
  for (const name of names) {
    const path = join(folder, name);
    if ((await kindOf(path)) === 'folder') {
      throw invalid(
        path,
        'expected a file to replace, got a folder of that name; remove it or write elsewhere',
      );
    }
  }
}

/**
 * Writes files into a folder, creating it if need be: all of them are written and synced under temporary names first and
 * then renamed, so that no reader ever sees half a file. Replaces files of the same names. On failure, and when the
 * signal is aborted before the first rename, nothing is left behind.
 */
export async function writeFiles(
  folder: string,
  files: readonly OutputFile[],
  signal?: AbortSignal,
): Promise<void> {
  await checkWritable(
    folder,
    files.map(({ name }) => name),
  );
  const temporary: string[] = [];
  let created: string | undefined;
  try {
    created = await mkdir(folder, { recursive: true });
    for (const { name, text } of files) {
      const path = join(folder, `.${name}.${process.pid}.tmp`);
      temporary.push(path);
      await writeSynced(path, text);
    }
    signal?.throwIfAborted();
    for (const { name } of files) {
      await rename(join(folder, `.${name}.${process.pid}.tmp`), join(folder, name));
    }
  } catch (error) {
    await Promise.all(temporary.map((path) => unlink(path).catch(() => undefined)));
    await removeCreated(folder, created);
    throw signal?.aborted === true ? error : writeError(folder, error);
  }
}

async function writeSynced(path: string, text: string | Uint8Array): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(text, 'utf8');
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Removes the folders that this run created, innermost first, as far as they are empty. */
async function removeCreated(folder: string, created: string | undefined): Promise<void> {
  if (created === undefined) return;
  const top = resolve(created);
  for (let path = resolve(folder); path.startsWith(top); path = dirname(path)) {
    try {
      await rmdir(path);
    } catch {
      return;
    }
  }
}

async function kindOf(path: string): Promise<'folder' | 'file' | null> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch {
    return null;
  }
}

function writeError(where: string, error: unknown): RelucentError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  const fix =
    code === 'ENOSPC' ? 'the disk is full: free some space' : 'check its permissions or write elsewhere';
  return invalid(where, `expected a place that can be written to, got the system error ${code}; ${fix}`);
}

function invalid(where: string, message: string): RelucentError {
  return new RelucentError('invalid-argument', where, message);
}
