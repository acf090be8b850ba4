import { describe, expect, it } from 'vitest';
import { RelucentError } from '../error.js';
import { parseJsonLines, parseTable } from '../table/parse-table.js';
import { tableOfColumns, tableOfRecords } from '../table/table-input.js';
import { TableModel } from './table-model.js';
import { train, type TrainSettings } from './train.js';

const n = 60;
const age = Float64Array.from({ length: n }, (_, i) => (i * 7) % 23);
const colour = Array.from({ length: n }, (_, i) => ['red', 'green', null][i % 3] ?? null);
const price = Float32Array.from(age, (value, i) => Math.abs(value - 9) + (colour[i] === 'red' ? 4 : 0));
const records = Array.from(age, (value, i) => ({ age: value, colour: colour[i], price: price[i] }));
const settings: TrainSettings = { target: 'price', betaRatio: 0.01, sample: 40 };

describe('train', () => {
  it('gives one model for records, arrays by column, CSV and JSON-lines', async () => {
    const csv = `age,colour,price\n${records.map((r) => `${r.age},${r.colour ?? ''},${r.price}`).join('\n')}`;
    const lines = records.map((record) => JSON.stringify(record)).join('\n');
    const inputs = [records, { age, colour, price }, parseTable(csv), parseJsonLines(lines)];
    const models = await Promise.all(inputs.map(async (input) => (await train(input, settings)).model));
    // The name of the table is in no model.
    const [first, ...others] = models.map(({ model, preprocessing }) => [
      preprocessing,
      model.outputs.map(({ network }) => network),
    ]);
    for (const other of others) expect(other).toEqual(first);
    expect(models[0]?.preprocessing.featureNames).toEqual([
      'age',
      'colour=green',
      'colour=red',
      'colour=(missing)',
    ]);
    expect(models[0]?.certificate.status).toBe('optimal');
  });

  it('predicts records in any order of properties, and says what it made up', async () => {
    const { model, scores } = await train(records, settings);
    expect(scores.rows[0]?.test?.[0]).toBeGreaterThan(0.9);
    const notes: string[] = [];
    const rows = [{ colour: 'red', age: 20 }, { age: 9, colour: 'violet', extra: [1] }, { colour: 'red' }];
    const predicted = model.predict(rows, { onWarning: (note) => notes.push(note) });
    expect(predicted).toHaveLength(3);
    expect(Math.abs(Number(predicted[0]) - 15)).toBeLessThan(2);
    expect(notes.join()).toMatch(/"age": 1 missing cell .*"colour": 1 new cell .*\(violet\)/);
    const copy = TableModel.fromJSON(JSON.parse(JSON.stringify(model)));
    expect(copy.predict(rows)).toEqual(predicted);
    expect(() => model.predict([{ age: 1 }])).toThrow(/expected the columns .* got none called "colour"/);
    expect(() => model.predictProba(rows)).toThrow(/expected a classifier/);
  });

  it('names classes and gives their probabilities', async () => {
    const flowers = Array.from({ length: n }, (_, i) => ({
      x: Math.sin(i),
      kind: Math.sin(i) > 0 ? 'up' : 'down',
    }));
    const { model } = await train(flowers, { target: 'kind', betaRatio: 0.01, sample: 20 });
    const rows = [{ x: 0.9 }, { x: -0.9 }];
    expect(model.classes).toEqual(['down', 'up']);
    expect(model.predict(rows)).toEqual(['up', 'down']);
    for (const [k, pair] of model.predictProba(rows).entries()) {
      expect(pair[0]! + pair[1]!).toBeCloseTo(1, 12);
      expect(pair[k === 0 ? 1 : 0]).toBeGreaterThan(0.5);
    }
  });
});

describe('tables of a program', () => {
  it.each([
    [[], /^records: expected an object for each row, got none/],
    [[1], /^records row 1: expected an object .* got 1/],
    [[{ a: 1 }, null], /^records row 2: expected an object .* got null/],
    [[[1, 2]], /got a list; give one object per row/],
    [{ a: [1, 2], b: [1] }, /^columns column "b": expected 2 values as in "a", got 1/],
    [{ a: 5 }, /^columns column "a": expected an array/],
    [{}, /^columns: expected a column/],
    [null, /^data: expected an array of objects/],
    ['text', /^data: expected an array of objects/],
  ])('refuses %j', async (input, pattern) => {
    const attempt = train(input as never, { target: 'a' });
    await expect(attempt).rejects.toBeInstanceOf(RelucentError);
    await expect(attempt).rejects.toThrow(pattern);
  });

  it('takes what a cell can be, and keeps the digits of bigints', () => {
    const table = tableOfColumns({
      a: [1.5, NaN, Infinity],
      b: [true, undefined, ' x '],
      c: BigInt64Array.of(9007199254740993n, -1n, 0n) as never,
    });
    expect(table.cells.map((column) => [0, 1, 2].map((row) => column.text(row)))).toEqual([
      ['1.5', '', 'Infinity'],
      ['true', '', 'x'],
      ['9007199254740993', '-1', '0'],
    ]);
    const dates = tableOfRecords([{ at: new Date(0) }, { at: 1 }]);
    expect(dates.cells[0]?.refusal).toMatchObject({
      row: 0,
      found: expect.stringMatching(/^a Date/) as unknown,
    });
  });

  it('takes properties called like those of every object', () => {
    const rows = JSON.parse('[{"__proto__":1,"constructor":2},{"__proto__":3,"toString":4}]') as object[];
    const table = tableOfRecords(rows);
    expect(table.columns).toEqual(['__proto__', 'constructor', 'toString']);
    expect(({} as Record<string, unknown>)['1']).toBeUndefined();
  });
});
