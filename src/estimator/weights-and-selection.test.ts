import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { normals } from '../../test/fixtures/random-program.js';
import { RelucentError } from '../error.js';
import { RelucentClassifier } from './classifier.js';
import { optionsSchema } from './options.js';
import { RelucentRegressor } from './regressor.js';

const lines = readFileSync('data/iris.csv', 'utf8').trim().split('\n').slice(1);
const iris = lines.map((line) => line.split(','));
const X = iris.map((row) => row.slice(0, 4).map(Number));
const species = iris.map((row) => row[4] ?? '');
const isVirginica = species.map((name) => (name === 'virginica' ? 1 : 0));
const width = X.map((row) => row[3] ?? 0);
const without = X.map((row) => row.slice(0, 3));
const quick = { sample: 20, betaRatio: 0.01 } as const;

describe('sample weights', () => {
  it('equal weights change nothing but the scale of the loss; β is a share of β_max', async () => {
    const plain = await new RelucentRegressor(quick).fit(without, width);
    const weighted = await new RelucentRegressor(quick).fit(without, width, {
      sampleWeight: width.map(() => 3),
    });
    expect(weighted.weighted).toBe(true);
    expect(weighted.certificate.objective / plain.certificate.objective).toBeCloseTo(3, 5);
    expect(weighted.certificate.beta / plain.certificate.beta).toBeCloseTo(3, 9);
    expect(weighted.certificate.relativeGap).toBeLessThanOrEqual(1e-6);
  });

  it('a row of weight 0 is absent, to the bit; its values do not matter', async () => {
    const cut = Array.from(X.keys()).filter((i) => i % 5 !== 0);
    const sampleWeight = X.map((_, i) => Number(i % 5 !== 0));
    const spoilt = without.map((row, i) => (i % 5 === 0 ? [1e6, -1e6, 0] : row));
    const absent = await new RelucentRegressor(quick).fit(
      cut.map((i) => without[i]!),
      cut.map((i) => width[i]!),
      {
        sampleWeight: cut.map(() => 1),
      },
    );
    const zero = await new RelucentRegressor(quick).fit(spoilt, width, { sampleWeight });
    expect(zero.predict(without)).toEqual(absent.predict(without));
  });

  it('standardises by weight: whole weights are repeated rows', async () => {
    const weights = X.map((_, i) => 1 + (i % 3));
    const copies = weights.flatMap((count, i) => new Array<number>(count).fill(i));
    const weighted = await new RelucentRegressor(quick).fit(without, width, { sampleWeight: weights });
    const repeated = await new RelucentRegressor(quick).fit(
      copies.map((i) => without[i]!),
      copies.map((i) => width[i]!),
    );
    weighted.scaling!.mean.forEach((mean, t) => {
      expect(mean).toBeCloseTo(repeated.scaling!.mean[t]!, 12);
      expect(weighted.scaling!.scale[t]!).toBeCloseTo(repeated.scaling!.scale[t]!, 12);
    });
    const score = weighted.score(without, width, { sampleWeight: weights });
    expect(score).toBeCloseTo(
      weighted.score(
        copies.map((i) => without[i]!),
        copies.map((i) => width[i]!),
      ),
      12,
    );
  });

  it.each([
    [[1, -1], /^sampleWeight\[1\]: expected a number ≥ 0, got -1/],
    [[0, 0], /^sampleWeight: expected a weight above 0/],
    [[1], /^sampleWeight: /],
  ])('refuses %j in one line', async (sampleWeight, line) => {
    await expect(new RelucentRegressor(quick).fit([[1], [2]], [1, 2], { sampleWeight })).rejects.toThrow(
      line,
    );
  });
});

describe('class weights', () => {
  it('balanced is the weights it stands for, and moves the boundary to the rare class', async () => {
    const rare = Array.from(X.keys()).filter((i) => isVirginica[i] === 0 || i % 5 === 0);
    const [rows, labels] = [rare.map((i) => X[i]!), rare.map((i) => isVirginica[i]!)];
    const ones = labels.reduce<number>((sum, label) => sum + label, 0);
    const n = labels.length;
    const classWeight = { '0': n / (2 * (n - ones)), '1': n / (2 * ones) };
    const balanced = await new RelucentClassifier({ ...quick, classWeight: 'balanced' }).fit(rows, labels);
    const named = await new RelucentClassifier({ ...quick, classWeight }).fit(rows, labels);
    expect(balanced.decisionFunction(rows)).toEqual(named.decisionFunction(rows));
    const plain = await new RelucentClassifier(quick).fit(rows, labels);
    const mean = (values: Float64Array): number =>
      values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(balanced.decisionFunction(rows).values)).toBeGreaterThan(
      mean(plain.decisionFunction(rows).values),
    );
  });

  it('refuses unknown classes, weights that are not positive, and regressors', async () => {
    const fit = new RelucentClassifier({ ...quick, classWeight: { other: 2 } }).fit(X, species);
    await expect(fit).rejects.toThrow(/^classWeight: expected classes of the target .* got "other"/);
    expect(() => new RelucentClassifier({ classWeight: { a: 0 } })).toThrow(/^classWeight: expected/);
    expect(() => new RelucentRegressor({ classWeight: 'balanced' })).toThrow(/^classWeight: .*for classes/);
  });
});

describe('softmax and calibration', () => {
  it('softmax: one certified network, probabilities that sum to one, and the model comes back from JSON', async () => {
    const model = await new RelucentClassifier({ ...quick, multiClass: 'softmax' }).fit(X, species);
    expect(model.outputs).toHaveLength(1);
    expect(model.outputs[0]!.network.outputs).toBe(3);
    expect(model.certificate.relativeGap).toBeLessThanOrEqual(1e-6);
    expect(model.score(X, species)).toBeGreaterThan(0.95);
    // The loss part of the objective is the log loss of these probabilities.
    const logLoss = model
      .predictProba(X)
      .reduce((sum, row, i) => sum - Math.log(row[model.classes.indexOf(species[i]!)]!), 0);
    expect(logLoss).toBeLessThan(model.certificate.objective);
    const back = RelucentClassifier.fromJSON(JSON.parse(JSON.stringify(model)));
    expect(back.predictProba(X)).toEqual(model.predictProba(X));
  });

  it.each(['sigmoid', 'isotonic'] as const)(
    '%s: seeded, stored, and better than badly scaled scores',
    async (calibration) => {
      // β so large that scores are all too small.
      const timid = { sample: 20, betaRatio: 0.4 } as const;
      for (const [labels, multiClass] of [
        [isVirginica, 'one-vs-rest'],
        [species, 'one-vs-rest'],
        [species, 'softmax'],
      ] as const) {
        const options = { ...timid, multiClass };
        const plain = await new RelucentClassifier(options).fit(X, labels);
        const model = await new RelucentClassifier({ ...options, calibration }).fit(X, labels);
        const loss = (of: typeof model): number =>
          of
            .predictProba(X)
            .reduce((sum, row, i) => sum - Math.log(Math.max(1e-6, row[of.classes.indexOf(labels[i]!)]!)), 0);
        expect(loss(model)).toBeLessThan(loss(plain));
        expect(model.decisionFunction(X)).toEqual(plain.decisionFunction(X));
        expect(model.calibration!.largestGap).toBeLessThanOrEqual(1e-3);
        const again = await new RelucentClassifier({ ...options, calibration }).fit(X, labels);
        expect(again.calibration).toEqual(model.calibration);
        const back = RelucentClassifier.fromJSON(JSON.parse(JSON.stringify(model)));
        expect(back.predictProba(X)).toEqual(model.predictProba(X));
      }
    },
  );
});

describe('importances, path, parameters', () => {
  it('finds planted features', async () => {
    const n = 200;
    const noise = normals(5 * n, 3);
    const rows = Array.from({ length: n }, (_, i) => [...noise.subarray(5 * i, 5 * i + 5)]);
    const y = rows.map((row) => 2 * Math.max(0, row[1]!) - Math.abs(row[3]!));
    const { featureImportances } = await new RelucentRegressor({ sample: 100, betaRatio: 0.05 }).fit(rows, y);
    expect(featureImportances.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    // Cones of sampled patterns leave some weight on every input: planted ones stand out all the same.
    const planted = Math.min(featureImportances[1]!, featureImportances[3]!);
    expect(featureImportances[1]! + featureImportances[3]!).toBeGreaterThan(0.6);
    for (const t of [0, 2, 4]) expect(planted).toBeGreaterThan(1.5 * featureImportances[t]!);
  });

  it('a path: certified models whose last is the fit at its β', async () => {
    const estimator = new RelucentClassifier({ sample: 20, tolerance: 1e-7 });
    const models = [];
    for await (const model of estimator.path(X, species, { count: 5, smallestRatio: 0.01 }))
      models.push(model);
    expect(models).toHaveLength(5);
    for (const { certificate } of models) expect(certificate.relativeGap).toBeLessThanOrEqual(1e-7);
    expect(models[0]!.certificate.activeGroups).toBe(0);
    const fitted = await new RelucentClassifier({ sample: 20, tolerance: 1e-7, betaRatio: 0.01 }).fit(
      X,
      species,
    );
    const last = models.at(-1)!.certificate;
    expect(Math.abs(last.objective / fitted.certificate.objective - 1)).toBeLessThan(1e-6);
    const one = [];
    for await (const model of new RelucentRegressor(quick).path(without, width, { betas: [2, 1] }))
      one.push(model);
    expect(one.map(({ certificate }) => certificate.beta)).toEqual([2, 1]);
    await expect(estimator.path(X, species, { betas: [1, 2] }).next()).rejects.toThrow(
      /^betas\[1\]: expected decreasing/,
    );
  });

  it('refuses partialFit and says what to do', () => {
    expect(() => new RelucentRegressor().partialFit()).toThrow(RelucentError);
    expect(() => new RelucentClassifier().partialFit()).toThrow(/^partialFit: .*call fit on all of them/);
  });

  it('gives and takes parameters by a schema', () => {
    const estimator = new RelucentClassifier({ depth: 3, width: 6, seed: 4 });
    expect(estimator.getParams()).toMatchObject({ depth: 3, width: 6, seed: 4, sample: 200 });
    expect(new RelucentClassifier(optionsSchema.parse({ depth: 3 }) as { depth: 3 }).getParams().depth).toBe(
      3,
    );
    const other = estimator.setParams({ depth: 2, beta: 1 });
    expect(other.getParams()).toMatchObject({ depth: 2, beta: 1, seed: 4 });
    expect(estimator.getParams().depth).toBe(3);
    expect(() => estimator.setParams({ seed: -1 })).toThrow(/^seed: /);
  });

  it('is silent, or says a line for each output, or one for each iteration too', async () => {
    const said = async (verbose: 0 | 1 | 2): Promise<string[]> => {
      const all: string[] = [];
      await new RelucentRegressor(quick).fit(without, width, {
        verbose,
        onMessage: (line) => all.push(line),
      });
      return all;
    };
    expect(await said(0)).toEqual([]);
    const [line, ...more] = await said(1);
    expect(more).toEqual([]);
    expect(line).toMatch(/^y: optimal, beta .* groups active/);
    expect((await said(2)).length).toBeGreaterThan(2);
  });
});

describe('select', () => {
  it('chooses size and β, reports every gap, and estimates by outer folds', async () => {
    const { model, choice, nested } = await new RelucentClassifier({ sample: 10 }).select(X, species, {
      folds: 3,
      depths: [2, 3],
      widths: [2],
      rule: 'one-standard-error',
      nested: 2,
    });
    expect(choice.sizes.map(({ depth }) => depth)).toEqual([2, 3]);
    for (const { gaps } of choice.curve) expect(gaps).toHaveLength(3);
    expect(choice.largestGap).toBeLessThanOrEqual(1e-3);
    expect(model.options.depth).toBe(choice.size.depth);
    expect(model.certificate.status).toBe('optimal');
    expect(nested!.outer).toHaveLength(2);
    const [a, b] = nested!.outer.map(({ score }) => score);
    expect(nested!.mean).toBeCloseTo((a! + b!) / 2, 12);
    expect(nested!.standardDeviation).toBeCloseTo(Math.abs(a! - b!) / Math.SQRT2, 12);
    expect(nested!.mean).toBeGreaterThan(0.85);
  });

  it.each([
    [{ folds: 1 }, /^folds: expected a whole number from 2 to 100, got 1/],
    [{ widths: [2] }, /^widths: expected depth 3 among the depths/],
    [{ rule: 'first' as never }, /^rule: expected "best" or/],
    [{ folds: 60 }, /^folds: expected at most 50 folds \(the rarest class has 50 rows\)/],
  ])('refuses %j', async (selection, line) => {
    await expect(new RelucentClassifier(quick).select(X, species, selection)).rejects.toThrow(line);
  });
});
