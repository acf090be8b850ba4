import type { OwnExecutor, RunOptions, Task } from './executor.js';
import { inlineExecutor } from './inline-executor.js';
import { errorOf, notPlain, type Reply } from './messages.js';
import { PoolRun } from './pool-run.js';
import { withSharedArrays } from './shared-arrays.js';
import { startWorker, type WorkerChannel, type WorkerSource } from './worker-channel.js';

/**
 * Work below which workers do not pay. Each takes 0.15 s of a core to start and up to 0.8 s until its code is compiled as well
 * as it is here: on two cores, 3 s of folds take as long with two workers as without. One that runs has to be sent its input.
 */
const COLD_MS = 3000;
const WARM_MS = 50;

/** One input on its way. */
interface Job {
  readonly run: PoolRun;
  readonly input: number;
}

/** A worker and what it does. */
interface Member {
  readonly channel: WorkerChannel;
  isReady: boolean;
  job: Job | null;
}

/**
 * Runs tasks in threads: `worker_threads` of Node, Web Workers elsewhere. Workers start when first needed (each
 * holds its own copy of the library), keep the process alive only while they work, and end with `close`.
 *
 * An aborted run ends its workers at once, in the middle of their work; later runs start others.
 */
export class WorkerPool implements OwnExecutor {
  readonly width: number;
  private readonly source: WorkerSource;
  private readonly members = new Set<Member>();
  private readonly queue: Job[] = [];
  private isClosed = false;

  /**
   * @param width most workers at a time, ≥ 1
   * @param source module that serves the tasks, see serve-tasks.ts
   */
  constructor(width: number, source: WorkerSource) {
    this.width = width;
    this.source = source;
  }

  /** See {@link Executor.run}. A single input, and little work, is done here: workers would only have further to go. */
  async run<Input, Output, News>(
    task: Task<Input, Output, News>,
    inputs: readonly Input[],
    options: RunOptions<News> = {},
  ): Promise<Output[]> {
    const { signal, onProgress, onOutput, roughMs = Infinity } = options;
    signal?.throwIfAborted();
    if (this.isClosed) throw new Error(`executor: expected it open to run ${task.name}, got a closed one`);
    const leastMs = this.members.size > 0 ? WARM_MS : COLD_MS;
    if (inputs.length <= 1 || roughMs < leastMs) return inlineExecutor.run(task, inputs, options);
    const run = new PoolRun(task.name, withSharedArrays(inputs), {
      onProgress: (input, news) => onProgress?.(input, news as News),
      onOutput,
    });
    const abort = (): void => {
      this.fail({ run, input: 0 }, signal?.reason);
    };
    signal?.addEventListener('abort', abort, { once: true });
    for (const input of inputs.keys()) this.queue.push({ run, input });
    this.dispatch();
    try {
      return (await run.finished) as Output[];
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
    const closed = new Error('executor: expected it open until its runs have ended, got it closed before');
    for (const { run, input } of this.queue.splice(0)) run.fail(input, closed);
    const members = [...this.members];
    this.members.clear();
    for (const { job } of members) job?.run.fail(job.input, closed);
    await Promise.all(members.map(({ channel }) => channel.stop()));
  }

  /** Gives waiting inputs to idle workers, new ones while there may be more. */
  private dispatch(): void {
    for (let job = this.queue[0]; job !== undefined; job = this.queue[0]) {
      const idle = [...this.members].find((member) => member.job === null);
      if (!idle && this.members.size >= this.width) return;
      this.queue.shift();
      this.give(job, idle ?? null);
    }
  }

  private give(job: Job, idle: Member | null): void {
    const { run, input } = job;
    const member = idle ?? this.start();
    try {
      member.channel.post({ task: run.task, input: run.inputs[input] });
    } catch (error) {
      this.fail(job, notPlain(`input ${input + 1} of task "${run.task}"`, error));
      return;
    }
    member.channel.hold(true);
    member.job = job;
  }

  private start(): Member {
    const channel = startWorker(this.source, {
      onReply: (reply) => {
        this.hear(member, reply);
      },
      onLost: (why) => {
        this.lose(member, why);
      },
    });
    const member: Member = { channel, isReady: false, job: null };
    this.members.add(member);
    channel.hold(false);
    return member;
  }

  private hear(member: Member, reply: Reply): void {
    if (reply.kind === 'ready') {
      member.isReady = true;
      return;
    }
    const { job } = member;
    if (!job) return;
    if (reply.kind === 'progress') {
      try {
        job.run.hooks.onProgress(job.input, reply.news);
      } catch (error) {
        this.fail(job, error);
      }
      return;
    }
    member.job = null;
    member.channel.hold(false);
    if (reply.kind === 'failed') {
      this.fail(job, errorOf(reply.failure));
      return;
    }
    try {
      job.run.hooks.onOutput?.(job.input, reply.output);
    } catch (error) {
      this.fail(job, error);
      return;
    }
    job.run.succeed(job.input, reply.output);
    this.dispatch();
  }

  private lose(member: Member, why: string): void {
    this.members.delete(member);
    const { job } = member;
    if (!job) return;
    const what = `task "${job.run.task}", input ${job.input + 1} of ${job.run.inputs.length}`;
    const error = new Error(
      member.isReady
        ? `executor: expected a worker to finish ${what}, got ${why}; it runs in one thread with threads 1`
        : `executor: expected the worker ${this.source.url.href} to start for ${what}, got ${why}; it is part of the ` +
            'build (npm run build), or use threads 1',
    );
    this.fail(job, error);
  }

  /** Ends one input of a run by an error: nothing behind it is worth going on with. */
  private fail({ run, input }: Job, error: unknown): void {
    this.drop(run, input);
    run.fail(input, error);
    this.dispatch();
  }

  /** Forgets the inputs of a run from number `from` on, and ends the workers that are at them. */
  private drop(run: PoolRun, from: number): void {
    const concerned = (job: Job | null): boolean => job !== null && job.run === run && job.input >= from;
    for (let at = this.queue.length - 1; at >= 0; at--) {
      if (concerned(this.queue[at] ?? null)) this.queue.splice(at, 1);
    }
    for (const member of [...this.members]) {
      if (!concerned(member.job)) continue;
      this.members.delete(member);
      void member.channel.stop();
    }
  }
}
