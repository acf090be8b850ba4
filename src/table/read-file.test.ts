import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inferSchema } from './schema.js';
import { MAX_FILE_BYTES, readTableFile } from './read-file.js';

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
    expect(table).toMatchObject({ name: 'a.csv', columns: ['x', 'y'], rows: [['1', 'é']] });
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

  it('refuses what is not there, folders, other formats and huge files', async () => {
    const path = join(folder, 'none.csv');
    await expect(readTableFile(path)).rejects.toMatchObject({ code: 'not-found', where: path });
    await expect(readTableFile(folder)).rejects.toThrow(/got a folder/);
    for (const name of ['a.parquet', 'a.jsonl', 'a.JSON', 'a.xlsx']) {
      const other = await write(name, 'x');
      await expect(readTableFile(other)).rejects.toMatchObject({ code: 'unsupported' });
      await expect(readTableFile(other)).rejects.toThrow(/not supported yet: export to CSV/);
    }
    await expect(readTableFile(join(folder, 'none.json'))).rejects.toMatchObject({ code: 'not-found' });
    const huge = await write('huge.csv', '');
    await truncate(huge, MAX_FILE_BYTES + 1);
    await expect(readTableFile(huge)).rejects.toThrow(/at most 256 MiB, got 257 MiB/);
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
