import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cellsOf } from '../../test/fixtures/cells.js';
import { inferSchema } from './schema.js';
import { parseTable } from './parse-table.js';
import { readTableFile } from './read-table.js';
import { cellAt } from './table.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relucent-table-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function write(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

describe('readTableFile', () => {
  it('reads CSV and TSV, named after the file', async () => {
    const table = await readTableFile(await write('a.csv', '\uFEFFx,y\n1,é\n'));
    expect(table).toMatchObject({ name: 'a.csv', columns: ['x', 'y'] });
    expect(cellsOf(table)).toEqual([['1', 'é']]);
    // A comma in the header does not mislead a .tsv file.
    expect((await readTableFile(await write('a.tsv', 'x, y, z\tb\n1\t2\n'))).columns).toEqual([
      'x, y, z',
      'b',
    ]);
    expect((await readTableFile(await write('b.csv', 'x;y\n1;2\n'))).columns).toEqual(['x', 'y']);
  });

  it.each([
    ['auto-mpg.csv', 'mpg', 'regression'],
    ['breast-cancer.csv', 'diagnosis', 'classification'],
    ['iris.csv', 'species', 'classification'],
  ])('reads the bundled %s', async (file, target, task) => {
    const table = await readTableFile(join(import.meta.dirname, '../../data', file));
    expect(inferSchema(table, { target }).target.task).toBe(task);
  });

  it('refuses what is not there, folders and other formats', async () => {
    const path = join(folder, 'none.csv');
    await expect(readTableFile(path)).rejects.toMatchObject({ code: 'not-found', where: path });
    await expect(readTableFile(folder)).rejects.toThrow(/got a folder/);
    for (const name of ['a.JSON', 'a.xlsx', 'a.csv.gz']) {
      const other = await write(name, 'x');
      await expect(readTableFile(other)).rejects.toMatchObject({ code: 'unsupported' });
      await expect(readTableFile(other)).rejects.toThrow(/not supported: /);
    }
    await expect(readTableFile(join(folder, 'none.json'))).rejects.toMatchObject({ code: 'not-found' });
  });

  it.each([
    ['UTF-16', Uint8Array.of(0xff, 0xfe, 0x61, 0), /expected text in UTF-8, got UTF-16; export/],
    ['NUL bytes', Uint8Array.of(0x61, 0, 0x62), /binary file \(it holds NUL bytes\)/],
    [
      'Latin-1',
      Uint8Array.of(0x61, 0x0a, 0x31, 0x0a, 0xe9, 0x0a),
      /another encoding \(line 3 is not valid\)/,
    ],
    ['nothing', new Uint8Array(), /empty file/],
  ])('refuses %s', async (name, bytes, pattern) => {
    await expect(readTableFile(await write(`${name}.csv`, bytes))).rejects.toThrow(pattern);
  });
});

describe('readTableFile reads piece by piece', () => {
  it('what parseTable reads at once, wherever the pieces end', async () => {
    // More than two pieces of 4 MiB, with CRLF, characters of three bytes and quoted line breaks on the seams.
    const filler = '€'.repeat(60);
    const row = (i: number): string => `${i},"a ""€""\r\n${i % 7}",${filler}${i}`;
    const text = `n,quoted,many\r\n${Array.from({ length: 70_000 }, (_, i) => row(i)).join('\r\n')}\r\n`;
    const table = await readTableFile(await write('pieces.csv', text));
    const whole = parseTable(text, { name: 'pieces.csv' });
    expect(table.rowCount).toBe(70_000);
    expect(table.lines).toEqual(whole.lines);
    for (const at of [0, 1, 49_999, 69_999]) {
      expect(table.cells.map((column) => column.text(at))).toEqual([
        String(at),
        `a "€"\n${at % 7}`,
        `${filler}${at}`,
      ]);
    }
    for (let at = 0; at < 70_000; at++) {
      if (cellAt(table, at, 1) !== cellAt(whole, at, 1)) expect.fail(`row ${at}`);
    }
  });

  it('names the line of a bad byte far into a file', async () => {
    const text = Buffer.from(`a,b\n${'1,2\n'.repeat(1_500_000)}\xe9,1\n`, 'latin1');
    await expect(readTableFile(await write('late.csv', text))).rejects.toThrow(/line 1500002 is not valid/);
  });

  it('files of a pattern in the order of their names, with the columns of the first', async () => {
    await write('part-2.csv', 'x,y\n3,4\n');
    await write('part-1.csv', 'x,y\n1,2\n');
    const pattern = join(folder, 'part-*.csv');
    const table = await readTableFile(pattern);
    expect(table).toMatchObject({ name: 'part-*.csv', columns: ['x', 'y'] });
    expect(cellsOf(table)).toEqual([
      ['1', '2'],
      ['3', '4'],
    ]);
    // Lines of several files tell nothing.
    expect(table.lines).toBeUndefined();
    await write('part-3.csv', 'x,y\n5,6\n7\n');
    await expect(readTableFile(pattern)).rejects.toThrow(/^part-3.csv row 2 \(line 3\): expected 2 cells/);
    await write('part-3.csv', 'y,x\n5,6\n');
    await expect(readTableFile(pattern)).rejects.toThrow(
      /^part-3.csv header: expected the columns of the first/,
    );
    await expect(readTableFile(join(folder, 'none-*.csv'))).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('JSON-lines', () => {
  it('finds columns by name; null, absent keys and empty texts are missing', async () => {
    const text = '\uFEFF{"a": 1, "b": " x "}\r\n\r\n{"b": null, "c": true, "a": 2.50}\r\n{"a": "3", "b": ""}';
    const table = await readTableFile(await write('a.jsonl', text));
    expect(table).toMatchObject({ name: 'a.jsonl', columns: ['a', 'b', 'c'] });
    expect(cellsOf(table)).toEqual([
      ['1', 'x', ''],
      ['2.5', '', 'true'],
      ['3', '', ''],
    ]);
    expect([...(table.lines ?? [])]).toEqual([1, 3, 4]);
  });

  it.each([
    ['[{"a":1}]', /^b.jsonl row 1 \(line 1\): expected an object .* got a list; write JSON-lines/],
    ['{"a":1}\n{"a":', /^b.jsonl row 2 \(line 2\): expected a JSON object, got "\{/],
    ['{"a":1}\n5', /row 2 \(line 2\): expected an object .* got 5/],
    ['{"":1}', /expected a name for every value/],
    ['\n', /got an empty file/],
    ['{}', /got an empty file/],
  ])('refuses %j', async (text, pattern) => {
    await expect(readTableFile(await write('b.jsonl', text))).rejects.toThrow(pattern);
  });

  it('refuses nested values only where they are used', async () => {
    const rows = Array.from({ length: 12 }, (_, i) =>
      JSON.stringify({ x: i * 1.5, more: i === 4 ? [1] : 2, y: i + 0.5 }),
    );
    const table = await readTableFile(await write('nested.jsonl', rows.join('\n')));
    expect(() => inferSchema(table, { target: 'y' })).toThrow(
      /^nested.jsonl row 5 \(line 5\) column "more": expected a number, .* got a list; .* --drop more/,
    );
    expect(inferSchema(table, { target: 'y', drop: ['more'] }).columns.map(({ kind }) => kind)).toEqual([
      'numeric',
      'dropped',
    ]);
  });
});
