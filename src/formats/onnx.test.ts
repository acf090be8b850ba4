import { cellsOf, tableOfCells } from '../../test/fixtures/cells.js';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { Tensor } from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../test/fixtures/close.js';
import { oddText, randomModel, randomRows } from '../../test/fixtures/random-model.js';
import { matrixFeed, runOnnx, tableFeeds, type OnnxOutputs } from '../../test/fixtures/run-onnx.js';
import { EXPORTED } from '../../test/tolerances.js';
import { RelucentClassifier } from '../estimator/classifier.js';
import { RelucentRegressor } from '../estimator/regressor.js';
import { parseTable } from '../table/parse-table.js';
import type { Table } from '../table/table.js';
import { importModel, modelJsonOf } from '../training/import-model.js';
import { loadModel, predictTable, type LoadedModel } from '../training/predict-table.js';
import { writeOnnx } from './onnx.js';

const fixture = (name: string): string =>
  readFileSync(new URL(`../../test/fixtures/models/${name}`, import.meta.url), 'utf8');

/** An output by its name, or the name that a column pushed it to. */
function outputOf(out: OnnxOutputs, name: string): (string | number)[] {
  const key = Object.keys(out).find((found) => found.replace(/_+$/, '') === name);
  return [...(out[key ?? '']?.data ?? [])];
}

/** Checks what onnxruntime makes of a table against the model's own predictions. */
async function expectSame(loaded: LoadedModel, table: Table): Promise<void> {
  const { predictions } = predictTable(loaded, table);
  const feeds = loaded.preprocessing
    ? tableFeeds(table, loaded.preprocessing)
    : matrixFeed(cellsOf(table).map((row) => row.map(Number)));
  const out = await runOnnx(writeOnnx(modelJsonOf(loaded)), feeds);
  if (predictions.task === 'regression') {
    expectClose(outputOf(out, 'prediction').map(Number), predictions.values, EXPORTED);
  } else {
    expectClose(outputOf(out, 'probabilities').map(Number), predictions.probabilities.flat(), EXPORTED, 1);
    const labels = outputOf(out, 'label');
    predictions.labels.forEach((label, i) => {
      // A tie to the last bits may go either way.
      const p = predictions.probabilities[i]!;
      const other = loaded.classes.indexOf(String(labels[i]));
      expect(p[other]).toBeGreaterThanOrEqual(p[label]! - EXPORTED);
    });
  }
}

describe('ONNX, run in onnxruntime', () => {
  it.each(['regression-relu3', 'classes-relu2', 'classes-gated3'])(
    'predicts as the model: %s',
    async (name) => {
      const csv = `${name.split('-')[0] ?? ''}.csv`;
      await expectSame(
        loadModel(JSON.parse(fixture(`${name}-version1.json`))),
        parseTable(fixture(csv), { name: csv }),
      );
    },
  );

  it('predicts as any model, whatever its shapes and names', async () => {
    await fc.assert(
      fc.asyncProperty(
        randomModel.chain((loaded) => {
          const { preprocessing, model } = loaded;
          const names = preprocessing?.columns.map(({ name }) => name);
          const rows = preprocessing
            ? randomRows(preprocessing)
            : fc.array(
                fc.array(fc.integer({ min: -50, max: 50 }).map(String), {
                  minLength: model.columns,
                  maxLength: model.columns,
                }),
                { minLength: 1, maxLength: 4 },
              );
          return fc.record({
            loaded: fc.constant(loaded),
            rows,
            columns: fc.constant(names ?? Array.from({ length: model.columns }, (_, t) => `x${t}`)),
          });
        }),
        async ({ loaded, rows, columns }) => {
          // onnxruntime-web hands texts on as C strings, which end at a NUL.
          fc.pre(!JSON.stringify([rows, columns, loaded]).includes('\\u0000'));
          await expectSame(loaded, tableOfCells(columns, rows, 'rows'));
        },
      ),
      { numRuns: 60, seed: 5 },
    );
  }, 120_000);

  it('is what toOnnx of a trained model gives, in the types of its labels', async () => {
    const X = [
      [0, 1],
      [1, 0],
      [2, 2],
      [4, 1],
      [7, 3],
      [5, 5],
    ];
    const options = { sample: 20, beta: 0.01 };
    const regressor = await new RelucentRegressor({ ...options, depth: 3, width: 2 }).fit(
      X,
      [1, 2, 3, 5, 4, 9],
    );
    const numbers = await runOnnx(regressor.toOnnx(), matrixFeed(X));
    expectClose(numbers['prediction']!.data as number[], regressor.predict(X), EXPORTED);
    expect(numbers['prediction']!.dims).toEqual([6]);
    for (const y of [
      [1, 2.5, 1, 2.5, 1, 2.5],
      ['a', 'b', 'c', 'a', 'b', 'c'],
    ]) {
      const model = await new RelucentClassifier({ ...options, formulation: 'gated' }).fit(X, y);
      const out = await runOnnx(model.toOnnx(), matrixFeed(X));
      expect(out['label']!.data).toEqual(model.predict(X));
      expectClose(out['probabilities']!.data as number[], model.predictProba(X).flat(), EXPORTED, 1);
      expect(out['probabilities']!.dims).toEqual([6, new Set<unknown>(y).size]);
    }
  });

  it('takes no rows, and answers NaN where a number is not finite and nothing fills it in', async () => {
    const X = [[0], [1], [2], [4], [7]];
    const model = await new RelucentRegressor({ sample: 10, beta: 0.01 }).fit(X, [1, 2, 3, 5, 4]);
    const bytes = model.toOnnx();
    const none = await runOnnx(bytes, { X: new Tensor('float64', new Float64Array(0), [0, 1]) });
    expect(none['prediction']).toEqual({ dims: [0], data: [] });
    const { data } = (await runOnnx(bytes, matrixFeed([[NaN], [2], [Infinity], [-Infinity]])))['prediction']!;
    expect([data[0], data[2], data[3]]).toEqual([NaN, NaN, NaN]);
    expectClose([data[1] as number], model.predict([[2]]), EXPORTED);
  });
});

describe('the model in an ONNX file', () => {
  it('comes back whole', () => {
    fc.assert(
      fc.property(randomModel, (loaded) => {
        const json = modelJsonOf(loaded);
        expect(modelJsonOf(importModel(writeOnnx(json)))).toEqual(json);
      }),
      { numRuns: 50 },
    );
  });

  it('is refused where the graph is another one, by a single bit', () => {
    const bytes = writeOnnx(modelJsonOf(loadModel(JSON.parse(fixture('classes-gated3-version1.json')))));
    const weight = new DataView(new ArrayBuffer(8));
    const { outputs } = loadModel(JSON.parse(fixture('classes-gated3-version1.json'))).model;
    weight.setFloat64(0, outputs[0]!.network.subNetworks[0]!.first[0]![0]!, true);
    const pattern = new Uint8Array(weight.buffer);
    const at = bytes.findIndex((_, i) => pattern.every((byte, k) => bytes[i + k] === byte));
    expect(at).toBeGreaterThan(0);
    bytes[at]! ^= 1;
    expect(() => importModel(bytes)).toThrow(/^graph: expected the graph that the model/);
  });

  it('says so where a file is not from relucent or from another version of its graph', () => {
    const read =
      (...bytes: number[]) =>
      (): unknown =>
        importModel(Uint8Array.from(bytes));
    expect(read(0x08, 0x09)).toThrow(/only ONNX files that relucent wrote/);
    expect(read(0x08, 0xff)).toThrow(/bytes that are none/);
    const bytes = writeOnnx(modelJsonOf(loadModel(JSON.parse(fixture('classes-relu2-version1.json')))));
    const key = new TextEncoder().encode('relucent.graph\x12\x011');
    const at = bytes.findIndex((_, i) => key.every((byte, k) => bytes[i + k] === byte));
    bytes[at + key.length - 1] = 0x39;
    expect(() => importModel(bytes)).toThrow(/^relucent.graph: expected "1", got "9"/);
  });

  it('takes no part that it cannot hold', () => {
    const json = modelJsonOf(loadModel(JSON.parse(fixture('classes-relu2-version1.json'))));
    const newer = { ...json, temperature: 2 };
    expect(() => writeOnnx(newer)).toThrow(/^temperature: .*this format cannot hold it/);
    const [output] = json.outputs;
    const softmax = { ...json, outputs: [{ ...output!, network: { ...output!.network, outputs: 3 } }] };
    expect(() => writeOnnx(softmax)).toThrow(/^outputs.0.network.outputs: expected 1, got 3/);
  });

  it('odd texts are among the names tried', () => {
    expect(fc.sample(oddText, { numRuns: 300, seed: 1 })).toContain('__proto__');
  });
});
