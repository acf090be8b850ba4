import { RelucentError, quoteValue } from '../error.js';
import type { LossName } from '../loss/index.js';
import { readVector } from './matrix-input.js';

/** A target as the losses read it: numbers for squared, ±1 for logistic with the two labels that stand for −1 and +1. */
export interface Target {
  readonly y: Float64Array;
  readonly classes: readonly [string, string] | null;
}

/**
 * Reads y of length n. For the logistic loss y holds two distinct values, numbers or strings: the smaller one (numbers
 * by value, strings by code unit) becomes −1, the other +1.
 * @throws RelucentError `invalid-problem` for a wrong length or value, strings with the squared loss, or a number of
 * classes other than two.
 */
export function readTarget(input: unknown, n: number, loss: LossName): Target {
  const labels: unknown = Array.isArray(input) && typeof input[0] === 'string' ? input : null;
  if (loss === 'squared') {
    if (labels) {
      throw invalid(
        'y[0]',
        `expected a number, got ${quoteValue((labels as string[])[0])}; for class labels use "loss": "logistic"`,
      );
    }
    return { y: readVector(input, n, 'y'), classes: null };
  }
  if (!labels) {
    const numbers = readVector(input, n, 'y');
    const [low, high] = twoClasses([...new Set(numbers)].sort((a, b) => a - b));
    return { y: numbers.map((value) => (value === high ? 1 : -1)), classes: [String(low), String(high)] };
  }
  const strings = labels as unknown[];
  if (strings.length !== n)
    throw invalid('y', `expected ${n} labels, one per row of X, got ${strings.length}`);
  Array.from(strings).forEach((label, i) => {
    if (typeof label !== 'string')
      throw invalid(`y[${i}]`, `expected a string like y[0], got ${quoteValue(label)}`);
  });
  const [low, high] = twoClasses([...new Set(strings as string[])].sort());
  return { y: Float64Array.from(strings, (label) => (label === high ? 1 : -1)), classes: [low, high] };
}

function twoClasses<T>(distinct: readonly T[]): readonly [T, T] {
  const [low, high, third] = distinct;
  if (low === undefined || high === undefined) {
    throw invalid('y', `expected two classes, got only ${quoteValue(low)}; there is nothing to tell apart`);
  }
  if (third !== undefined) {
    throw invalid(
      'y',
      `expected two classes for the logistic loss, got ${distinct.length} different values; train one class against the rest, as RelucentClassifier does`,
    );
  }
  return [low, high];
}

function invalid(where: string, message: string): RelucentError {
  return new RelucentError('invalid-problem', where, message);
}
