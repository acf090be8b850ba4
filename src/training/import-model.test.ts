import { tableOfCells } from '../../test/fixtures/cells.js';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomModel } from '../../test/fixtures/random-model.js';
import { RelucentError } from '../error.js';
import { writeModelSafetensors } from '../formats/model-safetensors.js';
import { writeOnnx } from '../formats/onnx.js';
import { EXPORT_FORMS, exportedFile } from './export-model.js';
import { importModel, MAX_MODEL_BYTES, modelFormatOf, modelJsonOf } from './import-model.js';
import { loadModel, predictTable, type LoadedModel } from './predict-table.js';

const fixture = (name: string): string =>
  readFileSync(new URL(`../../test/fixtures/models/${name}-version1.json`, import.meta.url), 'utf8');

const models = ['regression-relu3', 'classes-relu2', 'classes-gated3'].map((name) =>
  modelJsonOf(loadModel(JSON.parse(fixture(name)))),
);
const toBytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const files = models.flatMap((model) => [
  toBytes(JSON.stringify(model)),
  writeOnnx(model),
  writeModelSafetensors(model),
]);
files.push(toBytes(fixture('regression-relu3')), toBytes(fixture('classes-gated3')));

/** A model, or a refusal as documented; any other outcome is thrown. */
function outcome(bytes: Uint8Array): LoadedModel | RelucentError {
  try {
    return importModel(bytes);
  } catch (error) {
    if (error instanceof RelucentError && error.code === 'invalid-model') return error;
    throw error;
  }
}

/** A model that a hostile file passed as is still one: it predicts and is exported, or refuses in a line. */
function use(loaded: LoadedModel): void {
  const columns = loaded.preprocessing?.columns.map(({ name }) => name) ?? ['a', 'b'];
  const refuses = (call: () => unknown): void => {
    try {
      call();
    } catch (error) {
      if (!(error instanceof RelucentError)) throw error;
    }
  };
  refuses(() => predictTable(loaded, tableOfCells(columns, [columns.map(() => '1')], 'rows')));
  for (const form of EXPORT_FORMS) refuses(() => exportedFile(loaded, form));
}

const natural = JSON.stringify([
  Object.getOwnPropertyNames(Object.prototype),
  Object.getOwnPropertyNames(Array.prototype),
]);

beforeAll(() => {
  expect(files.map(modelFormatOf)).toEqual([
    ...models.flatMap(() => ['json', 'onnx', 'safetensors']),
    'json',
    'json',
  ]);
});

afterAll(() => {
  expect(
    JSON.stringify([
      Object.getOwnPropertyNames(Object.prototype),
      Object.getOwnPropertyNames(Array.prototype),
    ]),
  ).toBe(natural);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

/** Bytes changed in ways that break lengths, counts and texts. */
const mutated = fc
  .record({
    file: fc.constantFrom(...files),
    steps: fc.array(
      fc.record({
        kind: fc.constantFrom('flip', 'cut', 'insert', 'repeat', 'huge', 'word'),
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        byte: fc.integer({ min: 0, max: 255 }),
        length: fc.integer({ min: 1, max: 40 }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    nearHead: fc.boolean(),
  })
  .map(({ file, steps, nearHead }) =>
    steps.reduce((bytes, { kind, at: share, byte, length }) => {
      const at = Math.floor(share * Math.min(bytes.length, nearHead ? 200 : bytes.length));
      const head = bytes.subarray(0, at);
      const tail = bytes.subarray(at);
      const join = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
      switch (kind) {
        case 'flip':
          return join(head, Uint8Array.of(byte), tail.subarray(1));
        case 'cut':
          return join(head);
        case 'insert':
          return join(head, new Uint8Array(length).fill(byte), tail);
        case 'repeat':
          return join(head, tail.subarray(0, length), tail);
        case 'huge':
          return join(head, new Uint8Array(9).fill(0xff), Uint8Array.of(1), tail.subarray(10));
        case 'word':
          return join(head, toBytes('__proto__'), tail.subarray(9));
        default:
          return kind satisfies never;
      }
    }, file),
  );

describe('importModel and damaged bytes', () => {
  it('gives a model or a refusal, in every format', () => {
    fc.assert(
      fc.property(mutated, (bytes) => {
        const result = outcome(bytes);
        if (!(result instanceof RelucentError)) use(result);
      }),
      { numRuns: 3000 },
    );
  });

  it('refuses every file cut short', () => {
    for (const file of files) {
      for (let end = 0; end < file.length; end += end < 64 ? 1 : 61) {
        expect(outcome(file.subarray(0, end))).toBeInstanceOf(RelucentError);
      }
    }
  });

  it('takes bytes at random for no model', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom('', '{', '\x08\x09'), (bytes, start) => {
        expect(outcome(new Uint8Array(Buffer.concat([Buffer.from(start, 'latin1'), bytes])))).toBeInstanceOf(
          RelucentError,
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('survives nesting a million deep', () => {
    const deep = '['.repeat(1e6) + ']'.repeat(1e6);
    const json = JSON.stringify(models[0]);
    for (const text of [
      deep,
      '{"a":'.repeat(1e6),
      json.replace(/"columns":\d+/, `"columns":${deep}`),
      json.replace(/"notes":\[/, `"notes":[${deep},`),
    ]) {
      expect(outcome(toBytes(text))).toBeInstanceOf(RelucentError);
    }
    // Groups of protobuf, which nest without a length.
    for (const byte of [0x0b, 0x7b]) {
      const groups = new Uint8Array(1e6).fill(byte);
      groups.set([0x08, 0x09]);
      expect(outcome(groups)).toBeInstanceOf(RelucentError);
    }
  });

  it('refuses JSON that would fill the memory when parsed, wherever it stands', () => {
    const json = JSON.stringify(models[0]);
    for (const crowd of [`[${'[],'.repeat(5.1e5)}0]`, `[${'0,'.repeat(2.1e7)}0]`]) {
      const text = json.replace(/"notes":\[/, `"notes":[${crowd},`);
      expect(outcome(toBytes(text))).toMatchObject({ where: 'model' });
      const header = JSON.stringify({ __metadata__: { 'relucent.model': text } });
      const length = Buffer.alloc(8);
      length.writeBigUInt64LE(BigInt(header.length));
      expect(outcome(new Uint8Array(Buffer.concat([length, Buffer.from(header)])))).toMatchObject({
        where: 'model',
      });
    }
    // Below those limits it is the first wrong entry that ends it.
    const text = json.replace(/"notes":\[[^\]]*\]/, `"notes":[${'0,'.repeat(1.9e7)}0]`);
    expect(outcome(toBytes(text))).toMatchObject({ where: 'notes' });
    for (const [list, where] of [
      ['subNetworks', 'outputs.0.network.subNetworks.0.first'],
      ['columns', 'preprocessing.columns.0'],
      ['outputs', 'outputs.0.network'],
    ]) {
      const wrong = json.replace(`"${list ?? ''}":[`, `"${list ?? ''}":[${'{},'.repeat(4e5)}`);
      expect(outcome(toBytes(wrong))).toMatchObject({ where });
    }
  });

  it('refuses more bytes than it reads', () => {
    expect(outcome(new Uint8Array(MAX_MODEL_BYTES + 1))).toMatchObject({
      message: expect.stringContaining('256 MiB') as string,
    });
  });
});

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** Paths of all values in some JSON. */
function pathsIn(json: Json, path: readonly string[] = []): (readonly string[])[] {
  const inner = typeof json === 'object' && json !== null ? Object.entries(json) : [];
  return [path, ...inner.flatMap(([key, value]) => pathsIn(value, [...path, key]))];
}

function replaced(json: Json, [key, ...rest]: readonly string[], value: string): string {
  if (key === undefined) return value;
  const parts = Object.entries(json as object).map(([name, inner]) => {
    const text = name === key ? replaced(inner as Json, rest, value) : JSON.stringify(inner);
    return Array.isArray(json) ? text : `${JSON.stringify(name)}:${text}`;
  });
  return Array.isArray(json) ? `[${parts.join(',')}]` : `{${parts.join(',')}}`;
}

/** The text with the checksum that its content has: an attacker can compute it too. */
function signed(text: string): string {
  try {
    const body = JSON.parse(text) as Record<string, unknown>;
    delete body['checksum'];
    const checksum = `sha256:${createHash('sha256').update(JSON.stringify(body)).digest('hex')}`;
    return JSON.stringify({ ...body, checksum });
  } catch {
    return text;
  }
}

const hostile = fc.constantFrom(
  ...[
    '1e12',
    '-1',
    '0',
    '1e999',
    '-1e999',
    '1.5',
    '1e308',
    'null',
    '[]',
    '{}',
    '""',
    '"NaN"',
    'true',
    '9007199254740993',
  ],
  ...[
    '{"__proto__":{"polluted":1}}',
    '{"constructor":{"prototype":{"polluted":1}}}',
    '"__proto__"',
    '[[[[[]]]]]',
  ],
  ...['[1e308,1e308]', '[null,null]', '["a","a"]', '{"length":1e12}'],
);

describe('importModel and signed lies', () => {
  it('gives a model or a refusal for any value in any place', () => {
    let accepted = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...models).chain((model) =>
          fc.record({
            model: fc.constant(model as unknown as Json),
            changes: fc.array(fc.tuple(fc.constantFrom(...pathsIn(model as unknown as Json)), hostile), {
              minLength: 1,
              maxLength: 3,
            }),
          }),
        ),
        ({ model, changes }) => {
          const text = changes.reduce((before, [path, value]) => {
            try {
              return replaced(JSON.parse(before) as Json, path, value);
            } catch {
              return before;
            }
          }, JSON.stringify(model));
          const result = outcome(toBytes(signed(text)));
          if (result instanceof RelucentError) return;
          accepted++;
          use(result);
        },
      ),
      { numRuns: 3000 },
    );
    // Lies that no check can tell from a model, such as another weight.
    expect(accepted).toBeGreaterThan(100);
  });

  it('gives a model or a refusal for the same inside ONNX and safetensors', () => {
    const [model] = models;
    const onnx = Buffer.from(writeOnnx(model!)).toString('latin1');
    const weights = Buffer.from(writeModelSafetensors(model!)).toString('latin1');
    // Lengths are kept, so that the lie reaches the model: a number becomes another of as many digits.
    fc.assert(
      fc.property(
        fc.constantFrom(onnx, weights),
        fc.nat(),
        fc.constantFrom('9', '0', '-', 'e', '"', '[', '{', ','),
        (file, pick, put) => {
          const digits = [...file.matchAll(/\d(?=[\d.,\]}])/g)].map(({ index }) => index);
          const at = digits[pick % digits.length]!;
          const bytes = new Uint8Array(Buffer.from(file.slice(0, at) + put + file.slice(at + 1), 'latin1'));
          const result = outcome(bytes);
          if (!(result instanceof RelucentError)) use(result);
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('refuses what only the claim of a size would make large', () => {
    const claim = (pattern: RegExp, put: string): unknown =>
      outcome(toBytes(signed(JSON.stringify(models[1]).replace(pattern, put))));
    expect(claim(/"columns":2,/, '"columns":1e12,')).toMatchObject({ where: 'columns' });
    expect(claim(/"inputs":\d+/, '"inputs":1e12')).toMatchObject({ where: 'outputs.0.network.inputs' });
    expect(claim(/"kind":"relu","depth":2/, '"kind":"relu","depth":1e12')).toMatchObject({
      where: 'outputs.0.network.depth',
    });
    expect(claim(/"outputs":1,/, '"outputs":1e12,')).toMatchObject({ where: 'outputs.0.network.outputs' });
    const gated = JSON.stringify(models[2]);
    const noGates = gated.replace(/("gates":\{"first":.*?"inner":)\[\[\[.*?\]\]\]/, '$1[]');
    expect(outcome(toBytes(signed(noGates)))).toMatchObject({
      where: expect.stringMatching(/gates\.inner$/) as string,
    });
    expect(claim(/"channel":0/, '"channel":1e12')).toMatchObject({ code: 'invalid-model' });
  });

  it('takes any model that was written, in every format it is written in', () => {
    fc.assert(
      fc.property(randomModel, (loaded) => {
        const json = modelJsonOf(loaded);
        for (const form of ['json', 'onnx', 'safetensors'] as const) {
          const content = exportedFile(loaded, form);
          const bytes = typeof content === 'string' ? toBytes(content) : content;
          expect(modelFormatOf(bytes)).toBe(form);
          expect(modelJsonOf(importModel(bytes))).toEqual(json);
        }
      }),
      { numRuns: 60 },
    );
  });
});
