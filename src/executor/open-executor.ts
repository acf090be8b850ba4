import { RelucentError } from '../error.js';
import type { Executor, OwnExecutor } from './executor.js';
import { inlineExecutor } from './inline-executor.js';
import { hasThreads, MOST_THREADS } from './runtime.js';
import type { WorkerSource } from './worker-channel.js';
import { WorkerPool } from './worker-pool.js';

/**
 * An executor of up to `threads` threads: the calling one for 1, else workers, which start when there is work for them.
 * Results are the same bits for any number.
 *
 * @throws RelucentError `invalid-argument` for a number that is none; `unsupported` for more than one where the runtime
 * has no threads
 */
export function openExecutor(threads: number): OwnExecutor {
  if (!Number.isInteger(threads) || threads < 1 || threads > MOST_THREADS) {
    throw new RelucentError(
      'invalid-argument',
      'threads',
      `expected a whole number from 1 to ${MOST_THREADS}, got ${threads}; leave it out for 1`,
    );
  }
  if (threads === 1) return inlineExecutor;
  if (!hasThreads()) {
    throw new RelucentError(
      'unsupported',
      'threads',
      `expected 1 in a runtime without workers, got ${threads}; use Node 20.16 or later, or a browser, or leave it out`,
    );
  }
  return new WorkerPool(threads, ownWorker());
}

/** Does some work with the executor given, or with one of its own of so many threads, which is closed at the end. */
export async function withExecutor<Result>(
  given: Executor | undefined,
  threads: number,
  work: (executor: Executor) => Promise<Result>,
): Promise<Result> {
  if (given) return work(given);
  const own = openExecutor(threads);
  try {
    return await work(own);
  } finally {
    await own.close();
  }
}

/** The worker of this library. Where its sources are run as they are, as its tests do, that is the one of the build. */
function ownWorker(): WorkerSource {
  const isSource = import.meta.url.endsWith('.ts');
  return {
    url: new URL(isSource ? '../../dist/src/worker.js' : '../worker.js', import.meta.url),
    startWeb: () => new Worker(new URL('../worker.js', import.meta.url), { type: 'module' }),
  };
}
