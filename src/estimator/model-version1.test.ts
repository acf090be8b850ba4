import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../test/fixtures/close.js';
import { FEW_ROUNDINGS } from '../../test/tolerances.js';
import { RelucentError } from '../error.js';
import { parseTable } from '../table/parse-table.js';
import { loadModel, predictTable } from '../training/predict-table.js';
import { MODEL_FORMAT_VERSION, readModel } from './model-json.js';

/** Files that relucent 0.1.0 wrote before version 2, with the tables and what it predicted for them. */
function fixture(name: string): string {
  return readFileSync(new URL(`../../test/fixtures/models/${name}`, import.meta.url), 'utf8');
}

/** The column of predictions, or the last one, of what `relucent predict` printed. */
function printed(name: string, column: number): string[] {
  const [, ...lines] = fixture(`${name}.predictions.csv`).trimEnd().split('\n');
  return lines.map((line) => line.split(',').at(column) ?? '');
}

describe('a model file of version 1', () => {
  it.each(['regression-relu3-version1', 'classes-relu2-version1', 'classes-gated3-version1'])(
    'predicts as it did: %s',
    (name) => {
      const loaded = loadModel(JSON.parse(fixture(`${name}.json`)));
      const csv = `${name.split('-')[0] ?? ''}.csv`;
      const { predictions } = predictTable(loaded, parseTable(fixture(csv), { name: csv }));
      if (predictions.task === 'regression') {
        expectClose(predictions.values, printed(name, 1).map(Number), 10 * FEW_ROUNDINGS);
      } else {
        expect(Array.from(predictions.labels, (label) => loaded.classes[label])).toEqual(printed(name, 1));
        const last = predictions.probabilities.map((row) => row.at(-1) ?? NaN);
        expectClose(last, printed(name, -1).map(Number), 10 * FEW_ROUNDINGS);
      }
    },
  );

  it('is written back as the newest version', () => {
    const json = JSON.parse(fixture('classes-gated3-version1.json')) as Record<string, unknown>;
    const { model } = loadModel(json);
    const again = model.toJSON();
    expect(again.version).toBe(MODEL_FORMAT_VERSION);
    expect(readModel(again).state.outputs[0]?.network).toEqual(model.outputs[0]?.network);
  });

  it('is refused where it was edited or is damaged', () => {
    const read = (change: (json: Record<string, unknown>) => void): (() => unknown) => {
      const json = JSON.parse(fixture('regression-relu3-version1.json')) as Record<string, unknown>;
      change(json);
      return () => readModel(json);
    };
    expect(read((json) => (json['relucent'] = '0.1.1'))).toThrow(/^checksum: /);
    expect(read((json) => delete json['outputs'])).toThrow(/^outputs: /);
    expect(read((json) => (json['outputs'] = [{ network: { subNetworks: [{ second: 1 }] } }]))).toThrow(
      RelucentError,
    );
  });
});
