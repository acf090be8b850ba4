/** Every format of a table through train, predict and certify. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectOneLine, filesIn, relucent, scratch } from './run-cli.js';

let cwd = '';
const query = 'SELECT a, b, upper(kind) AS kind, y FROM data WHERE y IS NOT NULL ORDER BY n';

beforeAll(async () => {
  cwd = scratch();
  const database = await (await DuckDBInstance.create(':memory:')).connect();
  await database.run(`CREATE TABLE t AS SELECT range AS n, sin(range * 1.7) AS a, (range * 7) % 11 AS b,
    ['red', 'green'][1 + range % 2] AS kind, abs(sin(range * 1.7)) + range % 2 AS y,
    DATE '2024-01-01' + range::INT AS day FROM range(60)`);
  await database.run('INSERT INTO t VALUES (60, 0, 0, NULL, NULL, NULL)');
  for (const [file, how] of [
    ['t.parquet', 'FORMAT parquet'],
    ['t.jsonl', 'FORMAT json'],
    ['t.csv', 'FORMAT csv, HEADER'],
    ['t.tsv', "FORMAT csv, HEADER, DELIMITER '\t'"],
  ]) {
    await database.run(`COPY t TO '${join(cwd, file ?? '')}' (${how ?? ''})`);
  }
});

const training = ['--target', 'y', '--sample', '20', '--beta-ratio', '0.02', '--quiet'];
const networkOf = (folder: string): unknown => {
  const model = JSON.parse(readFileSync(join(cwd, folder, 'model.json'), 'utf8')) as Record<string, unknown>;
  return (model['outputs'] as readonly { readonly network: unknown }[])[0]?.network;
};

describe('one table in four formats', () => {
  it('trains the same network by a query, and predicts the same numbers', async () => {
    const predictions: string[] = [];
    for (const format of ['parquet', 'jsonl', 'csv', 'tsv']) {
      const file = `t.${format}`;
      const run = await relucent(['train', file, ...training, '--query', query, '--out', format], { cwd });
      expect(run.stderr).toBe('');
      expect(run.code).toBe(0);
      expect(run.stdout).toMatch(new RegExp(`t\\.${format} \\(query\\)`));
      expect(networkOf(format)).toEqual(networkOf('parquet'));
      const predicted = await relucent(['predict', `${format}/model.json`, file, '--query', query], { cwd });
      expect(predicted.stderr).toMatch(/score on 60 of 60 rows .* R² 0\.9/);
      predictions.push(predicted.stdout);
    }
    expect(new Set(predictions).size).toBe(1);
  });

  it('trains on a pattern, and writes to a folder called after the folder of the files', async () => {
    const folder = scratch();
    const run = await relucent(['train', join(cwd, 't.parqu?t'), ...training, '--query', query], {
      cwd: folder,
    });
    expect(run.stderr).toBe('');
    expect(filesIn(folder).some((name) => /^case-.*-relucent\/model.json$/.test(name))).toBe(true);
  });

  it('refuses dates with a hint, and certifies what a query selects', async () => {
    const dates = await relucent(['train', 't.parquet', ...training, '--query', 'FROM data WHERE y > 0'], {
      cwd,
    });
    expect(expectOneLine(dates)).toMatch(
      /column "day": expected numbers or categories, got dates .*--drop day/,
    );
    const args = [
      'certify',
      'parquet/model.json',
      't.jsonl',
      '--query',
      query,
      '--patterns',
      'adaptive',
      '--json',
    ];
    const { stdout } = await relucent([...args, '--time-limit', '5'], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({ rows: 60, target: 'y' });
  });

  it('says in one line what is wrong with a query', async () => {
    const run = await relucent(['train', 't.csv', ...training, '--query', 'SELECT z FROM data'], { cwd });
    expect(expectOneLine(run)).toMatch(
      /^relucent: --query on t.csv: expected one SELECT .* "z" not found|'z' not found/,
    );
  });
});
