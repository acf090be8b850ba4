import { expect, it } from 'vitest';
import { absoluteLoss } from '../loss/absolute.js';
import type { Loss } from '../loss/index.js';
import { squaredLoss } from '../loss/squared.js';
import type { ProgramSolution } from '../solver/solve-program.js';
import { extrapolate } from './extrapolate.js';

/** What the function reads of a solution. */
function solution(
  beta: number,
  coefficients: Record<number, number[]>,
  loss: Loss = squaredLoss,
): ProgramSolution {
  const found = new Map(Object.entries(coefficients).map(([g, z]) => [Number(g), Float64Array.from(z)]));
  const warmStart = { coefficients: found, dual: Float64Array.of(1) };
  return { program: { beta, loss }, coefficients: found, warmStart } as unknown as ProgramSolution;
}

it('goes on along the line in β of every group that both solutions hold', () => {
  const earlier = solution(16, { 0: [1, 2], 1: [5, 5] });
  const last = solution(12, { 0: [2, 1], 2: [7, 7] });
  const { coefficients, dual } = extrapolate(10, last, earlier);
  expect([...coefficients]).toEqual([
    [0, Float64Array.of(2.5, 0.5)],
    [2, Float64Array.of(7, 7)],
  ]);
  expect(dual).toBe(last.warmStart.dual);
  expect([...(last.coefficients.get(0) ?? [])]).toEqual([2, 1]);
});

it('stays at the last solution over a wide step and where the loss has kinks', () => {
  const smooth = [solution(3, { 0: [2, 1] }), solution(4, { 0: [1, 2] })] as const;
  expect(extrapolate(2, ...smooth)).toBe(smooth[0].warmStart);
  const kinked = [solution(3, { 0: [2, 1] }, absoluteLoss(0)), solution(4, { 0: [1, 2] })] as const;
  expect(extrapolate(2.9, ...kinked)).toBe(kinked[0].warmStart);
});

it('starts from the last solution where there is no line', () => {
  const last = solution(3, { 0: [2, 1] });
  expect(extrapolate(1, last, null)).toBe(last.warmStart);
  expect(extrapolate(1, last, solution(3, { 0: [1, 1] }))).toBe(last.warmStart);
});
