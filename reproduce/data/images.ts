import { RelucentError } from '../../src/error.js';
import type { LabelledRows } from '../classification/labelled-rows.js';
import type { Lab } from '../experiment.js';
import { gunzipped, readIdx } from './idx.js';

/** Training and test images, pixels in 0 … 1, a row each. */
export interface ImageSet {
  readonly train: LabelledRows;
  readonly test: LabelledRows;
  /** The files they are from. */
  readonly files: string;
}

/** How much of a set is read: its first rows, pixels averaged over squares of side `pool`. */
export interface ImageLimits {
  readonly train: number;
  readonly test: number;
  readonly pool: number;
}

const CLASSES = 10;

/** Pictures as bytes: every picture plane after plane, every plane row by row. */
interface Pictures {
  readonly count: number;
  readonly planes: number;
  readonly side: number;
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
}

/** Names in the order in which they are looked for: complete sets first, what comes with relucent last. */
const fashionNames = [
  ['train', 't10k'],
  ['train10k', 't10k'],
  ['train1k', 't1k'],
] as const;

const cifarNames = [
  ['cifar-10-batches-bin/data_batch_1.bin', 'cifar-10-batches-bin/test_batch.bin'],
  ['cifar-10/data_batch_1.bin', 'cifar-10/test_batch.bin'],
  ['cifar-10/train_4000.bin.gz', 'cifar-10/test_1000.bin.gz'],
] as const;

/** Fashion-MNIST: from the folder of --data where it has `fashion-mnist/`, else the first 1000 images of each part. */
export async function fashionMnist(lab: Lab, limits: ImageLimits): Promise<ImageSet> {
  for (const [train, test] of fashionNames) {
    const training = await idxPictures(lab, `fashion-mnist/${train}`);
    const tested = await idxPictures(lab, `fashion-mnist/${test}`);
    if (training === null || tested === null) continue;
    return setOf(training, tested, limits, `fashion-mnist/${train}-…, ${test}-…`);
  }
  throw new RelucentError(
    'not-found',
    'fashion-mnist',
    'expected train1k-images-idx3-ubyte.gz and its companions in data/fashion-mnist, got none; install relucent again',
  );
}

/** CIFAR-10 in its binary format, from the folder of --data alone: it states no licence. Null where it is not there. */
export async function cifar10(lab: Lab, limits: ImageLimits): Promise<ImageSet | null> {
  for (const [train, test] of cifarNames) {
    const training = await lab.dataBytes(train);
    const tested = await lab.dataBytes(test);
    if (training === null || tested === null) continue;
    return setOf(cifarPictures(training, train), cifarPictures(tested, test), limits, `${train}, ${test}`);
  }
  return null;
}

async function idxPictures(lab: Lab, stem: string): Promise<Pictures | null> {
  const [imagesPath, labelsPath] = [`${stem}-images-idx3-ubyte.gz`, `${stem}-labels-idx1-ubyte.gz`];
  const imagesFile = await lab.dataBytes(imagesPath);
  const labelsFile = await lab.dataBytes(labelsPath);
  if (imagesFile === null || labelsFile === null) return null;
  const images = readIdx(imagesFile, imagesPath);
  const labels = readIdx(labelsFile, labelsPath);
  const [count = 0, side = 0, width] = images.sizes;
  if (images.sizes.length !== 3 || side !== width || labels.sizes.length !== 1 || labels.sizes[0] !== count) {
    const sizes = `${images.sizes.join('×')} and ${labels.sizes.join('×')}`;
    throw invalid(imagesPath, `expected n square images and n labels, got ${sizes}; take both from one set`);
  }
  return { count, planes: 1, side, pixels: images.values, labels: labels.values };
}

const CIFAR_SIDE = 32;
const CIFAR_PLANES = 3;

/** Records of one byte for the class and 3072 for the picture; gzip-compressed or not. */
export function cifarPictures(file: Uint8Array, path: string): Pictures {
  const bytes = file[0] === 0x1f && file[1] === 0x8b ? gunzipped(file, path) : file;
  const size = CIFAR_PLANES * CIFAR_SIDE * CIFAR_SIDE;
  const count = bytes.length / (size + 1);
  if (!Number.isInteger(count) || count === 0) {
    throw invalid(
      path,
      `expected records of ${size + 1} bytes, got ${bytes.length} bytes; take the binary version of CIFAR-10`,
    );
  }
  const pixels = new Uint8Array(count * size);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const at = i * (size + 1);
    labels[i] = bytes[at] ?? 0;
    pixels.set(bytes.subarray(at + 1, at + 1 + size), i * size);
  }
  return { count, planes: CIFAR_PLANES, side: CIFAR_SIDE, pixels, labels };
}

function setOf(train: Pictures, test: Pictures, limits: ImageLimits, files: string): ImageSet {
  return {
    train: labelledRows(train, limits.train, limits.pool, files),
    test: labelledRows(test, limits.test, limits.pool, files),
    files,
  };
}

/** The first pictures as rows; of each plane the means of pool×pool pixels, in 0 … 1. */
function labelledRows(
  { count, planes, side, pixels, labels }: Pictures,
  limit: number,
  pool: number,
  files: string,
): LabelledRows {
  const n = Math.min(count, limit);
  const small = Math.floor(side / pool);
  const d = planes * small * small;
  const X = new Float64Array(n * d);
  for (let plane = 0; plane < n * planes; plane++) {
    for (let cell = 0; cell < small * small; cell++) {
      const [top, left] = [Math.floor(cell / small) * pool, (cell % small) * pool];
      let sum = 0;
      for (let r = 0; r < pool; r++) {
        for (let c = 0; c < pool; c++) sum += pixels[(plane * side + top + r) * side + left + c] ?? NaN;
      }
      X[plane * small * small + cell] = sum / (255 * pool * pool);
    }
  }
  const classes = Int32Array.from(labels.subarray(0, n));
  const wrong = classes.find((label) => label >= CLASSES);
  if (wrong !== undefined) throw invalid(files, `expected classes from 0 to 9, got ${wrong}`);
  return { rows: { X, n, d }, labels: classes, classes: CLASSES };
}

function invalid(path: string, message: string): RelucentError {
  return new RelucentError('invalid-argument', path, message);
}
