import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareLevels,
  isMissing,
  levelOf,
  looksLikeCommaNumber,
  looksLikeDate,
  parseNumber,
} from './cell.js';

describe('parseNumber', () => {
  it.each([
    ['1', 1],
    ['-0.5', -0.5],
    ['+3504.', 3504],
    ['.25', 0.25],
    ['1e-12', 1e-12],
    ['2E+3', 2000],
    ['1e999', Infinity],
    ['-1e999', -Infinity],
    ['inf', Infinity],
    ['-Infinity', -Infinity],
  ])('reads %s', (cell, value) => {
    expect(parseNumber(cell)).toBe(value);
  });

  it.each(['', '.', 'e5', '1e', '0x10', '1_000', '1,5', '12%', '1 2', '--1', '1.2.3', 'NaN'])(
    'leaves %j as text',
    (cell) => {
      expect(parseNumber(cell)).toBeUndefined();
    },
  );

  it('reads back every finite double', () => {
    fc.assert(
      fc.property(fc.double({ noDefaultInfinity: true, noNaN: true }), (x) => {
        expect(parseNumber(String(x))).toBe(Number(String(x)));
      }),
    );
  });

  it('is linear in the length of a cell', () => {
    const start = performance.now();
    for (const tail of ['x', '.x', 'e', '.0x']) {
      const cell = '1'.repeat(100_000) + tail;
      expect(parseNumber(cell)).toBeUndefined();
      levelOf(cell);
      looksLikeDate(cell);
      looksLikeCommaNumber(cell);
    }
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

it.each(['', 'NA', 'n/a', 'NaN', 'nan', 'NULL', 'None', '?'])('%j is missing', (cell) => {
  expect(isMissing(cell)).toBe(true);
});

it.each(['0', 'no', '-', 'nano', 'none given'])('%j is a value', (cell) => {
  expect(isMissing(cell)).toBe(false);
});

it.each([
  '2024-03-01',
  '2024/3/1',
  '2024-03-01T12:00:00Z',
  '1/3/2024',
  '01.03.24',
  '1 Mar 2024',
  'March 1, 2024',
])('%j looks like a date', (cell) => {
  expect(looksLikeDate(cell)).toBe(true);
});

it.each(['2024', '1.5', '3-4', '12-5', 'may be', 'zone 1'])('%j does not look like a date', (cell) => {
  expect(looksLikeDate(cell)).toBe(false);
});

describe('levelOf', () => {
  it.each([
    ['8', '8'],
    ['8.0', '8'],
    ['+8.50', '8.5'],
    ['-0.0', '0'],
    ['-1.', '-1'],
    ['007', '007'],
    ['1e3', '1e3'],
    ['usa', 'usa'],
    ['?', '(missing)'],
    ['12345678901234567890', '12345678901234567890'],
  ])('of %j is %j', (cell, level) => {
    expect(levelOf(cell)).toBe(level);
  });

  it('is idempotent', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.double().map(String), fc.stringMatching(/^-?\d{1,4}\.\d{0,4}$/)),
        (cell) => {
          expect(levelOf(levelOf(cell))).toBe(levelOf(cell));
        },
      ),
    );
  });
});

describe('compareLevels', () => {
  it('puts numbers by value, then text, then missing', () => {
    const levels = ['b', '(missing)', '10', '9', 'B', '-1', '007'];
    expect(levels.sort(compareLevels)).toEqual(['-1', '007', '9', '10', 'B', 'b', '(missing)']);
  });

  it('is a total order', () => {
    const level = fc.oneof(
      fc.string({ maxLength: 3 }),
      fc.integer({ min: -20, max: 20 }).map(String),
      fc.constant('(missing)'),
    );
    fc.assert(
      fc.property(level, level, level, (a, b, c) => {
        expect(Math.sign(compareLevels(a, b)) + Math.sign(compareLevels(b, a))).toBe(0);
        if (compareLevels(a, b) <= 0 && compareLevels(b, c) <= 0)
          expect(compareLevels(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });
});
