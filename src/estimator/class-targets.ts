import { RelucentError, quoteValue } from '../error.js';

/** How more than two classes are told apart. */
export type MultiClass = 'softmax' | 'one-vs-rest';

/** Weights of classes: `balanced` gives every class the same total weight; a class that is not named has weight 1. */
export type ClassWeight = 'balanced' | Readonly<Record<string, number>>;

/**
 * What the outputs of a classifier learn: ±1 with the second class as +1 for two classes; else the number of the class for
 * softmax, one vector for all outputs, and one vector of ±1 for each class with one against the rest.
 *
 * @param labels number of the class of each row, 0 … K − 1
 */
export function classTargets(
  labels: Int32Array,
  classCount: number,
  multiClass: MultiClass,
): readonly Float64Array[] {
  const against = (k: number): Float64Array => Float64Array.from(labels, (label) => (label === k ? 1 : -1));
  if (classCount === 2) return [against(1)];
  if (multiClass === 'softmax') return [Float64Array.from(labels)];
  return Array.from({ length: classCount }, (_, k) => against(k));
}

/**
 * Weight of each row: its own times that of its class; null where all are 1. `balanced` weighs class k of K by
 * Σw / (K · Σ_{i in k} w_i), so that the weights keep their sum.
 */
export function rowWeights(
  sampleWeights: Float64Array | null,
  labels: Int32Array | null,
  classes: readonly string[],
  classWeight: ClassWeight | undefined,
): Float64Array | null {
  if (labels === null || classWeight === undefined) return sampleWeights;
  const own = sampleWeights ?? new Float64Array(labels.length).fill(1);
  const ofClass = classes.map((name) => (classWeight === 'balanced' ? 1 : (classWeight[name] ?? 1)));
  if (classWeight === 'balanced') {
    const sums = new Float64Array(classes.length);
    labels.forEach((label, i) => (sums[label]! += own[i]!));
    const total = sums.reduce((sum, value) => sum + value, 0);
    sums.forEach((sum, k) => (ofClass[k] = sum > 0 ? total / (classes.length * sum) : 1));
  }
  return own.map((weight, i) => weight * (ofClass[labels[i]!] ?? 1));
}

/**
 * Refuses weights of classes that do not exist.
 * @throws RelucentError `invalid-argument`
 */
export function checkClassWeight(
  classWeight: ClassWeight | undefined,
  classes: readonly string[],
  where: string,
): void {
  if (classWeight === undefined || classWeight === 'balanced') return;
  const unknown = Object.keys(classWeight).find((name) => !classes.includes(name));
  if (unknown === undefined) return;
  throw new RelucentError(
    'invalid-argument',
    where,
    `expected classes of the target (${classes.slice(0, 8).join(', ')}), got ${quoteValue(unknown)}; correct the name`,
  );
}
