import { z } from 'zod';
import { RelucentError } from '../src/error.js';
import type { Checkpoint } from '../src/solver/checkpoint.js';
import { NewestState } from './newest-state.js';
import { readJson, type JsonKind } from './read-json.js';
import { writeWhole } from './write-whole.js';

/** Shortest time between two checkpoints, in milliseconds: what an interruption costs at most, beside one iteration. */
const INTERVAL_MS = 5000;

/** Keeps the newest checkpoint in a file; a reader never sees half of one. */
export class CheckpointFile extends NewestState<Checkpoint> {
  constructor(path: string) {
    super((checkpoint) => {
      try {
        writeWhole(path, JSON.stringify(plain(checkpoint)));
      } catch (error) {
        throw invalid('--checkpoint', `a file that can be written, got ${path}: ${(error as Error).message}`);
      }
    }, INTERVAL_MS);
  }
}

/** float64 numbers as base64, little-endian. */
const numbers = z.base64().transform((text) => {
  const bytes = Buffer.from(text, 'base64');
  return new Float64Array(Uint8Array.from(bytes.subarray(0, 8 * Math.floor(bytes.length / 8))).buffer);
});
const proximal = z.strictObject({ tau: z.number(), mu: z.number(), center: numbers, dual: numbers });
const group = z.strictObject({ id: z.int().min(0), center: numbers });
const schema = z.strictObject({
  relucentCheckpoint: z.literal(1),
  iteration: z.int().min(1),
  seconds: z.number().min(0),
  inner: z.strictObject({
    sigma: z.number().positive(),
    newtonSteps: z.int().min(0),
    term: z.strictObject({ start: numbers, proximal: proximal.nullable() }),
    groups: z.array(group),
  }),
  best: z.strictObject({ objective: z.number(), coefficients: z.array(group) }),
  dual: numbers,
});

const KIND: JsonKind = {
  noun: 'a checkpoint file',
  code: 'invalid-argument',
  fix: 'name a file that --checkpoint wrote',
};

/** Reads what {@link CheckpointFile} wrote. @throws RelucentError naming the file and what is wrong with it */
export async function readCheckpoint(path: string, signal: AbortSignal): Promise<Checkpoint> {
  const parsed = schema.safeParse(await readJson(path, KIND, signal));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw invalid(
      '--resume',
      `a checkpoint of relucent solve, got ${path} with ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
    );
  }
  const { best, iteration, seconds, inner, dual } = parsed.data;
  const coefficients = new Map(best.coefficients.map(({ id, center }) => [id, center]));
  return {
    iteration,
    seconds,
    inner,
    best: { objective: best.objective, coefficients },
    dual,
    patterns: null,
  };
}

function plain({ iteration, seconds, inner, best, dual }: Checkpoint): z.input<typeof schema> {
  const { proximal: terms, start } = inner.term;
  return {
    relucentCheckpoint: 1,
    iteration,
    seconds,
    inner: {
      sigma: inner.sigma,
      newtonSteps: inner.newtonSteps,
      term: {
        start: base64(start),
        proximal: terms && { ...terms, center: base64(terms.center), dual: base64(terms.dual) },
      },
      groups: inner.groups.map(({ id, center }) => ({ id, center: base64(center) })),
    },
    best: {
      objective: best.objective,
      coefficients: [...best.coefficients].map(([id, z]) => ({ id, center: base64(z) })),
    },
    dual: base64(dual),
  };
}

function base64(values: Float64Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
}

function invalid(where: string, message: string): RelucentError {
  return new RelucentError('invalid-argument', where, `expected ${message}; check the path`);
}
