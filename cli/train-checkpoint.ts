import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { RelucentError } from '../src/error.js';
import { decodePlain, encodePlain, fingerprintOf } from '../src/executor/plain-data.js';
import type { TaskRecord, TaskRecords } from '../src/executor/recording-executor.js';
import { VERSION } from '../src/version.js';
import { Interrupted } from './exit.js';
import { readJson, type JsonKind } from './read-json.js';
import { writeWhole } from './write-whole.js';

/** Name of the file beside model.json while a run is under way. */
export const TRAIN_CHECKPOINT = 'checkpoint.json';

/** Shortest time between two writes, in milliseconds: what a kill costs at most, beside the work under way. */
const INTERVAL_MS = 1000;

const schema = z.strictObject({
  format: z.literal('relucent-train-checkpoint'),
  version: z.literal(1),
  fingerprint: z.string(),
  checksum: z.string(),
  records: z.array(z.tuple([z.string(), z.unknown()])),
});
const recordSchema = z.strictObject({ output: z.unknown(), news: z.array(z.unknown()) });

const KIND: JsonKind = {
  noun: 'a checkpoint of relucent train',
  code: 'invalid-argument',
  fix: 'leave --resume out to start anew',
};

/** The finished folds and fits of a training run, kept in a file of its folder until the run has ended. */
export class TrainCheckpoint implements TaskRecords {
  readonly path: string;
  private readonly folder: string;
  private readonly records = new Map<string, TaskRecord>();
  /** The same as JSON, so that each is put into text once. */
  private readonly texts = new Map<string, string>();
  private readFingerprint: string | null = null;
  private fingerprint = '';
  private written = -Infinity;
  private isPending = false;
  private timer: NodeJS.Timeout | undefined;
  private failure: RelucentError | null = null;

  constructor(folder: string) {
    this.folder = folder;
    this.path = join(folder, TRAIN_CHECKPOINT);
  }

  /**
   * Reads what an interrupted run left. Whether there was anything.
   * @throws RelucentError for a file that is no checkpoint, or was changed
   */
  async read(signal: AbortSignal): Promise<boolean> {
    let json: unknown;
    try {
      json = await readJson(this.path, KIND, signal);
    } catch (error) {
      if (error instanceof RelucentError && error.code === 'not-found') return false;
      throw error;
    }
    const parsed = schema.safeParse(json);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw refusal(
        `a checkpoint of relucent train, got ${this.path} with ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
      );
    }
    const { fingerprint, checksum, records } = parsed.data;
    const texts = records.map(([key, record]): [string, string] => [key, JSON.stringify(record)]);
    if (checksumOf(fingerprint, texts) !== checksum) {
      throw refusal(`${this.path} as it was written, got another checksum: it was edited or damaged`);
    }
    for (const [k, [key, text]] of texts.entries()) {
      this.records.set(key, this.recordOf(records[k]?.[1]));
      this.texts.set(key, text);
    }
    this.readFingerprint = fingerprint;
    return true;
  }

  /**
   * Says what the run works on: data, options and version. Before it nothing is written.
   * @throws RelucentError where what was read belongs to another run
   */
  begin(work: object): void {
    this.fingerprint = fingerprintOf([VERSION, work]);
    if (this.readFingerprint !== null && this.readFingerprint !== this.fingerprint) {
      throw refusal(
        `the checkpoint of this table, options and version, got that of another run in ${this.path}; ` +
          'repeat the options of that run',
      );
    }
  }

  get(key: string): TaskRecord | undefined {
    return this.records.get(key);
  }

  set(key: string, record: TaskRecord): void {
    if (this.failure) throw this.failure;
    this.records.set(key, record);
    this.texts.set(key, JSON.stringify(encodePlain(record)));
    this.isPending = true;
    const wait = this.written + INTERVAL_MS - performance.now();
    if (wait <= 0) this.flush();
    else this.timer ??= setTimeout(this.writeLater, wait).unref();
  }

  /** Writes what is new. Whether there is anything to go on from. @throws RelucentError where that cannot be */
  flush(): boolean {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.isPending) return this.texts.size > 0;
    const texts = [...this.texts];
    const records = texts.map(([key, text]) => `[${JSON.stringify(key)},${text}]`).join(',\n');
    const { fingerprint } = this;
    const head = JSON.stringify({
      format: 'relucent-train-checkpoint',
      version: 1,
      fingerprint,
      checksum: checksumOf(fingerprint, texts),
    });
    try {
      mkdirSync(this.folder, { recursive: true });
      writeWhole(this.path, `${head.slice(0, -1)},"records":[\n${records}\n]}\n`);
    } catch (error) {
      throw new RelucentError(
        'invalid-argument',
        '--out',
        `expected a folder that can be written to, got ${this.path}: ${(error as Error).message}; free some space or write elsewhere`,
      );
    }
    this.isPending = false;
    this.written = performance.now();
    return true;
  }

  /** Removes the file, and what kills in the middle of writing left beside it: the run has ended. */
  remove(): void {
    clearTimeout(this.timer);
    this.isPending = false;
    rmSync(this.path, { force: true });
    for (const name of readdirSync(this.folder)) {
      const pid = /^\.(?:checkpoint\.json|result\.json|model\.json|report\.\w+)\.(\d+)\.tmp$/.exec(name)?.[1];
      if (pid !== undefined && !isRunning(Number(pid))) rmSync(join(this.folder, name), { force: true });
    }
  }

  /** What a timer cannot throw is thrown with the next record. */
  private readonly writeLater = (): void => {
    try {
      this.flush();
    } catch (error) {
      this.failure = error as RelucentError;
    }
  };

  private recordOf(json: unknown): TaskRecord {
    try {
      return recordSchema.parse(decodePlain(json));
    } catch (error) {
      throw refusal(
        `a checkpoint of relucent train, got ${this.path} with a record that cannot be read: ${(error as Error).message.slice(0, 100)}`,
      );
    }
  }
}

/** Runs the work; whatever ends it, what was finished is in the file then, and Ctrl-C says so. */
export async function savingCheckpoint<Result>(
  checkpoint: TrainCheckpoint,
  signal: AbortSignal,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const isSaved = checkpoint.flush();
    if (signal.reason instanceof Interrupted) {
      signal.reason.saved = isSaved
        ? `what was finished is in ${checkpoint.path}; the same command with --resume goes on from there`
        : 'nothing was finished yet, so nothing was saved';
    }
    throw error;
  }
}

/** Whether a process of this number may still be at its file. */
function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function checksumOf(fingerprint: string, texts: readonly (readonly [string, string])[]): string {
  const hash = createHash('sha256').update(fingerprint);
  for (const [key, text] of texts) hash.update(`\n${key} ${text}`);
  return `sha256:${hash.digest('hex')}`;
}

function refusal(message: string): RelucentError {
  return new RelucentError(
    'invalid-argument',
    '--resume',
    `expected ${message}; leave --resume out to start anew`,
  );
}
