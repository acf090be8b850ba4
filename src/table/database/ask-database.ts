import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { RelucentError } from '../../error.js';
import type { DatabaseAnswer, DatabaseRequest } from './messages.js';

export interface AskOptions {
  /** Name of the file or pattern in messages. */
  readonly name: string;
  /** Takes each answer but a failure; what it throws ends the request. */
  readonly onAnswer: (answer: DatabaseAnswer) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks the database, in a process of its own; resolves when all answers are in. Node only.
 *
 * @throws RelucentError 'unsupported' where the database is not installed, 'invalid-argument' for a query it refuses,
 *   'invalid-table' for files it refuses or cannot bear
 */
export function askDatabase(request: DatabaseRequest, { name, onAnswer, signal }: AskOptions): Promise<void> {
  return new Promise((done, failed) => {
    signal?.throwIfAborted();
    const child = fork(childPath(), {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: [],
    });
    let isOver = false;
    const end = (error?: Error): void => {
      if (isOver) return;
      isOver = true;
      signal?.removeEventListener('abort', abort);
      child.kill('SIGKILL');
      if (error === undefined) done();
      else failed(error);
    };
    const abort = (): void => {
      end(reasonOf(signal?.reason));
    };
    signal?.addEventListener('abort', abort);
    child.on('error', end);
    child.on('exit', (code, stopped) => {
      end(crash(name, request, stopped ?? `exit code ${code ?? 0}`));
    });
    child.on('message', (message) => {
      if (isOver) return;
      const answer = message as DatabaseAnswer;
      try {
        if (answer.kind === 'failed') throw failure(name, answer);
        onAnswer(answer);
      } catch (error) {
        end(reasonOf(error));
        return;
      }
      if (answer.kind === 'end' || answer.kind === 'files') end();
    });
    child.send(request);
  });
}

function reasonOf(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('aborted', { cause: reason });
}

/** Where the sources are run as they are, as tests do, that is the one of the build. */
function childPath(): string {
  const isSource = import.meta.url.endsWith('.ts');
  return fileURLToPath(
    new URL(isSource ? '../../../dist/src/table/database/child.js' : './child.js', import.meta.url),
  );
}

function failure(
  name: string,
  { part, text }: Extract<DatabaseAnswer, { readonly kind: 'failed' }>,
): RelucentError {
  switch (part) {
    case 'package':
      return new RelucentError(
        'unsupported',
        name,
        'expected the package @duckdb/node-api, which reads Parquet and queries, got none; ' +
          'run npm install @duckdb/node-api or export to CSV',
      );
    case 'source':
      return new RelucentError(
        'invalid-table',
        name,
        `expected a table that can be read, got "${oneLine(text)}"; export the data again`,
      );
    case 'query':
      return new RelucentError(
        'invalid-argument',
        `--query on ${name.replace(/ \(query\)$/, '')}`,
        `expected one SELECT from the table data, got "${oneLine(text)}"; correct the query or the file`,
      );
    default:
      return part satisfies never;
  }
}

/** The beginning of a message of the database, which may be a page long with the query in it. */
function oneLine(text: string): string {
  const line = text
    .split('\n')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .slice(0, 3)
    .join(' ')
    .replace(/[\p{Cc}"]/gu, "'");
  return line.length <= 240 ? line : `${line.slice(0, 239)}…`;
}

function crash(name: string, request: DatabaseRequest, how: string): RelucentError {
  const fix =
    request.kind === 'select' && request.source.format === 'parquet'
      ? 'the file is damaged: write it again'
      : 'the data is damaged or nested too deeply, or there is not enough memory';
  return new RelucentError(
    'invalid-table',
    name,
    `expected a table that the database can read, got a crash of the database (${how}); ${fix}`,
  );
}
