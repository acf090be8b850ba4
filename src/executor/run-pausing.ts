import type { Executor, RunOptions, Task } from './executor.js';

/** Milliseconds between two pauses. */
const SLICE_MS = 20;

interface PausingHooks {
  readonly executor: Executor;
  readonly pause: () => Promise<void>;
  readonly roughMs: RunOptions<never>['roughMs'];
}

/**
 * Runs a task on every input for a caller that is itself interrupted through its `pause`: that is awaited meanwhile, and
 * where it throws the run is stopped and rejects with the same.
 */
export async function runPausing<Input, Output>(
  { executor, pause, roughMs }: PausingHooks,
  task: Task<Input, Output>,
  inputs: readonly Input[],
): Promise<Output[]> {
  const stop = new AbortController();
  const state = { isOver: false };
  const run = executor.run(task, inputs, { signal: stop.signal, roughMs }).finally(() => {
    state.isOver = true;
  });
  try {
    while (!state.isOver) {
      await Promise.race([run, slice()]);
      await pause();
    }
  } catch (error) {
    stop.abort(error);
    // Nothing of the run goes on behind the caller's back.
    await run.catch(() => undefined);
    throw error;
  }
  return run;
}

function slice(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, SLICE_MS);
  });
}
