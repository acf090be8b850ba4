import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readIdx, type IdxArray } from '../reproduce/data/idx.js';
import { syntheticImages } from './synthetic-images.js';

/** Images as rows: n×d, pixels over 256, which is exact in single precision. */
export interface LabelledImages {
  readonly X: Float32Array;
  readonly n: number;
  readonly d: number;
  /** Class of each row, from 0. */
  readonly labels: Float64Array;
}

export interface ImageSets {
  readonly train: LabelledImages;
  /** Null where the folder has none. */
  readonly test: LabelledImages | null;
}

/** Numbers of made-up images. */
const TRAIN = 60_000;
const TEST = 10_000;

/**
 * The first `rows` training images, and all test images, of a folder in MNIST's format: `train*-images-idx3-ubyte.gz`,
 * `t10k*-images-idx3-ubyte.gz` and the labels beside them. Without a folder, made-up ones of the same shape.
 *
 * @throws Error that names the folder, file or number of rows where something is missing or does not fit.
 */
export function readImages(folder: string | undefined, rows: number): ImageSets {
  if (folder === undefined) {
    const count = within(rows, TRAIN, 'made-up images');
    return { train: made(count, 0), test: made(TEST, 1) };
  }
  const train = filesOf(folder, /^train.*-images-idx3-ubyte\.gz$/);
  const test = filesOf(folder, /^t10k.*-images-idx3-ubyte\.gz$/);
  if (!train)
    throw new Error(`--data ${folder}: expected a file train*-images-idx3-ubyte.gz there, found none`);
  return { train: labelled(train, rows), test: test === null ? null : labelled(test, Infinity) };
}

function made(count: number, seed: number): LabelledImages {
  const { images, labels } = syntheticImages(count, seed);
  return asRows(images, labels, count);
}

function filesOf(folder: string, images: RegExp): string | null {
  const name = readdirSync(folder).find((file) => images.test(file));
  return name === undefined ? null : join(folder, name);
}

function labelled(path: string, rows: number): LabelledImages {
  const labelsPath = path.replace('-images-idx3-', '-labels-idx1-');
  const images = readIdx(readFileSync(path), path);
  const labels = readIdx(readFileSync(labelsPath), labelsPath);
  const [n = 0] = images.sizes;
  if (images.sizes.length !== 3 || labels.sizes.length !== 1 || labels.sizes[0] !== n) {
    throw new Error(
      `${path}: expected images n×h×w and n labels, got ${images.sizes.join('×')} and ${labels.sizes.join('×')}`,
    );
  }
  return asRows(images, labels, rows === Infinity ? n : within(rows, n, path));
}

function within(rows: number, n: number, where: string): number {
  if (Number.isInteger(rows) && rows >= 1 && rows <= n) return rows;
  throw new Error(`--rows: expected a whole number from 1 to ${n} (${where}), got ${rows}`);
}

function asRows(images: IdxArray, labels: IdxArray, n: number): LabelledImages {
  const d = images.sizes.slice(1).reduce((product, size) => product * size, 1);
  // Float32Array.from() with a function takes ten times as long, and three times the memory on the way.
  const X = new Float32Array(n * d);
  for (let at = 0; at < X.length; at++) X[at] = (images.values[at] ?? NaN) / 256;
  return {
    X,
    n,
    d,
    labels: Float64Array.from(labels.values.subarray(0, n)),
  };
}
