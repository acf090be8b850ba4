import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RelucentError } from '../error.js';
import { RelucentClassifier, type ClassLabel } from './classifier.js';
import { RelucentRegressor } from './regressor.js';

const lines = readFileSync('data/iris.csv', 'utf8').trim().split('\n').slice(1);
const iris = lines.map((line) => line.split(','));
const X = iris.map((row) => row.slice(0, 4).map(Number));
const species = iris.map((row) => row[4] ?? '');
const isVirginica = species.map((name) => (name === 'virginica' ? 1 : 0));
const petalWidth = X.map((row) => row[3] ?? 0);
const withoutWidth = X.map((row) => row.slice(0, 3));
const quick = { sample: 30, betaRatio: 0.01 } as const;

describe('RelucentClassifier', () => {
  it('certifies two classes and beats the majority', async () => {
    const model = await new RelucentClassifier(quick).fit(X, isVirginica);
    expect(model.classes).toEqual([0, 1]);
    expect(model.outputs).toHaveLength(1);
    const { status, relativeGap, objective, dualBound, networkObjective, scope } = model.certificate;
    expect(status).toBe('optimal');
    expect(relativeGap).toBeLessThanOrEqual(1e-6);
    expect(dualBound).toBeLessThanOrEqual(objective);
    expect(Math.abs(networkObjective - objective)).toBeLessThanOrEqual(1e-8 * objective);
    expect(scope).toBe('given-arrangements');
    expect(model.score(X, isVirginica)).toBeGreaterThan(0.95);
  });

  it('trains one network per class against the rest and adds up their certificates', async () => {
    const model = await new RelucentClassifier({ ...quick, depth: 3, width: 2 }).fit(X, species);
    expect(model.classes).toEqual(['setosa', 'versicolor', 'virginica']);
    expect(model.outputs.map((output) => output.label)).toEqual(model.classes);
    const sum = model.outputs.reduce((total, output) => total + output.certificate.dualBound, 0);
    expect(model.certificate.dualBound).toBeCloseTo(sum, 12);
    expect(model.certificate.relativeGap).toBeLessThanOrEqual(1e-6);
    expect(model.score(X, species)).toBeGreaterThan(0.95);
    for (const row of model.predictProba(X)) {
      expect(row.reduce((total, p) => total + p, 0)).toBeCloseTo(1, 12);
      expect(Math.min(...row)).toBeGreaterThanOrEqual(0);
    }
  });

  it('is deterministic, and typed arrays are as good as arrays', async () => {
    const options = { ...quick, sample: 10 };
    const first = await new RelucentClassifier(options).fit(X, isVirginica);
    const flat = { values: Float64Array.from(X.flat()), rows: X.length, columns: 4 };
    const second = await new RelucentClassifier(options).fit(flat, isVirginica);
    expect(second.decisionFunction(flat)).toEqual(first.decisionFunction(X));
  });

  it('turns a gated solution into a ReLU network on request and reports the cost', async () => {
    const gated = await new RelucentClassifier({ ...quick, formulation: 'gated' }).fit(X, isVirginica);
    const relu = await new RelucentClassifier({ ...quick, formulation: 'gated', decompose: true }).fit(
      X,
      isVirginica,
    );
    const output = relu.outputs[0];
    expect(output?.network.kind).toBe('relu');
    expect(output?.decomposition?.change).toBeGreaterThanOrEqual(0);
    const { values } = relu.decisionFunction(X);
    gated.decisionFunction(X).values.forEach((value, i) => {
      expect(values[i]).toBeCloseTo(value, 6);
    });
  });

  it.each<[string, () => Promise<unknown>, RegExp]>([
    [
      'one class',
      () => new RelucentClassifier().fit([[1], [2]], ['a', 'a']),
      /^y: expected at least two classes/,
    ],
    ['a label too many', () => new RelucentClassifier().fit([[1]], ['a', 'b']), /^y: expected 1 labels/],
    ['mixed labels', () => new RelucentClassifier().fit([[1], [2]], ['a', 1]), /^y\[1\]: expected strings/],
    ['a NaN label', () => new RelucentClassifier().fit([[1], [2]], [NaN, 1]), /^y\[0\]: expected/],
    [
      'a NaN',
      () => new RelucentClassifier().fit([[1], [NaN]], [0, 1]),
      /^X\[1\]\[0\]: expected a finite number/,
    ],
  ])('refuses %s in one line', async (_, run, line) => {
    await expect(run()).rejects.toThrow(RelucentError);
    await expect(run()).rejects.toThrow(line);
  });
});

describe('RelucentRegressor', () => {
  it('certifies, scores, and predicts in the units of the target', async () => {
    const model = await new RelucentRegressor(quick).fit(withoutWidth, petalWidth);
    expect(model.certificate.relativeGap).toBeLessThanOrEqual(1e-6);
    expect(model.score(withoutWidth, petalWidth)).toBeGreaterThan(0.93);
    const inMillimetres = await new RelucentRegressor(quick).fit(
      withoutWidth,
      petalWidth.map((value) => 10 * value),
    );
    const scaled = inMillimetres.predict(withoutWidth);
    model.predict(withoutWidth).forEach((value, i) => {
      expect(scaled[i]).toBeCloseTo(10 * value, 5);
    });
  });

  it('predicts the mean at beta ratio 1, where the zero network is optimal', async () => {
    const model = await new RelucentRegressor({ sample: 20, betaRatio: 1 }).fit(withoutWidth, petalWidth);
    const mean = petalWidth.reduce((sum, value) => sum + value, 0) / petalWidth.length;
    expect(model.certificate.activeGroups).toBe(0);
    for (const value of model.predict(withoutWidth)) expect(value).toBeCloseTo(mean, 12);
    expect(model.score(withoutWidth, petalWidth)).toBeCloseTo(0, 12);
  });

  it('stops by signal, reports progress, and warns once at a limit', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(new RelucentRegressor(quick).fit(withoutWidth, petalWidth, { signal })).rejects.toThrow(
      'enough',
    );
    const warnings: string[] = [];
    let iterations = 0;
    const model = await new RelucentRegressor({ ...quick, maxIterations: 2 }).fit(withoutWidth, petalWidth, {
      onProgress: () => iterations++,
      onWarning: (message) => warnings.push(message),
    });
    expect(model.certificate.status).toBe('iteration-limit');
    expect(model.certificate.dualBound).toBeLessThanOrEqual(model.certificate.objective);
    expect(iterations).toBe(3);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(
      /above the tolerance 0.000001, after 2 iterations; raise maxIterations \(now 2\), raise beta/,
    );
  });

  it('refuses other columns at prediction', async () => {
    const model = await new RelucentRegressor({ sample: 5 }).fit(withoutWidth, petalWidth);
    expect(() => model.predict(X)).toThrow(/^X\[0\]: expected 3 columns as in training, got 4/);
  });
});

describe('options', () => {
  it.each<[object, RegExp]>([
    [{ beta: -1 }, /^beta: expected a number ≥ 0, got -1/],
    [{ betaRatio: 0 }, /^betaRatio: expected a number above 0/],
    [{ depth: 4 }, /^depth: expected 2 or 3, got 4/],
    [{ width: 3 }, /^width: expected it left out at depth 2, got 3/],
    [{ depth: 3, width: 0 }, /^width: expected a whole number from 1 to 64, got 0/],
    [{ sample: 1.5 }, /^sample: expected/],
    [{ seed: -1 }, /^seed: expected/],
    [{ tolerance: 0 }, /^tolerance: expected/],
    [{ decompose: true }, /^decompose: expected formulation "gated"/],
    [{ lambda: 1 }, /^lambda: expected one of the options depth, .*; check the spelling/],
  ])('refuses %j in one line', (options, line) => {
    expect(() => new RelucentRegressor(options)).toThrow(RelucentError);
    expect(() => new RelucentClassifier(options)).toThrow(line);
  });
});

describe('model JSON', () => {
  const fit = (): Promise<{ toJSON: () => object; predict: (rows: number[][]) => ClassLabel[] }> =>
    new RelucentClassifier({ ...quick, depth: 3, width: 2, formulation: 'gated' }).fit(X, species);

  it('comes back with the same predictions and certificate', async () => {
    const model = await new RelucentClassifier({ ...quick, formulation: 'gated' }).fit(X, species);
    const back = RelucentClassifier.fromJSON(JSON.parse(JSON.stringify(model)));
    expect(back.predictProba(X)).toEqual(model.predictProba(X));
    expect(back.certificate).toEqual(model.certificate);
    const regressor = await new RelucentRegressor(quick).fit(withoutWidth, petalWidth);
    const regressorBack = RelucentRegressor.fromJSON(JSON.parse(JSON.stringify(regressor)));
    expect(regressorBack.predict(withoutWidth)).toEqual(regressor.predict(withoutWidth));
  });

  it('refuses an edited weight, a newer version, another kind, other JSON and a missing field', async () => {
    const text = JSON.stringify(await fit());
    const read = (edit: (json: Record<string, unknown>) => void) => (): unknown => {
      const json = JSON.parse(text) as Record<string, unknown>;
      edit(json);
      return RelucentClassifier.fromJSON(json);
    };
    expect(read(() => undefined)).not.toThrow();
    expect(read((json) => (json['columns'] = 5))).toThrow(/^checksum: expected sha256:\w+, got .*edited/);
    expect(read((json) => (json['version'] = 4))).toThrow(
      /^version: expected at most 3, got 4; .*newer relucent/,
    );
    expect(read((json) => delete json['outputs'])).toThrow(/^outputs: .*damaged/);
    expect(read((json) => (json['extra'] = 1))).toThrow(/damaged or was edited/);
    expect(() => RelucentClassifier.fromJSON([])).toThrow(/^format: expected "relucent-model"/);
    expect(() => RelucentClassifier.fromJSON(null)).toThrow(/^format: /);
    expect(() => RelucentRegressor.fromJSON(JSON.parse(text))).toThrow(
      /^kind: expected "regressor", got "classifier"/,
    );
  });
});
