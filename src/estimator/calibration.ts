import { z } from 'zod';
import { sigmoid } from '../loss/logistic.js';

/** Folds of an estimator's calibration. */
export const CALIBRATION_FOLDS = 5;

export type CalibrationMethod = 'sigmoid' | 'isotonic';

const finite = z.number();
const mapSchema = z.union([
  z.strictObject({ slope: finite, intercept: finite }),
  z.strictObject({ scores: z.array(finite).min(1), probabilities: z.array(finite).min(1) }),
]);

/** The calibration of a classifier as model files hold it. */
export const calibrationSchema = z.strictObject({
  method: z.enum(['sigmoid', 'isotonic']),
  folds: z.int().min(2),
  seed: z.int().min(0),
  /** Largest relative duality gap of the networks that made the out-of-fold scores. */
  largestGap: finite,
  /** One map from log-odds to a probability for each column of the decision function. */
  maps: z.array(mapSchema).min(1),
});

/** How scores become probabilities. */
export type Calibration = z.infer<typeof calibrationSchema>;

type CalibrationMap = z.infer<typeof mapSchema>;

/** Log-odds with the truth about them, for one class. */
export interface ScoredRows {
  readonly scores: Float64Array;
  /** 1 where the row is of the class, else 0. */
  readonly hits: Uint8Array;
  readonly weights: Float64Array | null;
}

/** The map of a method, fitted to out-of-fold scores. */
export function fitCalibration(method: CalibrationMethod, rows: ScoredRows): CalibrationMap {
  return method === 'sigmoid' ? fitSigmoid(rows) : fitIsotonic(rows);
}

/** Probability of a score. An isotonic map is linear between its points and constant beyond them. */
export function calibrated(map: CalibrationMap, score: number): number {
  if ('slope' in map) return sigmoid(map.slope * score + map.intercept);
  const { scores, probabilities } = map;
  const above = scores.findIndex((value) => value >= score);
  if (above === 0) return probabilities[0]!;
  if (above < 0) return probabilities.at(-1)!;
  const [left, right] = [scores[above - 1]!, scores[above]!];
  const share = (score - left) / (right - left);
  const low = probabilities[above - 1]!;
  return low + share * (probabilities[above]! - low);
}

/** Log-odds log p_k/(1 − p_k) of each class from softmax outputs: f_k − log Σ_{j≠k} exp f_j. */
export function softmaxLogOdds(outputs: readonly number[]): number[] {
  return outputs.map((own, k) => {
    const others = outputs.filter((_, j) => j !== k);
    const largest = Math.max(...others);
    return own - largest - Math.log(others.reduce((sum, value) => sum + Math.exp(value - largest), 0));
  });
}

/** Newton steps at most; a handful are enough. */
const MAX_STEPS = 100;
/** Decrement at which nothing is left to gain in float64. */
const SMALLEST_DECREMENT = 1e-24;

/**
 * Platt's sigmoid 1/(1 + e^{−(a·s + b)}): the weighted log loss against targets (N₊ + 1)/(N₊ + 2) and 1/(N₋ + 2), which keep a and b
 * finite where scores separate the classes (Platt 1999; Lin, Lin and Weng 2007), by Newton's method with step halving. Scores are
 * scaled to size 1 first, so that their unit does not matter.
 */
function fitSigmoid({ scores, hits, weights }: ScoredRows): { slope: number; intercept: number } {
  const unit = Math.max(...scores.map(Math.abs), Number.MIN_VALUE);
  const x = scores.map((score) => score / unit);
  const w = weights ?? new Float64Array(x.length).fill(1);
  const total = (hit: number): number =>
    w.reduce((sum, weight, i) => sum + (hits[i] === hit ? weight : 0), 0);
  const [positive, negative] = [total(1), total(0)];
  const target = [1 / (negative + 2), (positive + 1) / (positive + 2)] as const;
  const objective = (a: number, b: number): number =>
    x.reduce((sum, score, i) => {
      const t = a * score + b;
      const softplus = Math.max(t, 0) + Math.log1p(Math.exp(-Math.abs(t)));
      return sum + w[i]! * (softplus - target[hits[i] === 1 ? 1 : 0] * t);
    }, 0);
  let a = 0;
  let b = Math.log((positive + 1) / (negative + 1));
  for (let step = 0; step < MAX_STEPS; step++) {
    let [ga, gb, haa, hab, hbb] = [0, 0, 1e-12, 0, 1e-12];
    x.forEach((score, i) => {
      const p = sigmoid(a * score + b);
      const slope = w[i]! * (p - target[hits[i] === 1 ? 1 : 0]);
      const bend = w[i]! * p * (1 - p);
      ga += slope * score;
      gb += slope;
      haa += bend * score * score;
      hab += bend * score;
      hbb += bend;
    });
    const determinant = haa * hbb - hab * hab;
    const da = -(hbb * ga - hab * gb) / determinant;
    const db = -(haa * gb - hab * ga) / determinant;
    const decrement = -(ga * da + gb * db);
    const value = objective(a, b);
    if (!(decrement > SMALLEST_DECREMENT * (1 + Math.abs(value)))) break;
    let length = 1;
    while (
      length > 1e-10 &&
      objective(a + length * da, b + length * db) > value - 1e-4 * length * decrement
    ) {
      length /= 2;
    }
    if (length <= 1e-10) break;
    a += length * da;
    b += length * db;
  }
  return { slope: a / unit, intercept: b };
}

/** Rows of one probability, from the smallest to the largest of their scores. */
interface Block {
  readonly from: number;
  readonly to: number;
  readonly weight: number;
  readonly hits: number;
}

/** The non-decreasing probabilities of least weighted squares: pool adjacent violators (Ayer et al. 1955). O(n log n). */
function fitIsotonic({ scores, hits, weights }: ScoredRows): { scores: number[]; probabilities: number[] } {
  const blocks: Block[] = [];
  const order = [...scores.keys()].sort((i, j) => scores[i]! - scores[j]!);
  for (const i of order) {
    const weight = weights?.[i] ?? 1;
    let block: Block = { from: scores[i]!, to: scores[i]!, weight, hits: weight * hits[i]! };
    // Equal scores are one point, whatever their truth.
    for (let last = blocks.at(-1); last && pools(last, block); last = blocks.at(-1)) {
      blocks.pop();
      block = {
        from: last.from,
        to: block.to,
        weight: last.weight + block.weight,
        hits: last.hits + block.hits,
      };
    }
    blocks.push(block);
  }
  const ends = blocks.flatMap(({ from, to, hits: sum, weight }) => {
    const probability = Math.min(1, sum / weight);
    return from === to
      ? [{ at: from, probability }]
      : [
          { at: from, probability },
          { at: to, probability },
        ];
  });
  return { scores: ends.map(({ at }) => at), probabilities: ends.map(({ probability }) => probability) };
}

function pools(last: Block, next: Block): boolean {
  return last.to === next.from || last.hits * next.weight >= next.hits * last.weight;
}
