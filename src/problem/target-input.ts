import { RelucentError, quoteValue } from '../error.js';
import type { LossName } from '../loss/index.js';
import { readVector } from './matrix-input.js';

/** A target as the losses read it. */
export interface Target {
  /** Numbers; or ±1; or, for the softmax loss, the index 0 … K − 1 of the class. Length n. */
  readonly y: Float64Array;
  /** Labels of the classes, ascending: those that stand for −1 and +1, or for 0 … K − 1; null for numbers. */
  readonly classes: readonly string[] | null;
}

/** What a loss takes for y: a number per row, one of two classes, or one of any number of classes. */
const targetKinds: Record<LossName, 'numbers' | 'two classes' | 'classes'> = {
  squared: 'numbers',
  huber: 'numbers',
  absolute: 'numbers',
  logistic: 'two classes',
  'squared-hinge': 'two classes',
  softmax: 'classes',
};

/**
 * Reads y of length n. Classes are distinct numbers or strings, sorted (numbers by value, strings by code unit). Of two
 * classes for a loss of margins the first becomes −1, the other +1; for the softmax loss a class becomes its index.
 * @throws RelucentError `invalid-problem` for a wrong length or value, strings with a loss of numbers, or a number of
 * classes that the loss does not take.
 */
export function readTarget(input: unknown, n: number, loss: LossName): Target {
  const kind = targetKinds[loss];
  const isText = Array.isArray(input) && typeof input[0] === 'string';
  if (kind === 'numbers') {
    if (isText) {
      throw invalid(
        'y[0]',
        `expected a number, got ${quoteValue((input as unknown[])[0])}; for class labels use "loss": "logistic" (two classes) or "softmax"`,
      );
    }
    return { y: readVector(input, n, 'y'), classes: null };
  }
  const { indices, classes } = isText ? readLabels(input as unknown[], n) : readNumbers(input, n);
  if (classes.length < 2) {
    throw invalid(
      'y',
      `expected ${kind === 'classes' ? 'at least two classes' : 'two classes'}, got only ${quoteValue(isText ? classes[0] : Number(classes[0]))}; there is nothing to tell apart`,
    );
  }
  if (kind === 'classes') return { y: indices, classes };
  if (classes.length > 2) {
    throw invalid(
      'y',
      `expected two classes for the ${loss} loss, got ${classes.length} different values; use "loss": "softmax", or train one class against the rest, as RelucentClassifier does`,
    );
  }
  return { y: indices.map((index) => 2 * index - 1), classes };
}

/** Index of each row's class, and the distinct classes. */
interface Classes {
  readonly indices: Float64Array;
  readonly classes: readonly string[];
}

function readNumbers(input: unknown, n: number): Classes {
  const numbers = readVector(input, n, 'y');
  return indexed(
    Array.from(numbers),
    [...new Set(numbers)].sort((a, b) => a - b),
  );
}

function readLabels(labels: readonly unknown[], n: number): Classes {
  if (labels.length !== n) throw invalid('y', `expected ${n} labels, one per row of X, got ${labels.length}`);
  Array.from(labels).forEach((label, i) => {
    if (typeof label !== 'string')
      throw invalid(`y[${i}]`, `expected a string like y[0], got ${quoteValue(label)}`);
  });
  const strings = labels as readonly string[];
  return indexed(strings, [...new Set(strings)].sort());
}

function indexed<T>(values: readonly T[], sorted: readonly T[]): Classes {
  const indexOf = new Map(sorted.map((value, index) => [value, index]));
  return {
    indices: Float64Array.from(values, (value) => indexOf.get(value) ?? 0),
    classes: sorted.map(String),
  };
}

function invalid(where: string, message: string): RelucentError {
  return new RelucentError('invalid-problem', where, message);
}
