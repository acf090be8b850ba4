import { describe, expect, it } from 'vitest';
import { normals } from '../../test/fixtures/random-program.js';
import { calibrated, fitCalibration, softmaxLogOdds, type ScoredRows } from './calibration.js';

const n = 4000;
/** Scores three times as sure as they should be: the truth is Bernoulli(sigmoid(s/3 + 0.5)). */
const scores = normals(n, 5).map((value) => 6 * value);
const uniform = Float64Array.from({ length: n }, (_, i) => (i * 0.6180339887498949) % 1);
const truth = (score: number): number => 1 / (1 + Math.exp(-(score / 3 + 0.5)));
const hits = Uint8Array.from(scores, (score, i) => Number(uniform[i]! < truth(score)));
const rows: ScoredRows = { scores, hits, weights: null };

describe('calibration', () => {
  it('sigmoid: finds slope and intercept of the truth, in any unit of the scores', () => {
    const map = fitCalibration('sigmoid', rows);
    if (!('slope' in map)) throw new Error('not a sigmoid');
    expect(Math.abs(map.slope - 1 / 3)).toBeLessThan(0.03);
    expect(Math.abs(map.intercept - 0.5)).toBeLessThan(0.12);
    const large = fitCalibration('sigmoid', { ...rows, scores: scores.map((score) => 1e9 * score) });
    expect(calibrated(large, 1e9)).toBeCloseTo(calibrated(map, 1), 9);
  });

  it('sigmoid: the gradient is zero at the solution, and whole weights are repeated rows', () => {
    const few = { scores: scores.slice(0, 60), hits: hits.slice(0, 60) };
    const weights = Float64Array.from({ length: 60 }, (_, i) => 1 + (i % 3));
    const copies = [...weights].flatMap((count, i) => new Array<number>(count).fill(i));
    const repeated = {
      scores: Float64Array.from(copies, (i) => few.scores[i]!),
      hits: Uint8Array.from(copies, (i) => few.hits[i]!),
      weights: null,
    };
    const a = fitCalibration('sigmoid', { ...few, weights });
    const b = fitCalibration('sigmoid', repeated);
    for (const score of [-3, 0, 2]) expect(calibrated(a, score)).toBeCloseTo(calibrated(b, score), 9);
    const positive = repeated.hits.reduce((sum, hit) => sum + hit, 0);
    const targets = [1 / (copies.length - positive + 2), (positive + 1) / (positive + 2)];
    const slack = repeated.scores.reduce(
      (sum, score, i) => sum + (calibrated(b, score) - targets[repeated.hits[i]!]!),
      0,
    );
    expect(Math.abs(slack)).toBeLessThan(1e-6);
  });

  it('sigmoid: stays finite where scores separate the classes', () => {
    const map = fitCalibration('sigmoid', {
      scores: Float64Array.of(-2, -1, 1, 2),
      hits: Uint8Array.of(0, 0, 1, 1),
      weights: null,
    });
    const p = calibrated(map, 1.5);
    expect(p).toBeGreaterThan(0.6);
    expect(p).toBeLessThan(0.95);
  });

  it('isotonic: is non-decreasing, near the truth, and the means of pooled blocks by hand', () => {
    const map = fitCalibration('isotonic', rows);
    let last = 0;
    for (let score = -12; score <= 12; score += 0.5) {
      const p = calibrated(map, score);
      expect(p).toBeGreaterThanOrEqual(last);
      if (Math.abs(score) < 6) expect(Math.abs(p - truth(score))).toBeLessThan(0.15);
      last = p;
    }
    // 0, {1, 0} pooled to ½, 1; equal scores are one point.
    const small = fitCalibration('isotonic', {
      scores: Float64Array.of(1, 2, 3, 4, 4),
      hits: Uint8Array.of(0, 1, 0, 1, 1),
      weights: null,
    });
    expect([0, 1, 2, 3, 3.5, 4, 9].map((score) => calibrated(small, score))).toEqual([
      0, 0, 0.5, 0.5, 0.75, 1, 1,
    ]);
  });

  it('log-odds of softmax', () => {
    const f = [1, -0.5, 2];
    const total = f.reduce((sum, value) => sum + Math.exp(value), 0);
    softmaxLogOdds(f).forEach((odds, k) => {
      const p = Math.exp(f[k]!) / total;
      expect(odds).toBeCloseTo(Math.log(p / (1 - p)), 12);
    });
    expect(softmaxLogOdds([800, 0, -800]).every(Number.isFinite)).toBe(true);
  });
});
