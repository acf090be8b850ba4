import { Session, type Profiler, type Runtime } from 'node:inspector/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder that src and bench were compiled to. */
const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Time that one function spent itself, without those it called. */
export interface SelfTime {
  /** Folder of its source, as src/solver; else where it comes from: WebAssembly, node, a package, or the engine. */
  readonly folder: string;
  /** Its name, and file and line where there is one. */
  readonly where: string;
  readonly seconds: number;
}

/** Runs a job under the CPU profiler, sampled every 200 µs. */
export async function profiled<Result>(
  job: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly seconds: number; readonly profile: Profiler.Profile }> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 200 });
  await session.post('Profiler.start');
  const start = performance.now();
  const result = await job();
  const seconds = (performance.now() - start) / 1000;
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  return { result, seconds, profile };
}

/** Self times of all functions of a profile, the idle time left out. */
export function selfTimes({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): readonly SelfTime[] {
  const seconds = new Map<number, number>();
  samples.forEach((id, at) => {
    // Delta `at` is the time before sample `at`; the one after it is what the sample stands for.
    seconds.set(id, (seconds.get(id) ?? 0) + (timeDeltas[at + 1] ?? 0) / 1e6);
  });
  return nodes
    .filter(({ callFrame }) => callFrame.functionName !== '(idle)')
    .map(({ id, callFrame }) => ({ ...placeOf(callFrame), seconds: seconds.get(id) ?? 0 }))
    .filter((time) => time.seconds > 0);
}

function placeOf({ functionName, url, lineNumber }: Runtime.CallFrame): Omit<SelfTime, 'seconds'> {
  const name = functionName || 'a function without name';
  if (url.startsWith('wasm:')) return { folder: 'WebAssembly', where: name };
  if (url.startsWith('node:')) return { folder: 'node', where: name };
  if (!url.startsWith('file:')) return { folder: 'engine', where: name };
  const path = relative(ROOT, fileURLToPath(url));
  const parts = path.split('/');
  const at = parts.lastIndexOf('node_modules');
  if (at >= 0) return { folder: parts.slice(at, at + 2).join('/'), where: name };
  const file = parts.pop() ?? '';
  return { folder: parts.join('/'), where: `${name}, ${file}:${lineNumber + 1}` };
}
