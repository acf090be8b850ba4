import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Runs a module of the bench as a process of its own, so that its peak memory is its own; resolves to what it sends. */
export function inChild<Measurement>(module: string, args: readonly string[]): Promise<Measurement> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(module), args);
    child.once('message', (message) => {
      resolve(message as Measurement);
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code !== 0) reject(new Error(`case ${args.at(-1) ?? ''} ended with exit code ${code ?? 'none'}`));
    });
  });
}
