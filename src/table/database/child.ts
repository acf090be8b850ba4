/**
 * The process of the embedded database. It is one of its own because the database is native code: a file that makes it
 * crash must not take the caller along. One request, one sequence of answers.
 */
import type * as DuckDB from '@duckdb/node-api';
import type { DuckDBConnection, DuckDBResult } from '@duckdb/node-api';
import type { DatabaseAnswer, DatabaseCells, DatabaseRequest } from './messages.js';
import { pathsToRead, readerOf, sqlList } from './view-of-files.js';

/** Rows in one message. */
const BATCH = 2 ** 15;

// The caller ends this process when it has the last answer; without a caller there is nothing left to do.
process.on('disconnect', () => process.exit());
process.once('message', (request) => {
  answerAll(request as DatabaseRequest).catch((error: unknown) => fail('source', error));
});

async function answerAll(request: DatabaseRequest): Promise<void> {
  let api: typeof DuckDB;
  try {
    api = await import('@duckdb/node-api');
  } catch (error) {
    await fail('package', error);
    return;
  }
  const instance = await api.DuckDBInstance.create(':memory:', {
    // One thread: the same rows in the same order, and the same bits of every sum.
    threads: '1',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    temp_directory: '',
    ...(request.kind === 'select' ? { memory_limit: `${Math.floor(request.memory / 2 ** 20)}MiB` } : {}),
  });
  const connection = await instance.connect();
  if (request.kind === 'files') {
    await listFiles(connection, request.pattern);
    return;
  }
  const { source, query } = request;
  try {
    await connection.run(`SET allowed_paths = ${sqlList([...source.files, ...pathsToRead(source)])}`);
    await connection.run('SET enable_external_access = false');
    await connection.run('SET lock_configuration = true');
    await connection.run(`CREATE VIEW data AS SELECT * FROM ${readerOf(source)}`);
  } catch (error) {
    await fail('source', error);
    return;
  }
  try {
    await sendRows(await (query === null ? wholeView(connection) : select(connection, query, api)), api);
  } catch (error) {
    await fail(query === null ? 'source' : 'query', error);
  }
}

/** Rows to send, and how many there must be. */
interface Selected {
  readonly names: readonly string[];
  readonly rows: DuckDBResult;
  readonly count: bigint;
}

/** All rows of the view, as they are read. A failure on the way ends such a stream without a word: hence the count. */
async function wholeView(connection: DuckDBConnection): Promise<Selected> {
  const counted = await connection.runAndReadAll('SELECT count(*) FROM data');
  const rows = await connection.stream('FROM data');
  return { names: rows.columnNames(), rows, count: BigInt(String(counted.getRows()[0]?.[0])) };
}

async function listFiles(connection: DuckDBConnection, pattern: string): Promise<void> {
  try {
    const found = await connection.runAndReadAll('SELECT file FROM glob($1) ORDER BY file', [pattern]);
    await answer({ kind: 'files', files: found.getRows().map(([file]) => String(file)) });
  } catch (error) {
    await fail('source', error);
  }
}

/** Runs one statement that only reads, to its end: so its failure is told, and its rows are within the limit of memory. */
async function select(
  connection: DuckDBConnection,
  query: string,
  { StatementType }: typeof DuckDB,
): Promise<Selected> {
  const statements = await connection.extractStatements(query);
  if (statements.count !== 1) throw new Error(`expected one SELECT, got ${statements.count} statements`);
  const statement = await statements.prepare(0);
  // `CREATE … AS` would take more than this.
  if (statement.statementType !== StatementType.SELECT)
    throw new Error('expected a SELECT, got another statement');
  if (statement.parameterCount > 0) throw new Error('expected a query without parameters, got some');
  const names = Array.from({ length: statement.columnCount }, (_, k) => statement.columnName(k));
  await connection.run(`CREATE TEMP TABLE selected AS ${query}`);
  const counted = await connection.runAndReadAll('SELECT count(*) FROM selected');
  return {
    names,
    rows: await connection.stream('FROM selected'),
    count: BigInt(String(counted.getRows()[0]?.[0])),
  };
}

async function sendRows({ names, rows, count: expected }: Selected, api: typeof DuckDB): Promise<void> {
  const { cellsOf, refusalOf } = await import('./cells-of-vector.js');
  const types = rows.columnTypes();
  let sent = 0n;
  await answer({
    kind: 'columns',
    columns: names.map((name, k) => ({ name, refused: refusalOf(types[k] ?? api.ANY) })),
  });
  let parts: DatabaseCells[][] = types.map(() => []);
  let count = 0;
  const flush = async (): Promise<void> => {
    if (count > 0) await answer({ kind: 'rows', count, cells: parts.map(joined) });
    parts = types.map(() => []);
    count = 0;
  };
  for (;;) {
    const chunk = await rows.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    const { rowCount } = chunk;
    types.forEach((type, k) => {
      const vector = chunk.getColumnVector(k);
      parts[k]?.push(cellsOf(type, rowCount, (row) => vector.getItem(row)));
    });
    count += rowCount;
    sent += BigInt(rowCount);
    if (count >= BATCH) await flush();
  }
  await flush();
  if (sent !== expected) throw new Error(`only ${sent} of ${expected} rows can be read`);
  await answer({ kind: 'end' });
}

/** Cells one after the other; numbers stay numbers where all parts are. */
function joined(parts: readonly DatabaseCells[]): DatabaseCells {
  if (parts.some((part) => part === null)) return null;
  if (parts.some((part) => !(part instanceof Float64Array))) {
    return parts.flatMap((part) => Array.from<string | number | null>(part ?? []));
  }
  const numbers = parts.filter((part) => part instanceof Float64Array);
  const all = new Float64Array(numbers.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of numbers) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function fail(part: 'package' | 'source' | 'query', error: unknown): Promise<void> {
  return answer({ kind: 'failed', part, text: error instanceof Error ? error.message : String(error) });
}

/** Resolves once the message is handed over, so that no more than one batch waits. */
function answer(message: DatabaseAnswer): Promise<void> {
  return new Promise((done, failed) => {
    process.send?.(message, undefined, undefined, (error: Error | null) => {
      if (error === null) done();
      else failed(error);
    });
  });
}
