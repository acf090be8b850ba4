import { describe, expect, it } from 'vitest';
import { openExecutor } from '../executor/open-executor.js';
import { fitModel, networkOptions, networkRecipe } from './fit-model.js';
import { pathCsv, pathResult, reportOfPath } from './path-result.js';
import { foldCurve, picksOf } from './path-scores.js';
import { renderPath } from '../report/render-path.js';
import type { Table } from '../table/table.js';
import { loadModel, predictTable } from './predict-table.js';
import type { PathState } from './path-state.js';
import { pathModelFile, trainPath, type PathOptions, type PathOutcome } from './train-path.js';
import { TRAIN_DEFAULTS } from './train-options.js';

const options = {
  ...TRAIN_DEFAULTS,
  target: 'y',
  sample: 20,
  folds: 3,
  count: 9,
  smallestRatio: 0.01,
  crossValidate: false,
} as const satisfies PathOptions & { readonly decompose: boolean };
const run = { date: '2025-01-01T00:00:00.000Z', runtime: 'test' };

function tableOf(n: number, target: (a: number, b: number, i: number) => string | number): Table {
  const rows = Array.from({ length: n }, (__, i) => {
    const a = Math.sin(1.3 * i);
    const b = Math.cos(2.1 * i);
    return [a, b, target(a, b, i)].map(String);
  });
  return { name: 't.csv', columns: ['a', 'b', 'y'], rows };
}

const wavy = tableOf(80, (a, b, i) => Math.abs(a) + 0.5 * b + 0.3 * Math.sin(17 * i));
const three = tableOf(90, (a, b) => (a > 0.3 ? 'p' : b > 0 ? 'q' : 'r'));

/** Everything but the seconds. */
function withoutSeconds(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, inner: unknown) =>
      key === 'seconds' ? null : inner instanceof Float64Array ? Array.from(inner, String) : inner,
    ),
  );
}

/** Runs until so many values are solved, and returns what was saved then. */
async function stoppedAfter(
  count: number,
  table: Table,
  of: PathOptions,
  resume?: PathState,
): Promise<PathState> {
  const controller = new AbortController();
  let saved: PathState | undefined;
  let left = count;
  const stopped = trainPath(table, of, {
    resume,
    signal: controller.signal,
    onState: (state) => {
      if (left === 0) return;
      saved = state;
      left -= 1;
      if (left === 0) controller.abort(new Error('stop'));
    },
  });
  await expect(stopped).rejects.toThrow('stop');
  return saved!;
}

describe('path of a table', () => {
  it('starts with the zero network, and certifies every value to the optimum of training alone', async () => {
    const outcome = await trainPath(wavy, options);
    expect(outcome.models).toHaveLength(9);
    expect(outcome.models[0]!.certificate.activeGroups).toBe(0);
    expect(outcome.models[8]!.certificate.activeGroups).toBeGreaterThan(2);
    const { prepared, ratios } = outcome;
    const plain = { ...options, decompose: false };
    for (const at of [3, 8]) {
      const { certificate } = outcome.models[at]!;
      expect(certificate.relativeGap).toBeLessThanOrEqual(options.tolerance);
      const alone = await fitModel(
        prepared,
        networkRecipe(prepared, plain),
        networkOptions(plain, { betaRatio: ratios[at]! }),
        {},
      );
      // Each bound is below the other objective.
      expect(certificate.dualBound).toBeLessThanOrEqual(alone.certificate.objective);
      expect(alone.certificate.dualBound).toBeLessThanOrEqual(certificate.objective);
      // Computed from the weights, without the solver.
      expect(Math.abs(certificate.networkObjective / certificate.objective - 1)).toBeLessThan(1e-9);
    }
  });

  it('takes the path norms of its tracks from the networks', async () => {
    const outcome = await trainPath(wavy, options);
    const result = pathResult(outcome, run);
    const { tracks } = result.outputs[0]!;
    result.values.forEach(({ certificates, subNetworks }, at) => {
      const norms = tracks.map(({ norms: own }) => own[at]!).filter((norm) => norm > 0);
      expect(norms).toHaveLength(subNetworks);
      const { objective, beta } = certificates[0]!;
      expect(beta * norms.reduce((sum, norm) => sum + norm, 0)).toBeLessThanOrEqual(objective);
    });
  });

  it.each([
    ['held-out rows', wavy, options],
    [
      'cross-validation of three classes',
      three,
      { ...options, crossValidate: true, testFraction: 0, count: 4 },
    ],
  ] as const)('stopped anywhere and resumed it ends with the same bits: %s', async (__, table, of) => {
    const whole = await trainPath(table, of);
    const expected = withoutSeconds(pathResult(whole, run));
    const total = of.crossValidate ? 3 * (1 + 3) * 4 : 9;
    for (const stop of of.crossValidate ? [1, 5, 17, 30] : [1, 2, 5, 8]) {
      let state = await stoppedAfter(stop, table, of);
      // And once more, where there is something left to stop.
      if (stop + 2 < total) state = await stoppedAfter(2, table, of, state);
      const resumed = await trainPath(table, of, { resume: state });
      expect(withoutSeconds(pathResult(resumed, run))).toEqual(expected);
      expect(withoutSeconds(resumed.state)).toEqual(withoutSeconds(whole.state));
    }
  });

  it('gives the same bits on threads', async () => {
    const of = { ...options, crossValidate: true, testFraction: 0, count: 4 };
    const inline = await trainPath(three, of);
    const executor = openExecutor(2);
    try {
      const threaded = await trainPath(three, of, { executor });
      expect(withoutSeconds(pathResult(threaded, run))).toEqual(withoutSeconds(pathResult(inline, run)));
    } finally {
      await executor.close();
    }
  });

  it('refuses the state of another table or other options', async () => {
    const { state } = await trainPath(wavy, options);
    const other = { ...wavy, rows: wavy.rows.map((row, i) => (i === 0 ? ['0.123', ...row.slice(1)] : row)) };
    const message = /^--resume: expected the state of this table/;
    await expect(trainPath(other, options, { resume: state })).rejects.toThrow(message);
    await expect(trainPath(wavy, { ...options, count: 8 }, { resume: state })).rejects.toThrow(message);
    await expect(trainPath(wavy, { ...options, seed: 1 }, { resume: state })).rejects.toThrow(message);
  });

  it('solves nothing again once all is done', async () => {
    const { state } = await trainPath(wavy, options);
    let news = 0;
    await trainPath(wavy, options, { resume: state, onValue: () => (news += 1) });
    expect(news).toBe(0);
  });

  it('writes a model that predicts as its scores say', async () => {
    const outcome = await trainPath(three, options);
    const at = outcome.picks!.best;
    const loaded = loadModel(JSON.parse(JSON.stringify(pathModelFile(outcome, at))));
    const rows = Array.from(outcome.prepared.split.test, (row) => three.rows[row]!);
    const { score } = predictTable(loaded, { ...three, rows });
    expect(score?.values[0]).toBe(outcome.scores[at]!.heldOut![0]);
  });

  it('refuses more folds than the rarest class has rows', async () => {
    const rare = tableOf(40, (_a, _b, i) => (i % 20 === 7 ? 'rare' : 'common'));
    const of = { ...options, crossValidate: true, testFraction: 0 };
    await expect(trainPath(rare, of)).rejects.toThrow(/folds: expected at most 2.*got 3; pass --folds 2/);
  });
});

describe('picks', () => {
  const point = (mean: number, standardError = 0.1) => ({ mean, standardError });

  it('are the smallest mean, and the largest β within one standard error of it', () => {
    expect(picksOf([3, 1.15, 1.05, 1, 1.2].map((mean) => point(mean)))).toEqual({
      best: 3,
      oneStandardError: 2,
    });
    expect(picksOf([point(2), point(1, 5), point(3)])).toEqual({ best: 1, oneStandardError: 0 });
    expect(picksOf([point(1), point(1)])).toEqual({ best: 0, oneStandardError: 0 });
    expect(picksOf([point(NaN), point(2, NaN)])).toEqual({ best: 1, oneStandardError: 1 });
    expect(picksOf([point(NaN)])).toBeNull();
  });

  it('add up the outputs within a fold before the standard error is taken', () => {
    const path = (output: number, fold: number, loss: number) => ({
      output,
      fold,
      losses: [loss],
      relativeGaps: [0],
      ends: [],
    });
    const [only] = foldCurve([path(0, 0, 1), path(0, 1, 3), path(1, 0, 4), path(1, 1, 2)], 2, 1);
    // Folds of 5 and 5: the outputs' differences cancel.
    expect(only).toEqual({ mean: 5, standardError: 0 });
  });
});

describe('files of a path', () => {
  const hostile = '<script>alert(1)</script>, "x"';
  const outcomes: Promise<readonly PathOutcome[]> = Promise.all([
    trainPath(wavy, options),
    trainPath(
      { ...three, name: hostile, columns: ['a', 'b', hostile] },
      { ...options, target: hostile, testFraction: 0, count: 3 },
    ),
  ]);

  it('CSV has a line for each value and output, and as many cells in each', async () => {
    for (const outcome of await outcomes) {
      const result = pathResult(outcome, run);
      const lines = pathCsv(result).trimEnd().split('\n');
      expect(lines).toHaveLength(1 + result.values.length * result.outputs.length);
      const widths = new Set(lines.map((line) => line.split(',').length));
      expect(widths.size).toBe(1);
      expect(pathCsv(result)).not.toMatch(/NaN|undefined|\[object/);
    }
  });

  it('the page shows hostile names as text, loads nothing and labels every picture', async () => {
    for (const outcome of await outcomes) {
      const result = pathResult(outcome, run);
      const page = renderPath(
        reportOfPath(outcome, result, { date: 'today', commandLine: hostile, facts: [] }),
      );
      expect(page).not.toMatch(/<script|NaN|Infinity|undefined|\[object/);
      expect(page.replaceAll('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(/https?:|@import/);
      const figures = page.match(/<figure>/g)!.length;
      expect(page.match(/<svg[^>]* role="img" aria-label="[^"]{20,}"/g)).toHaveLength(figures);
      expect(figures).toBe(4 + result.outputs.length);
      const ids = Array.from(page.matchAll(/ id="([^"]+)"/g), (match) => match[1]);
      expect(new Set(ids).size).toBe(ids.length);
    }
  });
});
