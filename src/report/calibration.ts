import type { ClassificationPredictions } from './report-input.js';

const binCount = 10;
/** Two-sided 95 % quantile of the normal distribution. */
const z95 = 1.959964;

/** The rows whose probability falls into [from, to), the last bin with its end. */
export interface CalibrationBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Mean probability that was predicted. */
  readonly predicted: number;
  /** Share of the rows for which the event happened, with the ends of its 95 % interval (Wilson, 1927). */
  readonly observed: number;
  readonly low: number;
  readonly high: number;
}

/** How probabilities compare with what happened. */
export interface Calibration {
  /** Two classes: the second of them. More: that the predicted class is the actual one. */
  readonly event: 'second class' | 'predicted class';
  /** Of ten bins of equal width those with rows, ascending. */
  readonly bins: readonly CalibrationBin[];
  /** Expected calibration error: mean of |observed − predicted| over the bins, weighted by their rows. */
  readonly error: number;
  /** Brier score: mean of Σ_k (p_k − [actual = k])² over the rows, in [0, 2]; halved with two classes, as is usual. */
  readonly brier: number;
  /** Rows counted: those with finite probabilities. */
  readonly rows: number;
}

/** Reliability of predicted probabilities in ten bins; null without a row to count. O(rows · classes). */
export function calibrationOf({ classes, rows }: ClassificationPredictions): Calibration | null {
  const isBinary = classes.length === 2;
  const counted = rows.filter(({ probability }) => classes.every((_, k) => Number.isFinite(probability[k])));
  if (counted.length === 0 || classes.length === 0) return null;
  const events = counted.map(({ actual, predicted, probability }) =>
    isBinary
      ? { p: probability[1] ?? 0, happened: actual === classes[1] }
      : { p: probability[classes.indexOf(predicted)] ?? 0, happened: actual === predicted },
  );
  const bins = Array.from({ length: binCount }, (_, bin) =>
    binOf(
      bin,
      events.filter(({ p }) => Math.min(binCount - 1, Math.max(0, Math.floor(p * binCount))) === bin),
    ),
  ).filter(({ count }) => count > 0);
  const error = bins.reduce(
    (sum, { count, observed, predicted }) => sum + (count / counted.length) * Math.abs(observed - predicted),
    0,
  );
  const squares = counted.reduce(
    (sum, { actual, probability }) =>
      sum + classes.reduce((own, name, k) => own + ((probability[k] ?? 0) - Number(actual === name)) ** 2, 0),
    0,
  );
  return {
    event: isBinary ? 'second class' : 'predicted class',
    bins,
    error,
    brier: squares / counted.length / (isBinary ? 2 : 1),
    rows: counted.length,
  };
}

function binOf(
  bin: number,
  events: readonly { readonly p: number; readonly happened: boolean }[],
): CalibrationBin {
  const count = events.length;
  const observed = events.filter(({ happened }) => happened).length / Math.max(count, 1);
  return {
    from: bin / binCount,
    to: (bin + 1) / binCount,
    count,
    predicted: events.reduce((sum, { p }) => sum + p, 0) / Math.max(count, 1),
    observed,
    ...wilson(observed, Math.max(count, 1)),
  };
}

/** 95 % interval of a share observed on n rows. */
function wilson(share: number, n: number): { readonly low: number; readonly high: number } {
  const square = z95 ** 2 / n;
  const middle = (share + square / 2) / (1 + square);
  const half = (z95 / (1 + square)) * Math.sqrt((share * (1 - share)) / n + square / (4 * n));
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
