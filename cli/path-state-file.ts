import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { RelucentError } from '../src/error.js';
import type { StoredPoint } from '../src/training/path-part.js';
import type { PathState } from '../src/training/path-state.js';
import { NewestState } from './newest-state.js';
import { readJson } from './read-json.js';
import { writeWhole } from './write-whole.js';

/** Shortest time between two writes, in milliseconds: what a kill costs at most, beside the value under way. */
const INTERVAL_MS = 1000;

/** Name of the file beside path.json. */
export const PATH_STATE = 'path-state.json';

/** Keeps the newest state of a path in a file; a reader never sees half of one. */
export class PathStateFile extends NewestState<PathState> {
  constructor(folder: string) {
    super((state) => {
      const path = join(folder, PATH_STATE);
      try {
        mkdirSync(folder, { recursive: true });
        writeWhole(path, JSON.stringify(plain(state)));
      } catch (error) {
        throw invalid('--out', `a folder that can be written to, got ${path}: ${(error as Error).message}`);
      }
    }, INTERVAL_MS);
  }
}

/** float64 numbers as base64, little-endian: the same bits again, −0 and all. */
const numbers = z.base64().transform((text) => {
  const bytes = Buffer.from(text, 'base64');
  return new Float64Array(Uint8Array.from(bytes.subarray(0, 8 * Math.floor(bytes.length / 8))).buffer);
});
/** JSON has no number that is not finite. */
const number = z
  .number()
  .nullable()
  .transform((value) => value ?? NaN);
const pointSchema = z.strictObject({
  beta: z.number(),
  coefficients: z.array(z.strictObject({ group: z.int().min(0), z: numbers })),
  dual: numbers,
  sigma: z.number().positive().nullable(),
});
const certificateSchema = z.strictObject({
  scope: z.enum(['given-arrangements', 'all-arrangements']),
  objective: z.number(),
  dualBound: z.number(),
  gap: z.number(),
  relativeGap: z.number(),
  tolerance: z.number(),
  status: z.enum(['optimal', 'iteration-limit', 'time-limit']),
  networkObjective: z.number(),
  beta: z.number(),
  betaMax: z.number(),
  patternsPriced: z.number(),
  patternsTotal: z.number(),
  groups: z.number(),
  activeGroups: z.number(),
  iterations: z.number(),
  seconds: z.number(),
});
const schema = z.strictObject({
  format: z.literal('relucent-path-state'),
  version: z.literal(1),
  fingerprint: z.string(),
  outputs: z.array(
    z.strictObject({
      label: z.string(),
      values: z.array(z.strictObject({ certificate: certificateSchema, point: pointSchema })),
    }),
  ),
  folds: z.array(
    z.strictObject({
      output: z.int().min(0),
      fold: z.int().min(0),
      losses: z.array(number),
      relativeGaps: z.array(number),
      ends: z.array(pointSchema).max(2),
    }),
  ),
});

/** Reads what {@link PathStateFile} wrote. @throws RelucentError naming the file and what is wrong with it */
export async function readPathState(folder: string, signal: AbortSignal): Promise<PathState> {
  const path = join(folder, PATH_STATE);
  const json = await readJson(
    path,
    {
      noun: 'the state of a path',
      code: 'invalid-argument',
      fix: 'leave --resume out to start anew',
    },
    signal,
  );
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw invalid(
      '--resume',
      `the state of relucent path, got ${path} with ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
    );
  }
  const { fingerprint, outputs, folds } = parsed.data;
  return { fingerprint, outputs, folds };
}

function plain({ fingerprint, outputs, folds }: PathState): z.input<typeof schema> {
  return {
    format: 'relucent-path-state',
    version: 1,
    fingerprint,
    outputs: outputs.map(({ label, values }) => ({
      label,
      values: values.map(({ certificate, point }) => ({ certificate, point: plainPoint(point) })),
    })),
    folds: folds.map(({ output, fold, losses, relativeGaps, ends }) => ({
      output,
      fold,
      losses: [...losses],
      relativeGaps: [...relativeGaps],
      ends: ends.map(plainPoint),
    })),
  };
}

function plainPoint({ beta, coefficients, dual, sigma }: StoredPoint): z.input<typeof pointSchema> {
  return {
    beta,
    coefficients: coefficients.map(({ group, z: vector }) => ({ group, z: base64(vector) })),
    dual: base64(dual),
    sigma,
  };
}

function base64({ buffer, byteOffset, byteLength }: Float64Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}

function invalid(where: string, message: string): RelucentError {
  return new RelucentError(
    'invalid-argument',
    where,
    `expected ${message}; leave --resume out to start anew`,
  );
}
