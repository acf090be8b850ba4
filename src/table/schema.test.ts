import { describe, expect, it } from 'vitest';
import { tableOfCells } from '../../test/fixtures/cells.js';
import { RelucentError } from '../error.js';
import { parseTable } from './parse-table.js';
import { inferSchema, type SchemaOptions } from './schema.js';
import type { Table } from './table.js';

const options: SchemaOptions = { target: 'y' };
const csv = (text: string): Table => parseTable(text, { name: 't.csv' });

/** Table of a feature x with the given cells beside a harmless feature z and a target y, both counting up. */
function withFeature(cells: readonly string[]): Table {
  return tableOfCells(
    ['x', 'z', 'y'],
    cells.map((cell, i) => [cell, String(i * 1.5), String(i + 0.5)]),
  );
}

function withTarget(cells: readonly string[]): Table {
  return tableOfCells(
    ['x', 'y'],
    cells.map((cell, i) => [String(i * 1.5), cell]),
  );
}

const kindOf = (cells: readonly string[], more?: Partial<SchemaOptions>) =>
  inferSchema(withFeature(cells), { ...options, ...more }).columns[0]?.kind;
const taskOf = (cells: readonly string[]) => inferSchema(withTarget(cells), options).target.task;
const repeat = (values: readonly string[], n: number) =>
  Array.from({ length: n }, (_, i) => values[i % values.length]!);

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(RelucentError);
    expect((error as RelucentError).message).not.toContain('\n');
    return (error as RelucentError).message;
  }
  throw new Error('expected an error');
}

describe('kind of a column', () => {
  it.each([
    ['numeric', ['1', '2.5', 'NA', '-1e-12', '1e12']],
    ['categorical', ['a', 'b', 'a', 'b', '']],
    ['categorical', ['a', '', 'a', 'a', 'a']],
    ['categorical', ['1', 'two', 'three', 'two', '1']],
    ['constant', ['3', '3.0', '3', '', '3']],
    ['constant', ['a', 'a', 'a', 'a', 'a']],
    ['empty', ['', 'NA', '?', 'null', 'None']],
  ])('%s', (kind, cells) => {
    expect(kindOf(cells)).toBe(kind);
  });

  it('follows the options', () => {
    expect(kindOf(['1', '2', '1', '2'], { categorical: ['x'] })).toBe('categorical');
    expect(kindOf(['2024-01-01', '2024-01-02', '2024-01-03'], { drop: ['x'] })).toBe('dropped');
  });

  it('notes what is left out', () => {
    const { notes } = inferSchema(withFeature(['a', 'a', 'a']), options);
    expect(notes).toEqual(['Column "x" has the same value in every row; it is left out.']);
    const rowNumbers = Array.from({ length: 12 }, (_, i) => String(i + 1));
    expect(inferSchema(withFeature(rowNumbers), options).notes[0]).toMatch(
      /counts the rows one by one.*--drop x/,
    );
  });

  it('counts missing cells and distinct values', () => {
    const [column] = inferSchema(withFeature(['1', '1.0', '2', '']), options).columns;
    expect(column).toMatchObject({ name: 'x', missing: 1, distinct: 2 });
  });
});

describe('inferSchema refuses', () => {
  const numbers = Array.from({ length: 9 }, (_, i) => String(i * i));

  it.each([
    [
      'infinity',
      [...numbers, 'inf'],
      /^t.csv row 10 column "x": expected a finite number, got "inf"; correct/,
    ],
    ['overflow', ['1e999', ...numbers], /row 1 column "x": expected a finite number, got "1e999"/],
    [
      'huge numbers',
      ['1', '-2e150', '3'],
      /row 2 column "x": expected a magnitude of at most 1e\+150, got "-2e150"/,
    ],
    [
      'a slip of text',
      [...numbers, 'abc'],
      /row 10 column "x": expected a number like 9 .* got "abc"; .*--categorical x/,
    ],
    ['a decimal comma', [...numbers, '3,5'], /got "3,5"; correct the cell or write it with a decimal point/],
    ['decimal commas', ['1,5', '2,5', '3,5'], /column "x": expected numbers with a decimal point, got "1,5"/],
    [
      'ISO dates',
      ['2024-01-01', '2024-01-02', 'later'],
      /column "x": .* got dates such as "2024-01-01"; derive .*--drop x/,
    ],
    ['short dates', ['1/2/2024', '13/2/2024', '3/4/24'], /got dates such as "1\/2\/2024"/],
    ['identifiers', ['ab', 'cd', 'ef'], /got a different one in every row; drop it with --drop x/],
    [
      'many levels',
      repeat(
        Array.from({ length: 51 }, (_, i) => `v${i}`),
        110,
      ),
      /at most 50 .* got 51 different ones/,
    ],
    [
      'free text',
      ['a', 'b', 'x'.repeat(100_000), 'a'],
      /row 3 column "x": .*free text "x+… \(10000\d characters\); .*--drop x/,
    ],
  ])('%s', (_, cells, pattern) => {
    const message = messageOf(() => inferSchema(withFeature(cells), options));
    expect(message).toMatch(pattern);
    expect(message.length).toBeLessThan(400);
  });

  it('numbers forced to be categories if there are too many', () => {
    const squares = Array.from({ length: 60 }, (_, i) => String(i * i));
    const run = () => inferSchema(withFeature(squares), { ...options, categorical: ['x'] });
    expect(messageOf(run)).toMatch(
      /expected at most 50 .*leave out --categorical for it or drop it with --drop x/,
    );
  });

  it('unknown names, with the nearest', () => {
    const table = csv('mpg,weight,origin\n1,2,a\n2,3,b');
    expect(messageOf(() => inferSchema(table, { target: 'mgp' }))).toBe(
      'target: expected a column of t.csv: "mpg", "weight", "origin", got "mgp"; did you mean "mpg"?',
    );
    expect(messageOf(() => inferSchema(table, { target: 'mpg', drop: ['Origin'] }))).toMatch(
      /^drop: .*"origin"\?$/,
    );
    expect(messageOf(() => inferSchema(table, { target: 'mpg', categorical: ['q'] }))).toMatch(
      /^categorical: .*"q"$/,
    );
    expect(messageOf(() => inferSchema(table, { target: 'mpg', drop: ['mpg'] }))).toMatch(
      /got the target "mpg"/,
    );
  });

  it('names without such a column even if every object has such a property', () => {
    const table = csv('__proto__,y\n1,2\n2,3\n4,4');
    expect(messageOf(() => inferSchema(table, { target: 'constructor' }))).toMatch(/got "constructor"/);
    expect(inferSchema(table, { target: '__proto__' }).target.name).toBe('__proto__');
  });

  it('one row, and tables without a usable feature', () => {
    expect(messageOf(() => inferSchema(csv('x,y\n1,2'), options))).toMatch(/at least 2 rows of data, got 1/);
    expect(messageOf(() => inferSchema(csv('x,y\n1,2\n1,3'), options))).toMatch(/none that varies/);
    expect(messageOf(() => inferSchema(csv('y\n1\n2'), options))).toMatch(/none that varies/);
  });
});

describe('task', () => {
  it.each([
    ['classification', ['a', 'b', 'a']],
    ['classification', ['0', '1']],
    ['classification', ['0.0', '1.0', '1']],
    ['classification', ['-1', '1', '1']],
    ['classification', repeat(['0', '1', '2'], 15)],
    ['regression', repeat(['0', '1', '2'], 14)],
    ['regression', ['10', '20']],
    ['regression', repeat(['0.5', '1.5'], 100)],
    [
      'regression',
      repeat(
        Array.from({ length: 11 }, (_, i) => String(i)),
        200,
      ),
    ],
  ])('%s of %j', (task, cells) => {
    expect(taskOf(cells)).toBe(task);
  });

  it('says when numbers are taken for classes', () => {
    expect(inferSchema(withTarget(repeat(['3', '4', '5'], 30)), options).notes[0]).toMatch(
      /--task regression/,
    );
  });

  it('can be set', () => {
    expect(inferSchema(withTarget(['0', '1', '1']), { ...options, task: 'regression' }).target.task).toBe(
      'regression',
    );
    const quarters = repeat(['0.25', '0.5'], 8);
    expect(inferSchema(withTarget(quarters), { ...options, task: 'classification' }).target.distinct).toBe(2);
  });

  it.each([
    [
      'missing cells',
      ['1', '', 'NA', '4'],
      /row 2 column "y": .* got "" \(and 1 more like it\); .*these 2 rows/,
    ],
    ['a constant number', ['7', '7', '7'], /nothing to learn: every row has the value "7"/],
    ['one class', ['a', 'a', 'a'], /nothing to learn/],
    ['huge numbers', ['1', '1e151', '3.5'], /row 2 column "y": expected a magnitude/],
    ['infinity', ['1', 'inf', '3.5'], /row 2 column "y": expected a finite number/],
    ['a slip of text', ['1.5', '2', '3', '4', '5', 'x'], /row 6 column "y": .*pass --task classification/],
    ['a class per row', ['a', 'b', 'c'], /a different value in every row; choose/],
    ['dates', ['2024-01-01', '2024-01-02', '2024-01-01'], /dates/],
    ['free text', ['x'.repeat(1001), 'a', 'a'], /free text of more than 1000 characters in row 1/],
  ])('refuses %s', (_, cells, pattern) => {
    expect(messageOf(() => inferSchema(withTarget(cells), options))).toMatch(pattern);
  });

  it('refuses text where numbers are asked for', () => {
    const run = () =>
      inferSchema(withTarget(['1', 'low', 'high', 'low']), { ...options, task: 'regression' });
    expect(messageOf(run)).toMatch(/row 2 column "y": expected a number, got "low"; .*--task classification/);
  });
});
