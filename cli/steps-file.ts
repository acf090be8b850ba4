import { existsSync, mkdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Mode } from '../reproduce/experiment.js';
import type { Steps } from '../reproduce/run-experiment.js';
import { RelucentError } from '../src/error.js';
import { VERSION } from '../src/version.js';
import { NewestState } from './newest-state.js';
import { readJson } from './read-json.js';
import { writeWhole } from './write-whole.js';

/** Name of the file that an interrupted experiment leaves in its folder. */
export const STEPS_FILE = 'steps.json';

/** Shortest time between two writes, in milliseconds. */
const INTERVAL_MS = 1000;

interface Run {
  readonly name: string;
  readonly mode: Mode;
}

/** Keeps the steps of an experiment in a file until it is done; a reader never sees half of one. */
export class StepsFile extends NewestState<Steps> {
  private readonly path: string;

  constructor(folder: string, run: Run) {
    const path = join(folder, STEPS_FILE);
    super((steps) => {
      mkdirSync(folder, { recursive: true });
      writeWhole(path, JSON.stringify({ format, relucent: VERSION, ...run, steps }));
    }, INTERVAL_MS);
    this.path = path;
  }

  /** Whether there is anything to go on from, of this run or of the one before. */
  override flush(): boolean {
    return super.flush() || existsSync(this.path);
  }

  remove(): void {
    this.drop();
    if (existsSync(this.path)) unlinkSync(this.path);
  }
}

const format = 'relucent-experiment-steps';

const schema = z.strictObject({
  format: z.literal(format),
  relucent: z.string(),
  name: z.string(),
  mode: z.enum(['quick', 'full']),
  steps: z.record(z.string(), z.json()),
});

/**
 * Steps of an interrupted run; none where the folder has no such file.
 * @throws RelucentError where the file is of another experiment, mode or version
 */
export async function readSteps(folder: string, run: Run, signal: AbortSignal): Promise<Steps> {
  const path = join(folder, STEPS_FILE);
  if (!existsSync(path)) return {};
  const fix = 'run without --resume';
  const kind = { noun: 'the steps of an experiment', code: 'invalid-argument', fix } as const;
  const parsed = schema.safeParse(await readJson(path, kind, signal));
  if (!parsed.success) throw invalid(path, `expected ${kind.noun}, got something else; ${fix}`);
  const { relucent, name, mode, steps } = parsed.data;
  if (name !== run.name || mode !== run.mode || relucent !== VERSION) {
    throw invalid(
      path,
      `expected steps of ${run.name}, ${run.mode}, by version ${VERSION}, got ${name}, ${mode}, ${relucent}; ${fix}, or write elsewhere`,
    );
  }
  return steps;
}

function invalid(where: string, message: string): RelucentError {
  return new RelucentError('invalid-argument', where, message);
}
