import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RelucentError } from '../error.js';
import { cellsOf } from '../../test/fixtures/cells.js';
import type { Delimiter } from './csv-reader.js';
import { parseTable } from './parse-table.js';
import { cellAt } from './table.js';

const parse = (text: string, delimiter?: Delimiter) => parseTable(text, { name: 'cars.csv', delimiter });

function messageOf(text: string): string {
  try {
    parse(text);
  } catch (error) {
    expect(error).toBeInstanceOf(RelucentError);
    expect((error as RelucentError).code).toBe('invalid-table');
    const { message } = error as RelucentError;
    expect(message).not.toContain('\n');
    expect(message.length).toBeLessThan(500);
    return message;
  }
  throw new Error('expected an error');
}

describe('parseTable', () => {
  it('reads header, trimmed cells, CRLF, byte-order mark and blank lines', () => {
    const table = parse('\uFEFFa , b\r\n1, x \r\n\r\n  \r\n,y\r\n');
    expect(table.columns).toEqual(['a', 'b']);
    expect(cellsOf(table)).toEqual([
      ['1', 'x'],
      ['', 'y'],
    ]);
    expect([...(table.lines ?? [])]).toEqual([2, 5]);
  });

  it('reads quoted cells with separators, quotes and line breaks, and knows the lines', () => {
    const table = parse('a,b\r\n"x, ""y""\r\nz",1\r\n\r\nw,2\r\n');
    expect(cellsOf(table)).toEqual([
      ['x, "y"\nz', '1'],
      ['w', '2'],
    ]);
    expect([...(table.lines ?? [])]).toEqual([2, 5]);
  });

  it.each([
    ['a;b;c\n1,5;2;3', ['a', 'b', 'c']],
    ['a\tb\n1\t2', ['a', 'b']],
    ['"a;;;;",b\n1,2', ['a;;;;', 'b']],
    ['a\n1', ['a']],
  ])('infers the separator of %j', (text, columns) => {
    expect(parse(text).columns).toEqual(columns);
  });

  it('takes hostile column names as ordinary ones', () => {
    const table = parse('__proto__,constructor,toString\n1,2,3');
    expect(table.columns).toEqual(['__proto__', 'constructor', 'toString']);
    expect(({} as Record<string, unknown>)['1']).toBeUndefined();
  });

  it('reads cells of 100,000 characters quickly', () => {
    const long = 'é'.repeat(100_000);
    const start = performance.now();
    expect(cellAt(parse(`a,b\n${long},1`), 0, 0)).toBe(long);
    expect(cellAt(parse(`a,b\n"${long}",1`), 0, 0)).toBe(long);
    expect(performance.now() - start).toBeLessThan(2000);
    expect(messageOf(`a,b\n1,2,${long}`)).toMatch(/10000\d characters/);
  });

  it('reads what a plain writer wrote, quoted or not', () => {
    const cell = fc
      .string({ unit: fc.constantFrom('a', '7', '.', 'é', ' ', '\t', ';') })
      .map((text) => text.trim());
    const rows = fc.array(fc.tuple(fc.constant('k'), cell, cell), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(rows, (written) => {
        const header = 'p,q,r\n';
        const plain = header + written.map((row) => row.join(',')).join('\n');
        const quoted = header + written.map((row) => row.map((text) => `"${text}"`).join(',')).join('\n');
        expect(cellsOf(parse(plain, ','))).toEqual(written);
        expect(cellsOf(parse(quoted, ','))).toEqual(written);
        expect(parse(quoted, ',').lines).toEqual(parse(plain, ',').lines);
      }),
    );
  });
});

describe('parseTable refuses', () => {
  it.each([
    ['', /cars.csv: expected a header .*empty file/],
    [' \n\n', /empty file/],
    ['a\0,b\n1,2', /binary file/],
    ['a,b\n', /header only/],
    ['a,b\n1,2\n\n3\n', /^cars.csv row 2 \(line 4\): expected 2 cells as in the header, got 1; add/],
    ['a,b\n1,2\n3,4,5', /row 2 \(line 3\): expected 2 cells .* got 3; put quotes .*"5"/],
    ['a,b,a\n1,2,3', /header: expected distinct column names, got "a" for columns 1 and 3/],
    ['a,,b\n1,2,3', /header: expected a name for column 2/],
    ['1,2.5\n3,4', /header: expected column names, got numbers \(first "1"\)/],
    ['a,b\n1,2\n"3,4\n5,6', /^cars.csv row 2 \(from line 3\): expected a closing quote/],
    ['"a,b\n1,2', /^cars.csv header .*: expected a closing quote/],
    ['a,b\n1,5" pipe', /^cars.csv row 1 \(line 2\): expected quotes only around a whole cell/],
    ['a,b\n"x"y,1', /^cars.csv row 1 \(line 2\): expected quotes only around a whole cell/],
  ])('%j', (text, pattern) => {
    expect(messageOf(text)).toMatch(pattern);
  });

  it('nothing but with a typed error', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '1', ',', '"', '\n', '\r', ' ', '\0') }), (text) => {
        try {
          const table = parse(text);
          expect(table.cells.map(({ length }) => length)).toEqual(table.columns.map(() => table.rowCount));
          expect(table.lines).toHaveLength(table.rowCount);
        } catch (error) {
          expect(error).toBeInstanceOf(RelucentError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
