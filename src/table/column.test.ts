/** The three forms of a column against plain arrays of text. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMissing, levelOf, parseNumber } from './cell.js';
import { ColumnBuilder } from './column-builder.js';
import { CodedColumn, NumberColumn, TextColumn, type Column } from './column.js';

function columnOf(cells: readonly string[]): Column {
  const builder = new ColumnBuilder('x');
  for (const cell of cells) builder.push(cell);
  return builder.finish();
}

/** More distinct texts than there are codes. */
const MANY = 70_000;
const numbers = Array.from({ length: MANY }, (_, i) => String(i / 8));
const texts = Array.from({ length: MANY }, (_, i) => `id €${i}`);

/** Number and category of a cell, as the text says. */
function meaning(cell: string): unknown[] {
  return [isMissing(cell) ? undefined : (parseNumber(cell) ?? null), levelOf(cell)];
}

const forms = [
  ['codes', CodedColumn, []],
  ['numbers', NumberColumn, numbers],
  ['texts', TextColumn, texts],
] as const;

describe.each(forms)('a column as %s', (_, form, before) => {
  it('says of each cell what its text says', () => {
    const cell = fc.oneof(
      fc.constantFrom('', 'NA', 'a', '8', '8.50', '007', '1,5', '2024-01-01', 'Infinity', '__proto__', '-0'),
      fc.double({ noNaN: true }).map(String),
      fc.string().map((text) => text.trim()),
    );
    const property = fc.property(fc.array(cell, { minLength: 1, maxLength: 30 }), (cells) => {
      const column = columnOf([...before, ...cells]);
      expect(column).toBeInstanceOf(form);
      expect(column.length).toBe(before.length + cells.length);
      cells.forEach((text, i) => {
        const row = before.length + i;
        const number = parseNumber(text);
        // Among numbers a number is kept by its value, and a missing cell as an empty one.
        const kept =
          form === NumberColumn
            ? isMissing(text)
              ? ''
              : number === undefined
                ? text
                : String(number)
            : text;
        // Lone surrogates have no UTF-8.
        const expected = form === TextColumn ? Buffer.from(kept).toString() : kept;
        expect(column.text(row)).toBe(expected);
        const [own, level] = meaning(expected);
        expect(column.level(row)).toBe(level);
        // There is one zero.
        expect(column.number(row) === own).toBe(true);
      });
    });
    fc.assert(property, { numRuns: before.length === 0 ? 300 : 8 });
  });

  it('counts cells, categories and numbers as a plain loop does', () => {
    const cells = [...before, '5', 'b', '', '5', '5.0', 'b', '-3', 'NA', 'c'];
    const column = columnOf(cells);
    let seen = 0;
    let missing = 0;
    let sum = 0;
    let last = -1;
    column.tally((__, value, count, row) => {
      expect(row).toBeGreaterThan(last);
      last = row;
      seen += count;
      if (value === undefined) missing += count;
      if (typeof value === 'number') sum += value * count;
    });
    const values = cells.flatMap((cell) => parseNumber(cell) ?? []);
    expect([seen, missing]).toEqual([cells.length, 2]);
    expect(sum).toBe(values.reduce((total, value) => total + value, 0));
    const { count, smallest, largest } = column.distinctNumbers();
    expect(count).toBe(new Set(values).size);
    expect([smallest, largest]).toEqual([-3, values.reduce((a, b) => Math.max(a, b))]);
    // Free text is counted as it is written: 5 and 5.0 are two.
    const asWritten = form === TextColumn ? 1 : 0;
    expect(column.countLevels()).toBe(
      new Set(cells.filter((cell) => !isMissing(cell)).map(levelOf)).size + asWritten,
    );
  });
});

it('goes from numbers to texts when there are too many other cells', () => {
  const others = Array.from({ length: 140_000 }, (_, i) => `t${i}`);
  const column = columnOf([...numbers, ...others]);
  expect(column).toBeInstanceOf(TextColumn);
  expect(column.text(5)).toBe('0.625');
  expect(column.text(MANY + 139_999)).toBe('t139999');
  expect(column.countLevels()).toBe(MANY + 140_000);
});
