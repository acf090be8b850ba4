import { describe, expect, it } from 'vitest';

import type { Table } from '../table/table.js';
import { decisionSurfaceOf } from './decision-surface.js';
import { importancesOf } from './importances.js';
import { loadModel, predictTable, type LoadedModel } from './predict-table.js';
import { TRAIN_DEFAULTS } from './train-options.js';
import { modelFileOf, trainTable, type TrainOutcome } from './train-table.js';

const noise = (i: number): number => Math.sin(91.7 * i + 1) * Math.cos(37.3 * i);

/** The target depends on `signal` and `kind`, not on the others. */
function table(target: (signal: number, kind: string) => string | number): Table {
  const rows = Array.from({ length: 160 }, (_, i) => {
    const signal = Math.sin(1.3 * i);
    const kind = ['p', 'q', 'r', 'p'][i % 4] ?? '';
    return [noise(i), 5 + 2 * signal, noise(i + 500), kind, target(signal, kind)].map(String);
  });
  return { name: 't.csv', columns: ['first', 'signal', 'second', 'kind', 'y'], rows };
}

function train(data: Table): Promise<TrainOutcome> {
  return trainTable(data, { ...TRAIN_DEFAULTS, target: 'y', sample: 60, betaRatio: 0.05 });
}

function loadedOf(outcome: TrainOutcome): LoadedModel {
  return loadModel(JSON.parse(JSON.stringify(modelFileOf(outcome))));
}

describe('importances', () => {
  it('find the planted inputs', async () => {
    const outcome = await train(table((s, kind) => Math.abs(s) + (kind === 'q' ? 1 : 0)));
    const found = importancesOf(loadedOf(outcome));
    expect(found.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
    expect(
      found
        .slice(0, 2)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['kind', 'signal']);
    const shares = new Map(found.map(({ name, share }) => [name, share]));
    expect(shares.get('first')! + shares.get('second')!).toBeLessThan(0.1);
  });

  it('are none of a network that is zero', async () => {
    const outcome = await trainTable(
      table((s) => s),
      {
        ...TRAIN_DEFAULTS,
        target: 'y',
        sample: 20,
        betaRatio: 1,
      },
    );
    const loaded = loadedOf(outcome);
    expect(importancesOf(loaded)).toEqual([]);
    expect(decisionSurfaceOf(loaded, [], null)?.held).toHaveLength(2);
  });
});

describe('decision surface', () => {
  it('predicts as the model does for rows that a user could write', async () => {
    const outcome = await train(table((s, kind) => Math.abs(s) + (kind === 'q' ? 1 : 0)));
    const loaded = loadedOf(outcome);
    const surface = decisionSurfaceOf(loaded, importancesOf(loaded), null)!;
    expect(surface.x.name).toBe('signal');
    expect(surface.held.join()).toContain('kind = p');
    const { x, y, columns, rows, field } = surface;
    const means = new Map(
      loaded.preprocessing!.columns.map((c) => [c.name, c.kind === 'numeric' ? c.mean : 'p']),
    );
    for (const cell of [0, 100, columns * rows - 1, 1234]) {
      const user = new Map(means);
      user.set(x.name, x.low + (((cell % columns) + 0.5) / columns) * (x.high - x.low));
      user.set(y.name, y.low + ((Math.floor(cell / columns) + 0.5) / rows) * (y.high - y.low));
      const names = [...user.keys()];
      const { predictions } = predictTable(loaded, {
        name: 'u.csv',
        columns: names,
        rows: [names.map((name) => String(user.get(name)))],
      });
      const value = predictions.task === 'regression' ? predictions.values[0]! : NaN;
      expect(field.kind === 'regression' ? field.values[cell] : NaN).toBeCloseTo(value, 3);
    }
  });

  it('marks wrongly predicted rows of a classifier, and has a probability for each class', async () => {
    const outcome = await train(table((s, kind) => (s > 0.3 ? 'high' : kind === 'q' ? 'odd' : 'low')));
    const loaded = loadedOf(outcome);
    const part = outcome.prepared.test!;
    const surface = decisionSurfaceOf(loaded, importancesOf(loaded), {
      part,
      predictions: outcome.predictions,
      from: 'test',
    })!;
    expect(surface.points).toHaveLength(part.rows.n);
    const wrong = surface.points.filter(({ isRight }) => isRight === false).length;
    expect(1 - wrong / part.rows.n).toBeCloseTo(outcome.scores.rows[0]!.test![0]!, 12);
    const { field } = surface;
    if (field.kind !== 'classification') throw new Error('expected classes');
    field.probability[0]!.forEach((_, cell) => {
      expect(field.probability.reduce((sum, values) => sum + values[cell]!, 0)).toBeCloseTo(1, 3);
    });
  });

  it('is none with fewer than two numbers', async () => {
    const { name, columns, rows } = table((s) => s);
    const kept = [1, 3, 4];
    const narrow = {
      name,
      columns: kept.map((k) => columns[k]!),
      rows: rows.map((row) => kept.map((k) => row[k]!)),
    };
    const loaded = loadedOf(await train(narrow));
    expect(decisionSurfaceOf(loaded, importancesOf(loaded), null)).toBeNull();
  });
});
