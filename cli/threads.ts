import type { Executor } from '../src/executor/executor.js';
import { openExecutor } from '../src/executor/open-executor.js';
import { availableThreads } from '../src/executor/runtime.js';

/** What --threads does, for the help. */
export const threadsText = 'threads; the result does not depend on it (default: as many as the machine runs)';

/** Does some work with an executor of so many threads, by default as many as the machine runs, and closes it. */
export async function withExecutor<Result>(
  threads: number | undefined,
  work: (executor: Executor) => Promise<Result>,
): Promise<Result> {
  const executor = openExecutor(threads ?? availableThreads());
  try {
    return await work(executor);
  } finally {
    await executor.close();
  }
}
