import { expect, it } from 'vitest';
import { describeTable, summaryLines } from './describe.js';
import { parseTable } from './parse-table.js';
import { inferSchema } from './schema.js';

const text = 'size,y,colour,flat,id\n1.5,a,red,1,u\n,b,blue,1,v\n12,a,red,1,w\n';
const table = parseTable(text, { name: 't.csv' });
const summary = describeTable(table, inferSchema(table, { target: 'y', drop: ['id'] }));

it('summarises every column in the order of the file', () => {
  expect(summary).toMatchObject({ name: 't.csv', rows: 3, task: 'classification' });
  expect(summary.columns).toEqual([
    { name: 'size', kind: 'numeric', missing: 1, distinct: 2, range: [1.5, 12], example: '1.5' },
    { name: 'y', kind: 'target', missing: 0, distinct: 2, range: undefined, example: 'a' },
    { name: 'colour', kind: 'categorical', missing: 0, distinct: 2, range: undefined, example: 'red' },
    { name: 'flat', kind: 'constant', missing: 0, distinct: 1, range: [1, 1], example: '1' },
    { name: 'id', kind: 'dropped', missing: 0, distinct: 3, range: undefined, example: 'u' },
  ]);
});

it('prints it aligned', () => {
  expect(summaryLines(summary).join('\n')).toMatchInlineSnapshot(`
    "t.csv: 3 rows, 5 columns
    column  kind                     missing  distinct  range     example
    size    numeric                  1        2         1.5 … 12  1.5
    y       target (classification)  0        2                   a
    colour  categorical              0        2                   red
    flat    constant                 0        1         1 … 1     1
    id      dropped                  0        3                   u
    Column "flat" has the same value in every row; it is left out."
  `);
});

it('shortens long cells', () => {
  const long = parseTable(`x,y,z\n${'w'.repeat(500)},1.5,1\nv,2,2\nv,3,4`, { name: 't.csv' });
  const [column] = describeTable(long, inferSchema(long, { target: 'y' })).columns;
  expect(column?.example?.length).toBeLessThan(90);
});
