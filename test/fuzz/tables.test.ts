/**
 * Hostile tables: whatever bytes a file holds, reading it ends soon, with a table or a RelucentError of one line, and
 * changes nothing else.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RelucentError } from '../../src/error.js';
import { parseJsonLines, parseTable } from '../../src/table/parse-table.js';
import { readTableFile } from '../../src/table/read-table.js';
import { inferSchema } from '../../src/table/schema.js';
import { cellAt, type Table } from '../../src/table/table.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relucent-fuzz-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** A refusal as it must be, or any other failure again. */
function checkRefusal(error: unknown): void {
  if (!(error instanceof RelucentError)) throw error;
  expect(error.message).not.toMatch(/[\n\r]/);
  expect(error.message.length).toBeLessThan(1000);
}

/** A table as it must be, and what is made of it next. */
function checkTable(table: Table): void {
  expect(table.rowCount).toBeGreaterThan(0);
  expect(new Set(table.columns).size).toBe(table.columns.length);
  for (const { length } of table.cells) expect(length).toBe(table.rowCount);
  if (table.lines !== undefined) expect(table.lines).toHaveLength(table.rowCount);
  expect(cellAt(table, table.rowCount - 1, table.columns.length - 1)).toBeTypeOf('string');
  try {
    inferSchema(table, { target: table.columns[0] ?? '' });
  } catch (error) {
    checkRefusal(error);
  }
}

function checkParsed(parse: () => Table): void {
  try {
    checkTable(parse());
  } catch (error) {
    checkRefusal(error);
  }
}

/** Nothing has got a property that it had not before. */
function expectNoPollution(): void {
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(Object.keys(Array.prototype)).toEqual([]);
  for (const key of ['a', 'polluted', '0', '1']) expect(({} as Record<string, unknown>)[key]).toBeUndefined();
}

const parts = [
  'a',
  '1',
  ',',
  ';',
  '\t',
  '"',
  '\n',
  '\r',
  '\r\n',
  ' ',
  '\0',
  '\uFEFF',
  'é',
  '\ud800',
  '1e999',
  'NA',
  '=',
];

describe('CSV', () => {
  it('of any text', () => {
    const text = fc.string({ unit: fc.constantFrom(...parts), maxLength: 60 });
    fc.assert(
      fc.property(text, (body) => {
        checkParsed(() => parseTable(body));
        checkParsed(() => parseTable(`x,y\n${body}`));
      }),
      { numRuns: 1500 },
    );
    expectNoPollution();
  });

  it('of any bytes in a file', async () => {
    const good = Buffer.from('\uFEFFid,name,"long, name"\r\n1,é,"a ""b""\r\n c"\r\n2,NA,x\r\n3,,y\r\n');
    const change = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(
        change,
        fc.nat(good.length),
        fc.constantFrom('.csv', '.tsv', '.jsonl'),
        async (edits, end, kind) => {
          const bytes = Buffer.from(good);
          for (const [at, byte] of edits) bytes[at] = byte;
          const path = join(folder, `bytes${kind}`);
          await writeFile(path, bytes.subarray(0, end));
          await readTableFile(path).then(checkTable, checkRefusal);
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each<[string, () => string]>([
    ['100,000 columns', () => `${names(100_000).join(',')}\n${names(100_000).join(',')}\n`],
    ['100,001 columns', () => `${names(100_001).join(',')}\n`],
    ['a cell of 15 million characters', () => `a,b\n1,${'x'.repeat(1.5e7)}\n`],
    ['a quoted cell that never ends', () => `a,b\n1,"${'x\n'.repeat(2e7)}`],
    ['a row of 17 million characters', () => `a,b\n${'x'.repeat(1.7e7)}`],
    ['quotes alone', () => '"'.repeat(1_000_001)],
    ['quoted line ends alone', () => `a\n"${'\n'.repeat(1_000_000)}"\n`],
    ['line ends alone', () => '\r\n'.repeat(1_000_000)],
    ['separators alone', () => `a,b\n${','.repeat(99_999)}\n`],
    ['digits alone', () => `a,b\n${'9'.repeat(1_000_000)},1\n${'1,2\n'.repeat(10)}`],
    ['what looks like a date for long', () => `a,b\n${'2024-01-01 '.repeat(100_000)},1\n`],
  ])('of %s, in seconds', (_, text) => {
    const started = performance.now();
    checkParsed(() => parseTable(text()));
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

describe('JSON-lines', () => {
  it('of any JSON', () => {
    const key = fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'a', ' ', '0', 'é');
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.constantFrom('1e999', 'NA', '2024-01-01', '__proto__', '(missing)'),
      fc.double().filter(Number.isFinite),
    );
    // As text, so that "__proto__" is a key like any other.
    const line = fc
      .array(fc.tuple(key, value), { maxLength: 5 })
      .map((pairs) => `{${pairs.map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`).join(',')}}`);
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 8 }),
        fc.constantFrom('\n', '\r\n', '\r', '\n\n'),
        (lines, end) => {
          checkParsed(() => parseJsonLines(lines.join(end)));
          expectNoPollution();
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('of any text', () => {
    const unit = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      ':',
      ',',
      'a',
      '1',
      'null',
      '\n',
      '\\',
      '\0',
      '\uFEFF',
      ' ',
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 40 }), (text) => {
        checkParsed(() => parseJsonLines(text));
      }),
      { numRuns: 1000 },
    );
  });

  it.each<[string, () => string]>([
    ['deep nesting', () => `{"a":${'['.repeat(1e6)}${']'.repeat(1e6)}}\n`],
    ['deep objects', () => `{"a":${'{"a":'.repeat(2e5)}1${'}'.repeat(2e5)}}\n`],
    ['numbers too large', () => '{"a":1e999}\n{"a":-1e999}\n'],
    ['a number of a million digits', () => `{"a":${'9'.repeat(1e6)}}\n`],
    [
      '100,001 keys',
      () =>
        `{${names(100_001)
          .map((name) => `"${name}":1`)
          .join(',')}}\n`,
    ],
    [
      'other keys on each line',
      () =>
        names(20_000)
          .map((name) => `{"${name}":1}`)
          .join('\n'),
    ],
    ['a line of 17 million characters', () => `{"a":"${'x'.repeat(1.7e7)}"}`],
    ['an open text', () => `{"a":"${'x'.repeat(1e6)}\n`.repeat(3)],
  ])('of %s, in seconds', (_, text) => {
    const started = performance.now();
    checkParsed(() => parseJsonLines(text()));
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

describe('Parquet', () => {
  it('with bytes changed or cut off', { timeout: 240_000 }, async () => {
    const path = join(folder, 'good.parquet');
    const database = await (await DuckDBInstance.create(':memory:')).connect();
    await database.run(
      `COPY (SELECT range AS n, sin(range) AS x, ['red', 'green', NULL][1 + range % 3] AS colour,
        {'a': range} AS nested, DATE '2024-01-01' AS day FROM range(300)) TO '${path}' (FORMAT parquet)`,
    );
    const good = await readFile(path);
    const tail = fc.nat(600).map((back) => good.length - 1 - back);
    const at = fc.oneof(fc.nat(good.length - 1), tail);
    const edits = fc.array(fc.tuple(at, fc.nat(255)), { minLength: 1, maxLength: 4 });
    const end = fc.oneof(
      { weight: 4, arbitrary: fc.constant(good.length) },
      { arbitrary: fc.nat(good.length), weight: 1 },
    );
    await fc.assert(
      fc.asyncProperty(edits, end, async (changes, length) => {
        const bytes = Buffer.from(good);
        for (const [where, byte] of changes) bytes[where] = byte;
        const changed = join(folder, 'changed.parquet');
        await writeFile(changed, bytes.subarray(0, length));
        await readTableFile(changed).then(checkTable, checkRefusal);
      }),
      { numRuns: Number(process.env['RELUCENT_FUZZ_RUNS'] ?? 25) },
    );
    expectNoPollution();
  });
});

function names(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `c${i}`);
}
