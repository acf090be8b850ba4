import { availableParallelism } from 'node:os';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { scale } from '../../test/fixtures/toy-tasks.mjs';
import { inlineExecutor } from './inline-executor.js';
import { failureOf, type Order, type Reply } from './messages.js';
import { openExecutor } from './open-executor.js';
import { availableKernel } from '../kernel/choose-kernel.js';
import { MOST_THREADS as MOST_OF_TEAM } from '../kernel/wasm/team.js';
import { availableThreads, MOST_THREADS } from './runtime.js';
import { WorkerPool } from './worker-pool.js';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** A runtime without Node’s modules, as a browser is. */
function leaveNode(): void {
  vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined);
}

describe('openExecutor', () => {
  it('stays on this thread for 1, and refuses what is no number of threads', () => {
    expect(openExecutor(1)).toBe(inlineExecutor);
    expect(openExecutor(3)).toMatchObject({ width: 3 });
    for (const threads of [0, -1, 1.5, NaN, 65]) {
      expect(() => openExecutor(threads)).toThrow(
        `threads: expected a whole number from 1 to 64, got ${threads}`,
      );
    }
  });

  it('has as many for the kernels as for itself, however many cores there are', () => {
    expect(MOST_THREADS).toBe(MOST_OF_TEAM);
    vi.spyOn(process, 'getBuiltinModule').mockReturnValue({ availableParallelism: () => 192 });
    expect(availableThreads()).toBe(64);
    expect(() => availableKernel({ threads: availableThreads() })).not.toThrow();
  });

  it('refuses threads where there are none, and counts 1', () => {
    expect(availableThreads()).toBe(Math.min(64, availableParallelism()));
    leaveNode();
    vi.stubGlobal('Worker', undefined);
    expect(availableThreads()).toBe(1);
    expect(openExecutor(1)).toBe(inlineExecutor);
    expect(() => openExecutor(2)).toThrow(
      /threads: expected 1 in a runtime without workers, got 2; use Node/,
    );
  });
});

/** As much of a Web Worker as the pool sees; its other end is what is made of an order. */
class PageWorker {
  static ended = 0;
  onmessage: ((event: { data: Reply }) => void) | null = null;
  onerror: ((event: { message: string }) => void) | null = null;
  onmessageerror: (() => void) | null = null;

  constructor(private readonly answer: (order: Order, worker: PageWorker) => void) {}

  postMessage(order: Order): void {
    setTimeout(() => {
      this.answer(structuredClone(order), this);
    }, 0);
  }

  terminate(): void {
    PageWorker.ended++;
  }
}

describe('a pool of Web Workers', () => {
  const inputs = [2, 3, 4].map((factor) => ({ values: Float64Array.of(1, 2), factor }));

  function poolOf(answer: (order: Order, worker: PageWorker) => void): WorkerPool {
    leaveNode();
    const startWeb = (): Worker => new PageWorker(answer) as unknown as Worker;
    return new WorkerPool(2, { url: new URL('https://page/worker.js'), startWeb });
  }

  it('gives what one thread gives, and ends them when it is closed', async () => {
    const seen: number[] = [];
    const pool = poolOf((order, worker) => {
      worker.onmessage?.({ data: { kind: 'ready' } });
      const progress = (news: unknown): void => worker.onmessage?.({ data: { kind: 'progress', news } });
      const pause = (): Promise<void> => Promise.resolve();
      void scale
        .run(order.input as never, { pause, progress })
        .then((output) => worker.onmessage?.({ data: { kind: 'done', output } }));
    });
    const outputs = await pool.run(scale, inputs, { onProgress: (at) => seen.push(at) });
    expect(outputs).toEqual(await inlineExecutor.run(scale, inputs));
    expect(seen.sort()).toEqual([0, 0, 1, 1, 2, 2]);
    PageWorker.ended = 0;
    await pool.close();
    expect(PageWorker.ended).toBe(2);
  });

  it.each([
    {
      name: 'a script that is missing',
      answer: (_: Order, worker: PageWorker) => worker.onerror?.({ message: '' }),
      says: /expected the worker https:\/\/page\/worker.js to start .*got a script that cannot be loaded/,
    },
    {
      name: 'an error beside the task',
      answer: (_: Order, worker: PageWorker) => {
        worker.onmessage?.({ data: { kind: 'ready' } });
        worker.onerror?.({ message: 'out of hand' });
      },
      says: /expected a worker to finish task "scale", input 1 of 3, got out of hand/,
    },
    {
      name: 'a message that is lost',
      answer: (_: Order, worker: PageWorker) => worker.onmessageerror?.(),
      says: /got a message that cannot be read/,
    },
    {
      name: 'an error of the task',
      answer: (_: Order, worker: PageWorker) =>
        worker.onmessage?.({ data: { kind: 'failed', failure: failureOf(new RangeError('too far')) } }),
      says: /^RangeError: too far$/,
    },
  ])('rejects for $name', async ({ answer, says }) => {
    const pool = poolOf(answer);
    const error: unknown = await pool.run(scale, inputs).catch((thrown: unknown) => thrown);
    expect(String(error)).toMatch(says);
    await pool.close();
  });
});
