import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { OutputCertificate } from '../estimator/output.js';
import type { PathPartInput, PathValue, StoredPoint } from './path-part.js';
import type { PreparedTable } from './prepare-table.js';

/** The path of one output on all training rows: its values from the largest β on. */
export interface OutputPath {
  readonly label: string;
  readonly values: readonly {
    readonly certificate: OutputCertificate;
    readonly point: StoredPoint;
  }[];
}

/** The path of one output without one fold, scored on the fold. */
export interface FoldPath {
  readonly output: number;
  readonly fold: number;
  readonly losses: readonly number[];
  readonly relativeGaps: readonly number[];
  /** The last two points; one or none at the start. */
  readonly ends: readonly StoredPoint[];
}

/** What a path has found so far: all that it takes to go on to the same bits, as plain data. */
export interface PathState {
  /** Checksum of rows, targets and options: a state goes with the table it was made from. */
  readonly fingerprint: string;
  readonly outputs: readonly OutputPath[];
  readonly folds: readonly FoldPath[];
}

/** Nothing found yet. @param folds number of folds, 0 without cross-validation */
export function emptyState(fingerprint: string, labels: readonly string[], folds: number): PathState {
  return {
    fingerprint,
    outputs: labels.map((label) => ({ label, values: [] })),
    folds: labels.flatMap((_, output) =>
      Array.from({ length: folds }, (__, fold) => ({
        output,
        fold,
        losses: [],
        relativeGaps: [],
        ends: [],
      })),
    ),
  };
}

/** The state with one more value. @param part number of an output, or of a fold after all the outputs */
export function withValue(state: PathState, part: number, value: PathValue): PathState {
  const { certificate, point, loss } = value;
  const { outputs, folds } = state;
  if (part < outputs.length) {
    const more = (path: OutputPath): OutputPath => ({
      ...path,
      values: [...path.values, { certificate, point }],
    });
    return { ...state, outputs: outputs.map((path, k) => (k === part ? more(path) : path)) };
  }
  const more = (path: FoldPath): FoldPath => ({
    ...path,
    losses: [...path.losses, loss ?? NaN],
    relativeGaps: [...path.relativeGaps, certificate.relativeGap],
    ends: [...path.ends.slice(-1), point],
  });
  return { ...state, folds: folds.map((path, k) => (k === part - outputs.length ? more(path) : path)) };
}

/** Where each part goes on: outputs first, then folds. */
export function partEnds({ outputs, folds }: PathState): readonly PathPartInput['after'][] {
  return [
    ...outputs.map(({ values }) =>
      endOf(
        values.length,
        values.slice(-2).map(({ point }) => point),
      ),
    ),
    ...folds.map(({ losses, ends }) => endOf(losses.length, ends)),
  ];
}

function endOf(done: number, ends: readonly StoredPoint[]): PathPartInput['after'] {
  const last = ends.at(-1);
  return last === undefined ? null : { done, last, earlier: ends.length > 1 ? (ends[0] ?? null) : null };
}

/** Values solved so far, over outputs and folds. */
export function valuesDone({ outputs, folds }: PathState): number {
  return (
    outputs.reduce((sum, { values }) => sum + values.length, 0) +
    folds.reduce((sum, { losses }) => sum + losses.length, 0)
  );
}

/** Checksum of everything that the values of a path depend on. */
export function fingerprintOf(prepared: PreparedTable, options: object): string {
  const hash = sha256.create();
  hash.update(utf8ToBytes(JSON.stringify({ options, labels: prepared.outputs.map(({ label }) => label) })));
  const arrays = [
    prepared.train.rows.X,
    ...prepared.outputs.map(({ y }) => y),
    prepared.test?.rows.X ?? new Float64Array(0),
  ];
  for (const { buffer, byteOffset, byteLength } of arrays) {
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return `sha256:${bytesToHex(hash.digest())}`;
}
