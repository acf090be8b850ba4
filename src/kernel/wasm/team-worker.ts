import { nodeBuiltin } from '../../node-builtin.js';
import { teamWorkerSource } from './team-worker-source.js';

type NodeThreads = ReturnType<typeof process.getBuiltinModule<'node:worker_threads'>>;

/** A thread that serves a team. */
export interface TeamWorker {
  post(message: unknown): void;
  /** Ends the thread at once. */
  stop(): void;
}

/** Starts a thread that runs {@link teamWorkerSource}; null where there are none. `onEnd` is told if it ever ends. */
export type StartWorker = (onEnd: () => void) => TeamWorker | null;

/**
 * Whether threads can work on one memory here: not in a page without isolation headers, and not on a page's main thread,
 * which may not wait.
 */
export function canShareMemory(): boolean {
  if (typeof SharedArrayBuffer === 'undefined') return false;
  try {
    return Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0) === 'not-equal';
  } catch {
    return false;
  }
}

/** A thread of Node (20.16 or later), or a web worker. It keeps no process alive. */
export const startTeamWorker: StartWorker = (onEnd) => {
  const threads = nodeBuiltin('node:worker_threads') as NodeThreads | null;
  if (threads) return nodeWorker(threads, onEnd);
  return typeof Worker === 'function' ? webWorker(onEnd) : null;
};

function nodeWorker(threads: NodeThreads, onEnd: () => void): TeamWorker {
  // Flags of the process, loaders for example, are of no use to a thread without imports.
  const worker = new threads.Worker(teamWorkerSource, { eval: true, execArgv: [], name: 'relucent' });
  worker.on('error', onEnd);
  worker.on('exit', onEnd);
  worker.unref();
  return {
    post: (message) => {
      worker.postMessage(message);
    },
    stop: () => void worker.terminate(),
  };
}

function webWorker(onEnd: () => void): TeamWorker {
  const url = URL.createObjectURL(new Blob([teamWorkerSource], { type: 'text/javascript' }));
  const worker = new Worker(url, { name: 'relucent' });
  URL.revokeObjectURL(url);
  worker.onerror = onEnd;
  return {
    post: (message) => {
      worker.postMessage(message);
    },
    stop: () => {
      worker.terminate();
    },
  };
}
