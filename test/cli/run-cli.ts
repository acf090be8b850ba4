import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect } from 'vitest';

const MAIN = resolve('dist/cli/main.js');
export const DATA = resolve('data');

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly stdin?: string;
  /** Sends the signal once stderr contains `after`. */
  readonly kill?: { readonly signal: NodeJS.Signals; readonly after: string };
}

/** Runs the built command as a user would and waits for its end. */
export function relucent(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: options.cwd,
      env: { ...process.env, COLUMNS: '80' },
    });
    let stdout = '';
    let stderr = '';
    let isKilled = false;
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
      if (options.kill && !isKilled && stderr.includes(options.kill.after)) {
        isKilled = true;
        child.kill(options.kill.signal);
      }
    });
    child.on('error', fail);
    child.on('close', (code) => {
      done({ code, stdout, stderr });
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.stdin ?? '');
  });
}

/** One per test file. */
const root = mkdtempSync(join(tmpdir(), 'relucent-test-'));

afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

/** A new folder with the given files; removed after the last test of the file. */
export function scratch(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const folder = mkdtempSync(join(root, 'case-'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

/** Every file below a folder, temporary ones included. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true }).map(String).sort();
}

/** Exit code 1, exactly one line on stderr in the documented form, and that line. */
export function expectOneLine({ code, stderr }: Run): string {
  expect(stderr).toMatch(/^relucent: [^\n]+expected [^\n]+\n$/);
  expect(stderr.length).toBeLessThan(700);
  expect(code).toBe(1);
  return stderr.trimEnd();
}

/** A CSV text from a header and rows. */
export function csv(header: string, rows: readonly (readonly (string | number)[])[]): string {
  return [header, ...rows.map((row) => row.join(',')), ''].join('\n');
}
