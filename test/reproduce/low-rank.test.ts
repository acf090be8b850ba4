import { expect, it } from 'vitest';
import { plans } from '../../reproduce/low-rank/cases.js';
import { checks } from '../../reproduce/low-rank/claims.js';
import type { CaseFacts, Curve, Point } from '../../reproduce/low-rank/curves.js';
import { lowRank } from '../../reproduce/low-rank/experiment.js';
import { quickRun } from './quick-run.js';

it('low-rank: P_κ is between the certified optimum and its bounds, and a lower rank costs something', async () => {
  const { outcome } = await quickRun(lowRank);
  const { cases, curves } = outcome.numbers as unknown as {
    readonly cases: readonly CaseFacts[];
    readonly curves: readonly Curve[];
  };
  expect(curves).toHaveLength(8);
  for (const { optimum, points, case: name } of curves) {
    expect(points.map(({ rank }) => rank)).toEqual(points.map((_, k) => k + 1));
    const [first] = points;
    // All cases lose something at κ = 1, so that "never below the optimum" is no statement about equal numbers.
    expect(first!.objective, name).toBeGreaterThan(1.001 * optimum.objective);
    expect(first!.approximation.bound, name).toBeGreaterThan(1.1);
    expect(points.at(-1)!.approximation.bound, name).toBe(1);
  }
  // Scores are those of networks that have learnt something, at full rank the network without approximation.
  const synthetic = curves.filter((curve) => curve.case === 'synthetic');
  expect(synthetic).toHaveLength(2);
  for (const { points, testScore } of synthetic) {
    for (const point of points) expect(point.testScore).toBeGreaterThan(0.5);
    expect(points.at(-1)!.testScore).toBeCloseTo(testScore, 4);
  }
  // The claims notice numbers that are wrong.
  const failures = (change: (point: Point) => Partial<Point>): string[] =>
    checks(
      plans.quick.cases,
      cases,
      curves.map((curve) => ({
        ...curve,
        points: curve.points.map((point) => ({ ...point, ...change(point) })),
      })),
    )
      .filter(({ holds }) => !holds)
      .map(({ claim }) => claim);
  expect(failures(() => ({}))).toEqual([]);
  const below = failures(({ objective }) => ({ objective: 0.9 * objective }));
  expect(below.filter((claim) => claim.startsWith('P* ≤ P_κ'))).toHaveLength(1);
  const tight = failures(({ approximation }) => ({
    approximation: { ...approximation, bound: approximation.bound ** (1 / 16) },
  }));
  expect(tight.filter((claim) => claim.includes('bound'))).toHaveLength(3);
}, 120_000);
