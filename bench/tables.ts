/**
 * Reading large tables: a generated one of ten columns (numbers of 2 to 17 digits, missing cells, two categories) in each
 * format, read, understood and preprocessed; each run in a process of its own.
 *
 *   npm run bench -- tables                  1 GB of CSV
 *   npm run bench -- tables --megabytes 100
 *
 * What is preprocessed: the types of all columns, and the matrix of 50 000 of the rows. Peak memory is that of the process and
 * of its database together; CPU seconds are those of the process.
 */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { applyPreprocessing } from '../src/table/apply-preprocessing.js';
import { fitPreprocessing } from '../src/table/fit-preprocessing.js';
import { readTableFile } from '../src/table/read-table.js';
import { inferSchema } from '../src/table/schema.js';
import { inChild } from './in-child.js';
import { numberOption } from './options.js';

const CHILD = '--measure-table';

const SAMPLE = 'SELECT * FROM data USING SAMPLE reservoir(100000 ROWS) REPEATABLE (1)';

/** Bytes of CSV for each row, about. */
const BYTES_PER_ROW = 88.4;

/** Rows preprocessed. */
const PREPARED = 50_000;

interface Measurement {
  readonly rows: number;
  readonly readSeconds: number;
  readonly prepareSeconds: number;
  readonly cpuSeconds: number;
  readonly peakBytes: number;
}

export async function benchTables(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { megabytes: { type: 'string', default: '1000' } },
  });
  const rows = Math.round((numberOption('megabytes', values.megabytes, { least: 1 }) * 1e6) / BYTES_PER_ROW);
  const folder = mkdtempSync(join(tmpdir(), 'relucent-bench-'));
  try {
    await generate(folder, rows);
    console.log('| file | MB | rows | read, s | preprocess, s | CPU s | peak MiB |');
    console.log('| ---- | -- | ---- | ------- | ------------- | ----- | -------- |');
    for (const [file, query] of [
      ['table.csv', undefined],
      ['quoted.csv', undefined],
      ['table.csv', SAMPLE],
      ['table.jsonl', undefined],
      ['table.parquet', undefined],
      ['table.parquet', SAMPLE],
    ] as const) {
      const path = join(folder, file);
      const run = await inChild<Measurement>(import.meta.url, [CHILD, path, ...(query ? [query] : [])]);
      const cells = [
        query ? `${file}, a sample by --query` : file,
        (statSync(path).size / 1e6).toFixed(0),
        run.rows,
        run.readSeconds.toFixed(1),
        run.prepareSeconds.toFixed(1),
        run.cpuSeconds.toFixed(1),
        (run.peakBytes / 2 ** 20).toFixed(0),
      ];
      console.log(`| ${cells.join(' | ')} |`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function generate(folder: string, rows: number): Promise<void> {
  const database = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect();
  const parquet = join(folder, 'table.parquet');
  await database.run('SELECT setseed(0.5)');
  await database.run(`COPY (SELECT round(random() * 100, 3) AS a, random() AS b, (random() * 1000)::INT AS c,
    CASE WHEN random() < 0.05 THEN NULL ELSE round(random() * 1e4, 1) END AS d,
    ['red', 'green', 'blue'][1 + (random() * 2.99)::INT % 3] AS colour,
    ['north', 'south', 'east', 'west', 'centre'][1 + (random() * 4.4)::INT] AS region,
    random() * 1e-3 AS e, (random() * 1e6)::INT AS f, round(random(), 4) AS g, round(random() * 50, 2) AS price
    FROM range(${rows})) TO '${parquet}' (FORMAT parquet)`);
  const copies = [
    ['table.csv', "FORMAT csv, HEADER, DELIMITER ','"],
    ['quoted.csv', 'FORMAT csv, HEADER, FORCE_QUOTE (colour, region)'],
    ['table.jsonl', 'FORMAT json'],
  ] as const;
  for (const [file, how] of copies) {
    await database.run(`COPY (FROM '${parquet}') TO '${join(folder, file)}' (${how})`);
  }
}

async function measure(path: string, query: string | undefined): Promise<Measurement> {
  let databasePeak = 0;
  const watch = setInterval(() => {
    databasePeak = Math.max(databasePeak, childrenPeak());
  }, 20);
  const started = performance.now();
  const table = await readTableFile(path, { query });
  const read = performance.now();
  clearInterval(watch);
  const schema = inferSchema(table, { target: 'price', task: 'regression' });
  const step = Math.max(1, Math.floor(table.rowCount / PREPARED));
  const rows = Array.from({ length: Math.floor(table.rowCount / step) }, (_, i) => i * step);
  const preprocessing = fitPreprocessing(table, schema, rows);
  const { X } = applyPreprocessing(table, preprocessing, rows);
  if (!X.every(Number.isFinite)) throw new Error('the matrix has entries that are not finite');
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  return {
    rows: table.rowCount,
    readSeconds: (read - started) / 1000,
    prepareSeconds: (performance.now() - read) / 1000,
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
    peakBytes: maxRSS * 1024 + databasePeak,
  };
}

/** Largest memory so far of the processes started by this one, in bytes. */
function childrenPeak(): number {
  try {
    const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ');
    return children.reduce((sum, pid) => {
      const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      return sum + 1024 * Number(peak ?? 0);
    }, 0);
  } catch {
    // The process has just ended.
    return 0;
  }
}

const [, , flag, path = '', query] = process.argv;
if (flag === CHILD) {
  process.send?.(await measure(path, query));
  process.disconnect();
}
