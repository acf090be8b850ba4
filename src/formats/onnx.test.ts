import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../test/fixtures/close.js';
import { matrixFeed, runOnnx, tableFeeds } from '../../test/fixtures/run-onnx.js';
import { parseTable } from '../table/parse-table.js';
import { modelJsonOf } from '../training/import-model.js';
import { loadModel, predictTable } from '../training/predict-table.js';
import { writeOnnx } from './onnx.js';

const fixture = (name: string): string =>
  readFileSync(new URL(`../../test/fixtures/models/${name}`, import.meta.url), 'utf8');

describe('ONNX', () => {
  it.each(['regression-relu3-version1', 'classes-relu2-version1', 'classes-gated3-version1'])(
    '%s',
    async (name) => {
      const loaded = loadModel(JSON.parse(fixture(`${name}.json`)));
      const csv = `${name.split('-')[0] ?? ''}.csv`;
      const table = parseTable(fixture(csv), { name: csv });
      const { predictions } = predictTable(loaded, table);
      const out = await runOnnx(writeOnnx(modelJsonOf(loaded)), tableFeeds(table, loaded.preprocessing!));
      if (predictions.task === 'regression')
        expectClose(out['prediction']!.data as number[], predictions.values, 1e-12);
      else {
        expect(out['label']!.data).toEqual(Array.from(predictions.labels, (k) => loaded.classes[k]));
        expectClose(out['probabilities']!.data as number[], predictions.probabilities.flat(), 1e-12);
      }
    },
  );
});
