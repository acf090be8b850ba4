import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Executor, Task } from './executor.js';
import { inlineExecutor } from './inline-executor.js';
import { decodePlain, encodePlain, fingerprintOf } from './plain-data.js';
import { recordingExecutor, type TaskRecord } from './recording-executor.js';

const leaf = fc.oneof(
  fc.double(),
  fc.string(),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
  fc.float64Array(),
  fc.int32Array(),
);
const plain = fc.letrec((tie) => ({
  data: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('data'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('$', '__proto__', 'value')), tie('data'), {
      maxKeys: 4,
      noNullPrototype: true,
    }),
    fc.array(fc.tuple(fc.integer(), tie('data')), { maxLength: 3 }).map((entries) => new Map(entries)),
  ),
})).data;

describe('plain data as JSON', () => {
  it('comes back to the same bits, and has the same fingerprint', () => {
    fc.assert(
      fc.property(plain, (data) => {
        const back = decodePlain(JSON.parse(JSON.stringify(encodePlain(data))));
        expect(back).toStrictEqual(data);
        expect(fingerprintOf(back)).toBe(fingerprintOf(data));
      }),
      { numRuns: 300 },
    );
  });

  it('has another fingerprint when one bit differs', () => {
    const fingerprints = [0, -0, 1, '1', NaN, null, [], [[]], {}, new Map(), Float64Array.of(0), Float64Array.of(-0), Float32Array.of(0, 0), { a: 1 }, { $: 'number', value: 'NaN' }].map((data) => fingerprintOf(data)); // prettier-ignore
    expect(new Set(fingerprints).size).toBe(fingerprints.length);
  });

  it('reads any JSON to data or to an error, and pollutes nothing', () => {
    const key = fc.oneof(fc.constantFrom('$', 'value', '__proto__', 'constructor'), fc.string());
    const mark = fc.constantFrom('Map', 'object', 'Float64Array', 'number', 'undefined', 'constructor');
    const json = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: 'small' },
        fc.jsonValue(),
        mark,
        fc.array(tie('any'), { maxLength: 3 }),
        fc.dictionary(key, tie('any'), { maxKeys: 3 }),
      ),
    })).any;
    fc.assert(
      fc.property(json, (value) => {
        try {
          decodePlain(JSON.parse(JSON.stringify(value)));
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
        expect(Object.keys(Object.prototype)).toEqual([]);
      }),
      { numRuns: 300 },
    );
    const deep = JSON.parse('['.repeat(5000) + ']'.repeat(5000)) as unknown;
    expect(() => decodePlain(deep)).toThrow('at most 64 levels');
  });

  it('refuses functions and objects of classes', () => {
    expect(() => encodePlain({ f: () => 1 })).toThrow('got a function');
    expect(() => encodePlain(new Date(0))).toThrow('got an object of Date');
  });
});

/** Halves numbers, and tells; breaks off at the number given. */
function halving(stopAt: number): { readonly task: Task<number, { half: number }, string>; calls: number[] } {
  const calls: number[] = [];
  return {
    calls,
    task: {
      name: 'halve',
      run: (x, { progress }) => {
        if (x === stopAt) return Promise.reject(new Error('broken off'));
        calls.push(x);
        progress(`halving ${x}`);
        return Promise.resolve({ half: x / 2 });
      },
    },
  };
}

describe('recordingExecutor', () => {
  it('does nothing twice, and tells the same news', async () => {
    const records = new Map<string, TaskRecord>();
    const executor = recordingExecutor(inlineExecutor, records);
    const first = halving(3);
    await expect(executor.run(first.task, [1, 2, 3, 4])).rejects.toThrow('broken off');
    expect(first.calls).toEqual([1, 2]);
    const second = halving(NaN);
    const news: [number, string][] = [];
    const outputs = await executor.run(second.task, [1, 2, 3, 4], {
      onProgress: (at, text) => news.push([at, text]),
    });
    expect(second.calls).toEqual([3, 4]);
    expect(outputs).toEqual(await inlineExecutor.run(halving(NaN).task, [1, 2, 3, 4]));
    expect(news).toEqual([1, 2, 3, 4].map((x, at) => [at, `halving ${x}`]));
  });

  it('takes no record of another task or input for its own', async () => {
    const records = new Map<string, TaskRecord>();
    const executor = recordingExecutor(inlineExecutor, records);
    await executor.run(halving(NaN).task, [1, 0]);
    const other = halving(NaN);
    await executor.run(other.task, [-0, 2]);
    await executor.run({ ...other.task, name: 'other' }, [1]);
    expect(other.calls).toEqual([-0, 2, 1]);
  });

  it('hands on work of an executor that has threads, and its roughMs by share', async () => {
    const seen: (number | undefined)[] = [];
    const inner: Executor = {
      width: 3,
      run: (task, inputs, options) => {
        seen.push(options?.roughMs);
        return inlineExecutor.run(task, inputs, options);
      },
    };
    const records = new Map<string, TaskRecord>();
    const executor = recordingExecutor(inner, records);
    expect(executor.width).toBe(3);
    await executor.run(halving(NaN).task, [1], { roughMs: 100 });
    await executor.run(halving(NaN).task, [1, 2, 3, 4], { roughMs: 100 });
    expect(seen).toEqual([100, 75]);
  });

  it('rejects with what the keeper of records throws', async () => {
    const full = { get: () => undefined, set: () => { throw new Error('disk full'); } }; // prettier-ignore
    await expect(recordingExecutor(inlineExecutor, full).run(halving(NaN).task, [1])).rejects.toThrow(
      'disk full',
    );
  });
});
