import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { fixed } from '../../test/fixtures/random-program.js';
import { closure, die, endless, explode, look, scale, unheard } from '../../test/fixtures/toy-tasks.mjs';
import { RelucentError } from '../error.js';
import type { Task } from './executor.js';
import { inlineExecutor } from './inline-executor.js';
import type { WorkerSource } from './worker-channel.js';
import { WorkerPool } from './worker-pool.js';

/** Node's threads are found first: no Web Worker is started. */
function source(file: string): WorkerSource {
  const url = new URL(`../../test/fixtures/${file}`, import.meta.url);
  return { url, startWeb: () => new Worker(url) };
}

const toys = source('toy-worker.mjs');
const pools = [1, 2, 3].map((width) => new WorkerPool(width, toys));
const [, pool] = pools as [WorkerPool, WorkerPool, WorkerPool];

/** The worker has the implementation. */
const fail: Task<{ readonly how: string | null; readonly busyMs: number }, string> = {
  name: 'fail',
  run: () => Promise.reject(new Error('not here')),
};

const at = (how: string | null, busyMs = 0): { how: string | null; busyMs: number } => ({ how, busyMs });

afterAll(async () => {
  await Promise.all(pools.map((each) => each.close()));
});

async function failure(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('expected a failure, got none');
}

describe('WorkerPool', () => {
  it('gives what one thread gives, in the order of the inputs, whatever takes longer', async () => {
    const input = fc.record({
      values: fc.float64Array({ maxLength: 20 }),
      factor: fc.double(),
      busyMs: fc.constantFrom(0, 0, 3),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(input, { maxLength: 8 }), fc.constantFrom(...pools), async (inputs, some) => {
        const seen = inputs.map(() => [] as number[]);
        const onProgress = (at: number, news: number): void => {
          seen[at]!.push(news);
        };
        const told: unknown[] = inputs.map(() => null);
        const onOutput = (at: number, output: unknown): void => {
          told[at] = output;
        };
        const outputs = await some.run(scale, inputs, { onProgress, onOutput });
        expect(outputs).toEqual(await inlineExecutor.run(scale, inputs));
        expect(told).toEqual(outputs);
        expect(seen).toEqual(inputs.map(() => [0.5, 1]));
      }),
      fixed(60),
    );
  });

  it('works on several inputs at a time, and on several runs', async () => {
    // Each of these ends only by an abort: all of them must have begun for that.
    const flag = new Int32Array(new SharedArrayBuffer(12));
    const controller = new AbortController();
    const three = new WorkerPool(3, toys);
    const runs = [
      [0, 1],
      [2, 2],
    ].map((ats) =>
      failure(
        three.run(
          endless,
          ats.map((at) => ({ flag, at, deaf: false })),
          { signal: controller.signal },
        ),
      ),
    );
    await until(() => flag.every((value) => value === 1));
    controller.abort('enough');
    expect(await Promise.all(runs)).toEqual(['enough', 'enough']);
    await three.close();
  });

  it('shares large arrays, and copies small ones', async () => {
    const large = new Float64Array(1 << 14);
    const small = new Float64Array(4);
    const inputs = [large, small].map((array) => ({ array, again: array }));
    expect(await pool.run(look, inputs)).toEqual([
      { isShared: true, isOne: true },
      { isShared: false, isOne: true },
    ]);
    expect(large.buffer).toBeInstanceOf(ArrayBuffer);
  });

  it('does little work here, and what is worth it elsewhere', async () => {
    const lazy = new WorkerPool(2, toys);
    // Only a worker knows how this one is done.
    const run = (roughMs?: number): Promise<string[]> => lazy.run(fail, [at(null), at(null)], { roughMs });
    await expect(run(1000)).rejects.toThrow('not here');
    expect(await run()).toEqual(['well', 'well']);
    // Now there are workers.
    expect(await run(1000)).toEqual(['well', 'well']);
    await expect(run(10)).rejects.toThrow('not here');
    await lazy.close();
  });

  it('has nothing to do for no inputs', async () => {
    expect(await pool.run(scale, [])).toEqual([]);
  });
});

describe('an abort', () => {
  it.each([true, false])(
    'ends workers in the middle of their work (deaf: %s), and others follow',
    async (deaf) => {
      const flag = new Int32Array(new SharedArrayBuffer(8));
      const controller = new AbortController();
      const inputs = [0, 1, 1].map((at) => ({ flag, at, deaf }));
      const run = failure(pool.run(endless, inputs, { signal: controller.signal }));
      await until(() => flag.every((value) => value === 1));
      const started = performance.now();
      controller.abort(new RangeError('enough'));
      expect(await run).toBe(controller.signal.reason);
      expect(performance.now() - started).toBeLessThan(1000);
      const values = Float64Array.of(1, 2);
      expect(
        await pool.run(
          scale,
          [2, 3].map((factor) => ({ values, factor })),
        ),
      ).toEqual([Float64Array.of(2, 4), Float64Array.of(3, 6)]);
    },
  );

  it('before the start keeps everything from starting', async () => {
    const signal = AbortSignal.abort('no');
    const inputs = [{ code: 1 }, { code: 1 }];
    expect(await failure(pool.run(die, inputs, { signal }))).toBe('no');
    expect(await failure(inlineExecutor.run(die, inputs, { signal }))).toBe('no');
  });

  it('stops one thread too, at its next pause', async () => {
    const flag = new Int32Array(1);
    const controller = new AbortController();
    const run = failure(
      inlineExecutor.run(endless, [{ flag, at: 0, deaf: false }], { signal: controller.signal }),
    );
    setTimeout(() => {
      controller.abort('enough');
    }, 5);
    expect(await run).toBe('enough');
  });
});

describe('an error of a task', () => {
  it('keeps its type, its code and its field', async () => {
    const error = await failure(pool.run(fail, [at(null), at('relucent')]));
    expect(error).toBeInstanceOf(RelucentError);
    expect(error).toMatchObject({
      code: 'invalid-problem',
      where: 'y[3]',
      message: 'y[3]: expected a number, got x',
    });
    expect(await failure(pool.run(fail, [at('type'), at(null)]))).toEqual(new TypeError('no function'));
    expect(await failure(pool.run(fail, [at('own'), at(null)]))).toMatchObject({
      name: 'OwnError',
      message: 'of its own',
    });
    expect(await failure(pool.run(fail, [at('value'), at(null)]))).toEqual({ field: 'beta' });
  });

  it('is that of the first input, whichever comes first', async () => {
    const inputs = [at(null, 60), at('type', 60), at('own'), at('own')];
    for (const some of pools)
      expect(await failure(some.run(fail, inputs))).toEqual(new TypeError('no function'));
  });

  it('does not wait for the inputs behind it', async () => {
    const started = performance.now();
    expect(await failure(pool.run(fail, [at('type'), at(null, 20_000)]))).toBeInstanceOf(TypeError);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('is also what a listener throws, and what is no plain data', async () => {
    const values = Float64Array.of(1);
    const inputs = [1, 2].map((factor) => ({ values, factor }));
    const onProgress = (): void => {
      throw new RangeError('not now');
    };
    expect(await failure(pool.run(scale, inputs, { onProgress }))).toEqual(new RangeError('not now'));
    expect(await failure(inlineExecutor.run(scale, inputs, { onProgress }))).toEqual(
      new RangeError('not now'),
    );
    expect(String(await failure(pool.run(closure, [null, null])))).toMatch(
      /expected plain data as the output of task "closure", got .*DataCloneError: .*could not be cloned/,
    );
    const input = (() => 1) as unknown as null;
    expect(String(await failure(pool.run(unheard, [input, input])))).toMatch(
      /expected plain data as input 1 of task "unheard", got .*DataCloneError: .*could not be cloned/,
    );
  });

  it('tells of a task that the worker does not know', async () => {
    expect(String(await failure(pool.run(unheard, [null, null])))).toMatch(
      /expected one of the tasks scale, endless, .*, got unheard; list it/,
    );
  });
});

describe('a worker that is lost', () => {
  it.each([0, 3])('by exit code %d rejects the run and names its task', async (code) => {
    const inputs = [{ code: null }, { code }, { code: null }];
    expect(String(await failure(pool.run(die, inputs)))).toBe(
      `Error: executor: expected a worker to finish task "die", input 2 of 3, got exit code ${code}; it runs in one thread with threads 1`,
    );
    expect(await pool.run(die, [{ code: null }, { code: null }])).toEqual(['alive', 'alive']);
  });

  it('by an error beside its task does too', async () => {
    expect(String(await failure(pool.run(explode, [null, null])))).toMatch(
      /to finish task "explode", input 1 of 2, got RangeError: out of hand/,
    );
  });

  it('before it started says what is missing', async () => {
    const none = new WorkerPool(2, source('no-such-worker.mjs'));
    expect(String(await failure(none.run(unheard, [null, null])))).toMatch(
      /expected the worker file:.*no-such-worker.mjs to start for task "unheard", input 1 of 2, got Error: Cannot find module .*npm run build/,
    );
  });
});

describe('close', () => {
  it('rejects runs under way and later ones', async () => {
    const closing = new WorkerPool(2, toys);
    const flag = new Int32Array(new SharedArrayBuffer(8));
    const inputs = [0, 1, 1].map((at) => ({ flag, at, deaf: true }));
    const run = failure(closing.run(endless, inputs));
    await until(() => flag[0] === 1);
    await closing.close();
    expect(String(await run)).toMatch(/expected it open until its runs have ended/);
    expect(String(await failure(closing.run(die, [{ code: null }])))).toMatch(/expected it open to run die/);
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
}
