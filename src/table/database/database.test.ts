/** Parquet and queries through DuckDB; what files hold is written by DuckDB itself, in this process. */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cellsOf } from '../../../test/fixtures/cells.js';
import { readTableFile } from '../read-table.js';
import { inferSchema } from '../schema.js';

let folder = '';
let database: DuckDBConnection;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relucent-database-'));
  database = await (await DuckDBInstance.create(':memory:')).connect();
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function parquet(name: string, select: string): Promise<string> {
  const path = join(folder, name);
  await database.run(`COPY (${select}) TO '${path}' (FORMAT parquet)`);
  return path;
}

async function text(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

describe('Parquet', () => {
  it('reads numbers, texts, booleans, exact numbers and dates as the text that CSV would hold', async () => {
    const path = await parquet(
      'types.parquet',
      `SELECT * FROM (VALUES
        (1::TINYINT, 2.5::DOUBLE, ' x '::VARCHAR, true, 9007199254740993::BIGINT, 12.50::DECIMAL(9,2), DATE '2024-03-01',
          TIMESTAMP '2024-03-01 12:30:00', 'a'::ENUM('a','b'), 12345678901234567890123456789::DECIMAL(38,0)),
        (NULL, 'NaN'::DOUBLE, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
        (-3::TINYINT, 'Infinity'::DOUBLE, 'NA', false, 7::BIGINT, -0.01::DECIMAL(9,2), DATE '1970-01-01',
          TIMESTAMP '1970-01-01 00:00:00.5', 'b'::ENUM('a','b'), 5::DECIMAL(38,0)))
        t(tiny, double, text, boolean, big, decimal, date, time, enum, huge)`,
    );
    const table = await readTableFile(path);
    expect(table.columns.join()).toBe('tiny,double,text,boolean,big,decimal,date,time,enum,huge');
    const exact = '12345678901234567890123456789';
    expect(cellsOf(table)).toEqual([
      ['1', '2.5', 'x', 'true', '9007199254740993', '12.5', '2024-03-01', '2024-03-01 12:30:00', 'a', exact],
      ['', '', '', '', '', '', '', '', '', ''],
      ['-3', 'Infinity', 'NA', 'false', '7', '-0.01', '1970-01-01', '1970-01-01 00:00:00.5', 'b', '5'],
    ]);
    expect(table.cells[3]?.level(0)).toBe('true');
    expect(table.cells[2]?.number(2)).toBeUndefined();
  });

  it('keeps every bit of many float64, over several messages', async () => {
    const path = await parquet('many.parquet', 'SELECT sin(range) / 3 AS x, range AS y FROM range(100000)');
    const table = await readTableFile(path);
    expect(table.rowCount).toBe(100_000);
    for (const row of [0, 1, 40_000, 65_535, 65_536, 99_999]) {
      expect(table.cells[1]?.number(row)).toBe(row);
      expect(table.cells[0]?.number(row)).toBeCloseTo(Math.sin(row) / 3, 15);
    }
    const { distinct } = inferSchema(table, { target: 'y' }).columns[0] ?? {};
    expect(distinct).toBe(100_000);
  });

  it('refuses dates and nested values with a hint, unless they are dropped', async () => {
    const path = await parquet(
      'nested.parquet',
      `SELECT range::DOUBLE AS x, sin(range) AS y, TIMESTAMP '2024-01-01' + to_days(range::INT) AS t,
        {'a': range} AS s, [range] AS l, 'ab'::BLOB AS b, NULL::INT[] AS none FROM range(20)`,
    );
    const table = await readTableFile(path);
    const schema = (...drop: string[]): unknown => inferSchema(table, { target: 'y', drop });
    expect(() => schema()).toThrow(
      /column "t": expected numbers or categories, got dates such as "2024-01-01/,
    );
    expect(() => schema('t')).toThrow(
      /row 1 column "s": .* got an object; make columns of its parts, or drop it with --drop s/,
    );
    expect(() => schema('t', 's')).toThrow(/column "l": .* got a list/);
    expect(() => schema('t', 's', 'l')).toThrow(/column "b": .* got bytes/);
    expect(inferSchema(table, { target: 'y', drop: ['t', 's', 'l', 'b'] }).columns.at(-1)?.kind).toBe(
      'empty',
    );
  });

  it('reads all files of a pattern, and files whose names look like one', async () => {
    await parquet('p-2.parquet', 'SELECT 2 AS x');
    await parquet('p-1.parquet', 'SELECT 1 AS x');
    await parquet('[ab]*.parquet', 'SELECT 3 AS x');
    expect(cellsOf(await readTableFile(join(folder, 'p-?.parquet')))).toEqual([['1'], ['2']]);
    expect(cellsOf(await readTableFile(join(folder, '[ab]*.parquet')))).toEqual([['3']]);
  });

  it('refuses what is no Parquet file, cut files and no rows', async () => {
    await expect(readTableFile(await text('a.parquet', 'x,y\n1,2\n'))).rejects.toMatchObject({
      code: 'invalid-table',
      where: 'a.parquet',
    });
    const whole = await readFile(await parquet('whole.parquet', 'SELECT range AS x FROM range(1000)'));
    await writeFile(join(folder, 'cut.parquet'), whole.subarray(0, whole.length / 2));
    await expect(readTableFile(join(folder, 'cut.parquet'))).rejects.toThrow(
      /^cut.parquet: expected a table/,
    );
    const none = await parquet('none.parquet', 'SELECT 1 AS x WHERE false');
    await expect(readTableFile(none)).rejects.toThrow(/^none.parquet: expected rows of data, got none/);
  });
});

describe('a query', () => {
  it('selects from CSV, JSON-lines and Parquet', async () => {
    const csv = await text('q.csv', ' a ;b\n1;x\n2;y\nNA;x\n');
    const table = await readTableFile(csv, {
      query: 'SELECT b, count(a) AS n FROM data GROUP BY b ORDER BY b',
    });
    expect(table).toMatchObject({ name: 'q.csv (query)', columns: ['b', 'n'] });
    expect(cellsOf(table)).toEqual([
      ['x', '1'],
      ['y', '1'],
    ]);
    const json = await text('q.jsonl', '{"a":{"b":1.5},"c":null}\n{"a":{"b":2}}\n');
    expect(cellsOf(await readTableFile(json, { query: 'SELECT a.b, c FROM data' }))).toEqual([
      ['1.5', ''],
      ['2', ''],
    ]);
    const path = await parquet('q.parquet', 'SELECT range AS x FROM range(10)');
    expect(cellsOf(await readTableFile(path, { query: 'FROM data WHERE x > 7;' }))).toEqual([['8'], ['9']]);
  });

  it('draws the same rows each time where the sample is repeatable', async () => {
    const path = await parquet('sample.parquet', 'SELECT range AS x FROM range(50000)');
    const query = 'SELECT * FROM data USING SAMPLE reservoir(100 ROWS) REPEATABLE (1)';
    const first = cellsOf(await readTableFile(path, { query }));
    expect(first).toHaveLength(100);
    expect(cellsOf(await readTableFile(path, { query }))).toEqual(first);
  });

  it('gives our own refusals of a CSV header, and the line of what DuckDB refuses', async () => {
    const twice = await text('twice.csv', 'a,b,a\n1,2,3\n');
    await expect(readTableFile(twice, { query: 'FROM data' })).rejects.toThrow(/got "a" for columns 1 and 3/);
    const late = await text('ragged.csv', `a,b\n${'1,2\n'.repeat(1_200_000)}3\n`);
    await expect(readTableFile(late, { query: 'FROM data' })).rejects.toThrow(/Line: 1200002/);
  });

  const refused = [
    ['SELECT x FROM data', /Referenced column 'x' not found/],
    ['SELEKT 1', /syntax error/],
    ['', /expected one SELECT/],
    ['FROM data; FROM data', /got 2 statements/],
    ['SELECT $1', /without parameters/],
    ["COPY data TO 'OUT'", /file system operations are disabled/],
    ["COPY data TO 'FILE' (FORMAT csv, USE_TMP_FILE false)", /expected a SELECT, got another statement/],
    ["ATTACH 'OUT'", /expected a SELECT, got another statement/],
    ['CREATE TABLE t AS FROM data', /expected a SELECT, got another statement/],
    ['SET enable_external_access = true', /expected a SELECT, got another statement/],
    ['INSTALL httpfs', /expected a SELECT, got another statement/],
    ["FROM read_text('/etc/hostname')", /file system operations are disabled/],
    ["FROM read_csv('OTHER')", /file system operations are disabled/],
    ["FROM 'OTHER'", /file system operations are disabled/],
    ["FROM glob('/*')", /file system operations are disabled/],
    ["FROM 'https://example.org/a.parquet'", /file system operations are disabled|httpfs/],
    ["FROM sniff_csv('OTHER')", /file system operations are disabled/],
  ] as const;
  it.each(refused)('reads nothing but the file and changes nothing: %s', async (query, pattern) => {
    const file = await text('locked.csv', 'a,b\n1,2\n3,4\n');
    const other = await text('other.csv', 'a,b\n1,2\n');
    const out = join(folder, 'out.csv');
    const own = query.replace('OUT', out).replace('OTHER', other).replace('FILE', file);
    const reading = readTableFile(file, { query: own });
    await expect(reading).rejects.toMatchObject({ code: 'invalid-argument', where: '--query on locked.csv' });
    await expect(reading).rejects.toThrow(pattern);
    expect(await readFile(file, 'utf8')).toBe('a,b\n1,2\n3,4\n');
    expect(existsSync(out)).toBe(false);
  });

  it('outlives a crash of the database: JSON nested too deeply', async () => {
    const deep = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}\n`;
    const path = await text('deep.jsonl', deep);
    // Our own reader takes it for what it is.
    expect((await readTableFile(path)).cells[0]?.refusal).toEqual({ row: 0, found: 'a list' });
    await expect(readTableFile(path, { query: 'FROM data' })).rejects.toMatchObject({
      code: 'invalid-table',
    });
  });

  it('stops when asked to, and does not run out of memory', async () => {
    const path = await text('endless.csv', 'a,b\n1,2\n');
    const endless = 'SELECT count(*) AS n, 1 AS m FROM range(1000000000000) t(i) WHERE sin(i) > 2';
    const signal = AbortSignal.timeout(500);
    await expect(readTableFile(path, { query: endless, signal })).rejects.toThrow(/timeout/);
    const large = 'SELECT list(range) AS l FROM range(2000000000)';
    await expect(readTableFile(path, { query: large })).rejects.toThrow(/Out of Memory|memory/i);
  });
});
