import { nodeBuiltin } from '../node-builtin.js';

/** What is used of a worker of node:worker_threads. */
export interface NodeWorker {
  postMessage(message: unknown): void;
  on(event: 'message' | 'error' | 'exit', listener: (value: unknown) => void): void;
  ref(): void;
  unref(): void;
  terminate(): Promise<number>;
}

/** What is used of node:worker_threads. */
export interface NodeThreads {
  readonly Worker: new (url: URL, options: { readonly execArgv: readonly string[] }) => NodeWorker;
  readonly parentPort: {
    postMessage(message: unknown): void;
    on(event: 'message', listener: (message: unknown) => void): void;
  } | null;
}

/** node:worker_threads, or null. */
export function nodeThreads(): NodeThreads | null {
  return nodeBuiltin('node:worker_threads') as NodeThreads | null;
}

/** Whether this runtime has threads at all. */
export function hasThreads(): boolean {
  return nodeThreads() !== null || typeof Worker === 'function';
}

/** Most threads there may be: as many as the kernels can share their loops out among, and more than any search has use for. */
export const MOST_THREADS = 64;

/** Threads that this machine runs at a time, as its runtime tells, at most MOST_THREADS; 1 where there are none. */
export function availableThreads(): number {
  if (!hasThreads()) return 1;
  const os = nodeBuiltin('node:os') as { readonly availableParallelism?: () => number } | null;
  const count = os?.availableParallelism?.() ?? navigator.hardwareConcurrency;
  return Math.min(MOST_THREADS, Math.max(1, count));
}
