import type { Executor, RunOptions, Task } from './executor.js';
import { fingerprintOf } from './plain-data.js';

/** What is kept of one finished input of a task: plain data. */
export interface TaskRecord {
  readonly output: unknown;
  /** What the task reported on its way, in order; reported again when the record stands for the work. */
  readonly news: readonly unknown[];
}

/** Where finished work is kept, by key: a map, a file, a database. */
export interface TaskRecords {
  get(key: string): TaskRecord | undefined;
  /** Called as soon as an input is finished. What it throws rejects the run. */
  set(key: string, record: TaskRecord): void;
}

/**
 * An executor that does nothing twice: work with a record is not done again, all other work goes to `executor` and is
 * recorded as soon as it is finished. Give it to a long job as its `executor`, keep the records, and the job can be
 * broken off at any time and started again: tasks are pure functions of their inputs and the key is the SHA-256 of task and
 * input, so the result is the same bits as without a break, and records of other work are never taken for this.
 *
 * What is under way when a run is broken off is lost: one input for each thread.
 */
export function recordingExecutor(executor: Executor, records: TaskRecords): Executor {
  return {
    width: executor.width,
    async run<Input, Output, News>(
      task: Task<Input, Output, News>,
      inputs: readonly Input[],
      options: RunOptions<News> = {},
    ): Promise<Output[]> {
      options.signal?.throwIfAborted();
      const keys = keysOf(task.name, inputs);
      const found = keys.map((key) => records.get(key));
      const open = [...inputs.keys()].filter((at) => found[at] === undefined);
      for (const [at, record] of found.entries()) {
        for (const news of record?.news ?? []) options.onProgress?.(at, news as News);
      }
      const news = inputs.map((): News[] => []);
      const share = open.length / Math.max(1, inputs.length);
      const done = await executor.run(
        task,
        open.map((at) => inputs[at] as Input),
        {
          signal: options.signal,
          roughMs: options.roughMs === undefined ? undefined : share * options.roughMs,
          onProgress: (k, item) => {
            const at = open[k] ?? 0;
            news[at]?.push(item);
            options.onProgress?.(at, item);
          },
          onOutput: (k, output) => {
            const at = open[k] ?? 0;
            records.set(keys[at] ?? '', { output, news: news[at] ?? [] });
            options.onOutput?.(at, output);
          },
        },
      );
      const outputs = found.map((record) => record?.output) as Output[];
      for (const [k, at] of open.entries()) outputs[at] = done[k] as Output;
      return outputs;
    },
  };
}

/** Keys of the inputs of one run, which name the same rows over and over: those are read once. */
function keysOf(task: string, inputs: readonly unknown[]): string[] {
  const known = new Map<object, string>();
  return inputs.map((input) => fingerprintOf([task, input], known));
}
