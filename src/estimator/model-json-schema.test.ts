import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { modelJsonOf } from '../training/import-model.js';
import { loadModel } from '../training/predict-table.js';
import { RelucentClassifier } from './classifier.js';
import { modelJsonSchema } from './model-json-schema.js';
import { RelucentRegressor } from './regressor.js';

const published = JSON.parse(
  readFileSync(new URL('../../schema/model.schema.json', import.meta.url), 'utf8'),
) as object;
const validate = new Ajv2020({ strict: true, allErrors: true, strictTypes: false }).compile(published);

const fixture = (name: string): unknown =>
  JSON.parse(
    readFileSync(new URL(`../../test/fixtures/models/${name}-version1.json`, import.meta.url), 'utf8'),
  );

/** What JSON.stringify keeps. */
const asFile = (model: unknown): unknown => JSON.parse(JSON.stringify(model));

const X = [[0], [1], [2], [4], [7]];

describe('the published schema of model files', () => {
  it('is the one the loader checks with: npm run schema', () => {
    expect(published).toEqual(asFile(modelJsonSchema()));
  });

  it('is in the package under the name that the guide gives', () => {
    expect(import.meta.resolve('relucent/model.schema.json')).toMatch(/\/schema\/model\.schema\.json$/);
  });

  it.each(['regression-relu3', 'classes-relu2', 'classes-gated3'])('takes a model of a table: %s', (name) => {
    const json = asFile(modelJsonOf(loadModel(fixture(name))));
    expect(validate(json), JSON.stringify(validate.errors)).toBe(true);
  });

  it('takes models of the library', async () => {
    const options = { sample: 5, timeLimit: 60, beta: 0.1 };
    const regressor = await new RelucentRegressor({ ...options, standardize: false }).fit(X, [1, 2, 3, 5, 4]);
    const classifier = await new RelucentClassifier({ ...options, formulation: 'gated' }).fit(
      X,
      [1, 2, 3, 1, 2],
    );
    for (const model of [regressor, classifier]) {
      expect(validate(asFile(model)), JSON.stringify(validate.errors)).toBe(true);
    }
  });

  it('refuses other fields, missing ones, ones of another type, and version 1', () => {
    const json = asFile(modelJsonOf(loadModel(fixture('classes-gated3')))) as Record<string, unknown>;
    const { checksum, ...rest } = json;
    for (const wrong of [{ ...json, more: 1 }, rest, { ...json, columns: 'two' }, { ...json, version: 1 }]) {
      expect(validate(wrong)).toBe(false);
    }
    expect(checksum).toMatch(/^sha256:/);
    expect(validate(fixture('classes-gated3'))).toBe(false);
  });
});
