import { expect, it } from 'vitest';
import { tableOfCells } from '../../test/fixtures/cells.js';
import { cellWhere, columnOption, findColumn, nearestName, selectRows } from './table.js';

const table = tableOfCells(
  Array.from({ length: 12 }, (_, j) => `c${j}`),
  [Array.from({ length: 12 }, String)],
);

it('names cells by row and, if known, by line', () => {
  expect(cellWhere(table, 0, 3)).toBe('t.csv row 1 column "c3"');
  expect(cellWhere({ ...table, lines: Int32Array.of(2) }, 0, 3)).toBe('t.csv row 1 (line 2) column "c3"');
});

it('lists ten columns of many', () => {
  expect(() => findColumn(table, 'nothing like it', 'drop')).toThrow(
    'drop: expected a column of t.csv: "c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9" and 2 more, got "nothing like it"',
  );
});

it('suggests the nearest name only if it is near', () => {
  expect(nearestName('Weigth', ['weight', 'height'])).toBe('weight');
  expect(nearestName('price', ['weight', 'height'])).toBeUndefined();
});

it('quotes names for the shell', () => {
  expect(columnOption('--drop', 'car_name')).toBe('--drop car_name');
  expect(columnOption('--drop', 'car name')).toBe('--drop "car name"');
});

it('selects all rows or checks those given', () => {
  expect(selectRows(table)).toEqual(Int32Array.of(0));
  expect(() => selectRows(table, [1])).toThrow(/^rows: /);
});
