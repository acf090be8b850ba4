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

/** Threads that this machine runs at a time, as its runtime tells; 1 where there are no threads. */
export function availableThreads(): number {
  if (!hasThreads()) return 1;
  const os = nodeBuiltin('node:os') as { readonly availableParallelism?: () => number } | null;
  const count = os?.availableParallelism?.() ?? navigator.hardwareConcurrency;
  return Math.max(1, count);
}
