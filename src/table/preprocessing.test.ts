import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tableOfCells } from '../../test/fixtures/cells.js';
import { applyPreprocessing } from './apply-preprocessing.js';
import { encodeTarget } from './encode-target.js';
import { fitPreprocessing } from './fit-preprocessing.js';
import { parseTable } from './parse-table.js';
import { preprocessingSchema, type Preprocessing } from './preprocessing.js';
import { inferSchema } from './schema.js';
import { selectRows, type Table } from './table.js';

const csv = (text: string, name = 't.csv'): Table => parseTable(text, { name });
const allRows = (table: Table): number[] => [...selectRows(table)];

function fit(table: Table, target = 'y', rows: readonly number[] = allRows(table)): Preprocessing {
  return fitPreprocessing(table, inferSchema(table, { target }), rows);
}

/** Column j of a row-major matrix. */
function columnOf({ X, n, d }: { X: Float64Array; n: number; d: number }, j: number): number[] {
  return Array.from({ length: n }, (_, i) => X[i * d + j]!);
}

const mixed = csv(
  'size,colour,kind,y\n1,red,a,10.5\n3,blue,b,20\n,green,a,30\n8,red,a,40\n3,red,a,55.5\n3,red,a,55.5\n',
);

describe('fitPreprocessing', () => {
  const fitted = fit(mixed);

  it('names one matrix column per number, per two-level column and per level of three or more', () => {
    expect(fitted.featureNames).toEqual(['size', 'colour=blue', 'colour=green', 'colour=red', 'kind=b']);
  });

  it('records medians, levels and moments', () => {
    expect(fitted.columns[0]).toMatchObject({ name: 'size', kind: 'numeric', median: 3, mean: 21 / 6 });
    expect(fitted.columns[1]).toMatchObject({
      levels: ['blue', 'green', 'red'],
      means: [1 / 6, 1 / 6, 4 / 6],
    });
    expect(fitted.target).toMatchObject({ name: 'y', task: 'regression' });
  });

  it('says in sentences what it did', () => {
    expect(fitted.notes).toEqual([
      'Column "size": 1 missing cell filled with the training median 3.',
      '1 training row repeated an earlier one; kept.',
    ]);
  });

  it('uses the training rows only', () => {
    const part = fit(mixed, 'y', [0, 3, 4]);
    expect(part.featureNames).toEqual(['size']);
    expect(part.columns[0]).toMatchObject({ median: 3, mean: 4 });
    expect(part.notes).toContain('Column "colour" has the same value in every training row; it is left out.');
  });

  it('sorts numeric classes by value', () => {
    const rows = Array.from({ length: 60 }, (_, i) => `${i * 1.5},${[10, 9, 2][i % 3]}.0`).join('\n');
    expect(fit(csv(`x,y\n${rows}`)).target).toEqual({
      name: 'y',
      task: 'classification',
      classes: ['2', '9', '10'],
    });
  });

  it('makes missing cells a level if training has some', () => {
    const { columns, featureNames } = fit(csv('c,y\na,1.5\n,2\na,3\n?,4\n'));
    expect(columns[0]).toMatchObject({ levels: ['a', '(missing)'], means: [0.5], scales: [0.5] });
    expect(featureNames).toEqual(['c=(missing)']);
  });

  it('refuses training rows on which nothing varies', () => {
    const table = csv('x,y\n1,a\n2,a\n3,b\n4,b');
    expect(() => fit(table, 'y', [0, 1])).toThrow(/nothing to learn: every training row has the value "a"/);
    expect(() => fit(table, 'y', [0])).toThrow(/at least 2 training rows/);
    expect(() => fit(table, 'y', [0, 4])).toThrow(/row indices from 0 to 3/);
    const flat = csv('x,y\n1,1.5\n1,2.5\n3,7');
    expect(() => fit(flat, 'y', [0, 1])).toThrow(/expected a column that varies on the 2 training rows/);
  });
});

describe('applyPreprocessing', () => {
  const fitted = fit(mixed);

  it('standardises every matrix column of the training rows', () => {
    const matrix = applyPreprocessing(mixed, fitted);
    expect([matrix.n, matrix.d]).toEqual([6, 5]);
    expect(matrix.filled).toEqual([{ column: 'size', count: 1 }]);
    expect(matrix.unseen).toEqual([]);
    for (let j = 0; j < matrix.d; j++) {
      const column = columnOf(matrix, j);
      expect(column.reduce((sum, x) => sum + x, 0)).toBeCloseTo(0, 12);
      expect(column.reduce((sum, x) => sum + x * x, 0) / matrix.n).toBeCloseTo(1, 12);
    }
  });

  it('finds columns by name whatever their order, extra ones and the target', () => {
    const shuffled = csv('extra,kind,colour,size\nq,a,red,1\nq,b,blue,3\n');
    expect(applyPreprocessing(shuffled, fitted).X).toEqual(applyPreprocessing(mixed, fitted, [0, 1]).X);
  });

  it('encodes the chosen rows in the order given', () => {
    const { X, n, d } = applyPreprocessing(mixed, fitted);
    const picked = applyPreprocessing(mixed, fitted, [4, 1]);
    expect(n).toBe(6);
    expect([...picked.X]).toEqual([...X.slice(4 * d, 5 * d), ...X.slice(d, 2 * d)]);
  });

  it('makes an unseen level zeros in its block and counts it', () => {
    const { X, unseen } = applyPreprocessing(csv('size,colour,kind\n3,mauve,a\n3,,zz\n3,mauve,\n'), fitted);
    for (const i of [0, 1, 2]) expect([...X.slice(i * 5 + 1, i * 5 + 4)]).toEqual([0, 0, 0]);
    expect([X[4] === 0, X[9], X[14]]).toEqual([false, 0, 0]);
    expect(unseen).toEqual([
      { column: 'colour', count: 3, examples: ['mauve', '(missing)'] },
      { column: 'kind', count: 2, examples: ['zz', '(missing)'] },
    ]);
  });

  it.each([
    ['colour,kind\nred,a', /^new.csv header: expected the columns .* none called "size"; add it/],
    ['Size,colour,kind\n1,red,a', /none called "size"; rename "Size" if that is it/],
    [
      'size,colour,kind\n1,red,a\nbig,red,a',
      /^new.csv row 2 \(line 3\) column "size": expected a number, got "big"; correct/,
    ],
    ['size,colour,kind\n-inf,red,a', /row 1 \(line 2\) column "size": expected a finite number, got "-inf"/],
    ['size,colour,kind\n1e200,red,a', /expected a magnitude of at most/],
  ])('refuses %j', (text, pattern) => {
    expect(() => applyPreprocessing(csv(text, 'new.csv'), fitted)).toThrow(pattern);
  });

  it('gives the same matrix after a journey through JSON', () => {
    const cell = fc.oneof(fc.double({ min: -1e12, max: 1e12, noNaN: true }).map(String), fc.constant(''));
    const level = fc.constantFrom('a', 'b', '__proto__', '8', '');
    const rows = fc.array(
      fc.tuple(cell, level, fc.double({ min: -1e-12, max: 1e-12, noNaN: true }).map(String)),
      {
        minLength: 3,
        maxLength: 20,
      },
    );
    fc.assert(
      fc.property(rows, (cells) => {
        const steady = [
          ['1', 'a', '-1e-12'],
          ['2', 'b', '0.5e-12'],
          ['3', 'a', '1e-12'],
        ];
        const table = tableOfCells(['__proto__', 'constructor', 'y'], [...steady, ...cells]);
        const fresh = fitPreprocessing(
          table,
          inferSchema(table, { target: 'y', task: 'regression' }),
          allRows(table),
        );
        const again = preprocessingSchema.parse(JSON.parse(JSON.stringify(fresh)));
        expect(JSON.stringify(again)).toBe(JSON.stringify(fresh));
        const { X } = applyPreprocessing(table, again);
        expect([...X].every((x) => Number.isFinite(x))).toBe(true);
        expect([...X].map((x) => x + 0)).toEqual([...applyPreprocessing(table, fresh).X].map((x) => x + 0));
      }),
    );
  });
});

describe('preprocessingSchema', () => {
  const good = fit(mixed);

  it.each([
    ['an unknown field', { ...good, extra: 1 }],
    ['no columns', { ...good, columns: [], featureNames: [] }],
    ['other feature names', { ...good, featureNames: [...good.featureNames].reverse() }],
    ['a scale of zero', { ...good, target: { ...good.target, scale: 0 } }],
    ['a mean that is no number', { ...good, target: { ...good.target, mean: null } }],
    ['one class', { ...good, target: { name: 'y', task: 'classification', classes: ['a'] } }],
    [
      'repeated columns',
      { ...good, columns: [good.columns[0], good.columns[0]], featureNames: ['size', 'size'] },
    ],
  ])('refuses %s', (_, value) => {
    expect(preprocessingSchema.safeParse(good).success).toBe(true);
    expect(preprocessingSchema.safeParse(value).success).toBe(false);
  });
});

describe('encodeTarget', () => {
  it('standardises numbers', () => {
    const fitted = fit(mixed);
    const encoded = encodeTarget(mixed, fitted);
    if (encoded.task !== 'regression' || fitted.target.task !== 'regression')
      throw new Error('expected regression');
    const { mean, scale } = fitted.target;
    expect(encoded.y.map((y) => y * scale + mean)[1]).toBeCloseTo(20, 12);
    expect(encoded.y.reduce((sum, y) => sum + y * y, 0) / 6).toBeCloseTo(1, 12);
  });

  it('indexes classes, whole numbers by value', () => {
    const fitted = fit(csv('x,y\n1,0\n2,1\n3,1'));
    expect(encodeTarget(csv('y\n1.0\n0\n'), fitted)).toEqual({
      task: 'classification',
      labels: Int32Array.of(1, 0),
    });
  });

  it('refuses unknown classes, missing cells and a missing column', () => {
    const fitted = fit(csv('x,y\n1,a\n2,b\n3,a'));
    expect(() => encodeTarget(csv('y\na\nc\n'), fitted)).toThrow(
      't.csv row 2 (line 3) column "y": expected a class seen in training: "a", "b", got "c"',
    );
    expect(() => encodeTarget(csv('y\na\nNA\n?\n'), fitted)).toThrow(
      /row 2 .* got "NA" \(and 1 more like it\)/,
    );
    expect(() => encodeTarget(csv('x\n1\n'), fitted)).toThrow(/expected the target column "y"/);
  });
});
