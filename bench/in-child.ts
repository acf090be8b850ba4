import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Runs a module of the bench as a process of its own, so that its peak memory is its own; resolves to what it sends. */
export async function inChild<Measurement>(module: string, args: readonly string[]): Promise<Measurement> {
  const measurement = await inChildWithin<Measurement>(Infinity, module, args);
  if (measurement === null) throw new Error(`case ${args.at(-1) ?? ''} was ended without a limit`);
  return measurement;
}

/** The same; a process that runs longer than `seconds` is ended, and the measurement is null. */
export function inChildWithin<Measurement>(
  seconds: number,
  module: string,
  args: readonly string[],
): Promise<Measurement | null> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(module), args);
    const end = (): void => {
      resolve(null);
      child.kill('SIGKILL');
    };
    const timer = seconds < Infinity ? setTimeout(end, 1000 * seconds) : undefined;
    child.once('message', (message) => {
      resolve(message as Measurement);
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(timer);
      if (code !== 0) reject(new Error(`case ${args.at(-1) ?? ''} ended with exit code ${code ?? 'none'}`));
    });
  });
}
