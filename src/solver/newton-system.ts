import type { Workspace } from '../kernel/kernel.js';
import type { Curvature } from '../loss/index.js';
import { denseRank, faceRank, type ActiveGroup } from './active-group.js';
import { denseStep } from './newton-dense.js';
import { iterativeStep } from './newton-iterative.js';
import { woodburyStep } from './newton-woodbury.js';

/** One Newton step to make: M = Σ_g A_g J_g A_gᵀ over `groups`, at least one. */
export interface NewtonTask {
  readonly curvature: Curvature;
  readonly sigma: number;
  readonly groups: readonly ActiveGroup[];
  readonly gradient: Float64Array;
}

/** The ways to make it. */
export type NewtonForm = 'woodbury' | 'dense' | 'iterative';

/** Conjugate gradient iterations a step is taken to need: measured. */
const ITERATIONS = 16;
/** Below so many flops a direct step is not worth avoiding. */
const CHEAP = 2e8;
/** Bytes that the matrices of a direct step may take. */
const MEMORY_BUDGET = 2 ** 31;

/**
 * The semismooth Newton step Δu of the augmented Lagrangian: with M = Σ_g A_g J_g A_gᵀ and the curvature H of the loss,
 *
 *     (I + σ M H)·Δu = −gradient.
 *
 * Two exact ways and an iterative one, by flop counts ({@link newtonForm}):
 * - Woodbury's formula in the faces of the groups, any number of outputs;
 * - one n×n matrix, for a diagonal H;
 * - conjugate gradients to a relative residual, preconditioned by the stiff directions of the groups.
 *
 * Returns Δu, length n·K.
 */
export function newtonStep(workspace: Workspace, task: NewtonTask): Float64Array {
  switch (newtonForm(workspace.n, workspace.d, task)) {
    case 'woodbury':
      return woodburyStep(workspace, task);
    case 'dense':
      return denseStep(workspace, task);
    case 'iterative':
      return iterativeStep(workspace, task);
  }
}

/** The cheapest way that keeps to the memory budget. */
export function newtonForm(n: number, d: number, { curvature, groups }: NewtonTask): NewtonForm {
  const count = groups.length;
  const leaves = groups[0]?.pattern.leaves.length ?? 1;
  const rank = groups.reduce((sum, group) => sum + faceRank(group), 0);
  const denseTerms = groups.reduce((sum, group) => sum + denseRank(group), 0);
  const woodbury = isWithin(rank * (2 * n + rank)) ? rank ** 2 * n + rank ** 3 / 3 : Infinity;
  const canBeDense = curvature.diagonal !== null && isWithin(n * (2 * n + denseTerms));
  const dense = canBeDense ? denseTerms * n ** 2 + n ** 3 / 3 : Infinity;
  const iterative = ITERATIONS * 4 * n * d * leaves * count + n * count ** 2 + count ** 3 / 3;
  if (Math.min(woodbury, dense) <= Math.max(CHEAP, iterative)) return woodbury < dense ? 'woodbury' : 'dense';
  return 'iterative';
}

function isWithin(numbers: number): boolean {
  return 8 * numbers <= MEMORY_BUDGET;
}
