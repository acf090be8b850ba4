import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomModel } from '../../test/fixtures/random-model.js';
import { importModel, modelJsonOf } from '../training/import-model.js';
import { loadModel } from '../training/predict-table.js';
import { readModelSafetensors, writeModelSafetensors } from './model-safetensors.js';
import { decodeSafetensors, encodeSafetensors } from './safetensors.js';

const fixture = (name: string): unknown =>
  JSON.parse(
    readFileSync(new URL(`../../test/fixtures/models/${name}-version1.json`, import.meta.url), 'utf8'),
  ) as unknown;

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** A reader that shares no line with ours: the format as its README states it, on Node's buffers. */
function plainReader(file: Uint8Array): {
  header: Record<string, Entry>;
  values: (name: string) => number[];
} {
  const bytes = Buffer.from(file);
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + length)) as Record<string, Entry>;
  return {
    header,
    values: (name) => {
      const [from, to] = header[name]!.data_offsets;
      return Array.from({ length: (to - from) / 8 }, (_, i) => bytes.readDoubleLE(8 + length + from + 8 * i));
    },
  };
}

describe('safetensors', () => {
  it('holds the weights of a model byte for byte as the format says', () => {
    const loaded = loadModel(fixture('classes-gated3'));
    const bytes = writeModelSafetensors(modelJsonOf(loaded));
    const { header, values } = plainReader(bytes);
    const { subNetworks, inputs } = loaded.model.outputs[0]!.network;
    const count = subNetworks.length;
    const width = subNetworks[0]!.first.length;
    expect(count).toBeGreaterThan(1);
    const expected = {
      first: {
        shape: [count, width, inputs],
        values: subNetworks.flatMap(({ first }) => first.flatMap((w) => [...w])),
      },
      'inner.0': { shape: [count, 1, width], values: subNetworks.flatMap(({ inner }) => [...inner[0]![0]!]) },
      output: { shape: [count, 1], values: subNetworks.flatMap(({ output }) => [...output]) },
      'gates.first': {
        shape: [count, width, inputs],
        values: subNetworks.flatMap(({ gates }) => gates!.first.flatMap((w) => [...w])),
      },
      'gates.inner.0': {
        shape: [count, 1, width],
        values: subNetworks.flatMap(({ gates }) => [...gates!.inner[0]![0]!]),
      },
    };
    const { __metadata__: metadata, ...tensors } = header;
    expect(Object.keys(tensors)).toEqual(Object.keys(expected).map((part) => `outputs.0.batches.0.${part}`));
    for (const [part, { shape, values: numbers }] of Object.entries(expected)) {
      const name = `outputs.0.batches.0.${part}`;
      expect(header[name]).toMatchObject({ dtype: 'F64', shape });
      expect(values(name)).toEqual(numbers);
    }
    // Header and data begin at multiples of 8; the data are back to back and fill the file; metadata are texts.
    const length = Number(Buffer.from(bytes).readBigUInt64LE(0));
    expect(length % 8).toBe(0);
    expect(bytes[8]).toBe(0x7b);
    const offsets = Object.values(tensors).map((entry) => entry.data_offsets);
    offsets.forEach(([from], k) => {
      expect(from).toBe(k === 0 ? 0 : offsets[k - 1]![1]);
    });
    expect(offsets.at(-1)![1]).toBe(bytes.length - 8 - length);
    for (const value of Object.values(metadata!)) expect(typeof value).toBe('string');
  });

  it('gives tensors and metadata back', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string({ minLength: 1 }), fc.array(fc.double({ noNaN: true })))),
        fc.dictionary(
          fc.string().filter((key) => key !== '__proto__'),
          fc.string(),
          { noNullPrototype: true },
        ),
        (entries, texts) => {
          const content = {
            tensors: new Map(
              entries
                .filter(([name]) => name !== '__metadata__' && name !== '__proto__')
                .map(([name, values]) => [
                  name,
                  { shape: [values.length], values: Float64Array.from(values) },
                ]),
            ),
            metadata: new Map(Object.entries(texts)),
          };
          expect(decodeSafetensors(encodeSafetensors(content))).toEqual(content);
        },
      ),
    );
  });

  it('gives a model back whole', () => {
    fc.assert(
      fc.property(randomModel, (loaded) => {
        const json = modelJsonOf(loaded);
        expect(modelJsonOf(importModel(writeModelSafetensors(json)))).toEqual(json);
      }),
      { numRuns: 100 },
    );
  });

  it('notices a weight that was changed, by one bit', () => {
    const bytes = writeModelSafetensors(modelJsonOf(loadModel(fixture('regression-relu3'))));
    bytes[bytes.length - 8]! ^= 1;
    expect(() => importModel(bytes)).toThrow(/^checksum: /);
  });

  it('refuses sizes the file does not have, before anything is allocated', () => {
    const file = (header: object, data = 0): Uint8Array => {
      const text = Buffer.from(JSON.stringify(header));
      const length = Buffer.alloc(8);
      length.writeBigUInt64LE(BigInt(text.length));
      return Buffer.concat([length, text, Buffer.alloc(data)]);
    };
    const entry = (shape: readonly number[], to: number, dtype = 'F64'): object => ({
      a: { dtype, shape, data_offsets: [0, to] },
    });
    for (const [header, data, line] of [
      [entry([1e12], 8e12), 8, /within 8 bytes/],
      [entry([1e12, 1e12], 8), 8, /expected data at 0/],
      [entry([0, 1e15], 0), 8, /^data: expected 0 bytes, got 8/],
      [entry([1], 8, 'F32'), 8, /expected a float64 tensor/],
      [entry([-1], 8), 8, /expected a float64 tensor/],
      [entry([2], 8), 16, /expected data at 0/],
      [entry([0, 1e15], 0), 0, /relucent.model: expected a model in the metadata/],
      [{ a: { x: 'y' } }, 0, /expected dtype, shape and data_offsets/],
      [{ __metadata__: { 'relucent.model': '[' } }, 0, /expected JSON/],
    ] as const) {
      expect(() => readModelSafetensors(file(header, data))).toThrow(line);
    }
    const model = (network: object): object => ({
      __metadata__: { 'relucent.model': JSON.stringify({ outputs: [{ network }] }) },
      'outputs.0.batches.0.first': { dtype: 'F64', shape: [1, 1e15, 0], data_offsets: [0, 0] },
    });
    const subNetworks = [{ batch: 0, channel: 0 }];
    expect(() => readModelSafetensors(file(model({ kind: 'relu', depth: 2, subNetworks })))).toThrow(
      /at least one number/,
    );
    expect(() => readModelSafetensors(file(model({ kind: 'relu', depth: 1e12, subNetworks })))).toThrow(
      /relucent.model/,
    );
    expect(() => readModelSafetensors(file(model({ kind: 'relu', depth: 2, subNetworks: [] })))).toThrow(
      /it does not have/,
    );
  });
});
