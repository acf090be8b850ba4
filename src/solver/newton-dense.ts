import type { SymmetricMatrix, Workspace } from '../kernel/kernel.js';
import { axpy } from '../linalg/vector.js';
import { faceRank, usesGram } from './active-group.js';
import { ColumnStack } from './column-stack.js';
import { GeneralisedHessian } from './generalised-hessian.js';
import type { NewtonTask } from './newton-system.js';
import { factored } from './newton-woodbury.js';

/**
 * The Newton step by one n×n matrix, for a diagonal H = S²: (I + σ S M S)·q = −S·gradient, Δu = −gradient − σ M S q. A group
 * on a face of large dimension costs only its small rest there: A N Aᵀ = (mask maskᵀ) ∘ XXᵀ − (AQ)(AQ)ᵀ.
 */
export function denseStep(workspace: Workspace, task: NewtonTask): Float64Array {
  const { curvature, sigma, groups, gradient } = task;
  const scale = curvature.diagonal!.map(Math.sqrt);
  const h = factored((shift) => {
    const matrix = workspace.symmetric(workspace.n);
    addHessian(matrix, workspace, task);
    matrix.scaleAndShift(scale, shift);
    return matrix;
  });
  const hessian = new GeneralisedHessian(workspace, groups);
  /** (I + σMH)⁻¹·rhs, up to rounding times σ‖M‖. */
  const solve = (rhs: Float64Array): Float64Array => {
    const q = rhs.map((value, i) => value * scale[i]!);
    h.solve(q);
    for (let i = 0; i < q.length; i++) q[i]! *= scale[i]!;
    const solution = Float64Array.from(rhs);
    hessian.addProduct(solution, q, -sigma);
    return solution;
  };
  const step = solve(gradient.map((value) => -value));
  // One step of iterative refinement: σM makes what q is off by visible in Δu.
  const residual = gradient.map((value, i) => -value - step[i]!);
  hessian.addProduct(
    residual,
    step.map((value, i) => value * curvature.diagonal![i]!),
    -sigma,
  );
  axpy(step, 1, solve(residual));
  return step;
}

/** h += σM. */
function addHessian(h: SymmetricMatrix, workspace: Workspace, { sigma, groups }: NewtonTask): void {
  const dims = groups[0]?.direction.length ?? 0;
  const wide = groups.filter(usesGram);
  const leaves = wide.flatMap(({ pattern, shrink }) =>
    pattern.leaves.map(({ mask }) => ({ mask, weight: sigma * (1 - shrink) })),
  );
  h.addMaskedGram(
    leaves.map(({ mask }) => mask),
    Float64Array.from(leaves, ({ weight }) => weight),
  );
  const plusCount = groups.reduce((sum, group) => sum + (usesGram(group) ? 1 : faceRank(group)), 0);
  const plus = new ColumnStack(workspace, dims, plusCount);
  for (const group of groups) {
    if (usesGram(group)) plus.push(group, group.direction, Math.sqrt(sigma * group.shrink));
    else plus.pushFace(group, sigma);
  }
  h.addOuterProducts(plus.form().data, plus.count, 1);
  const minusCount = wide.reduce((sum, group) => sum + (group.face?.size ?? 0), 0);
  const minus = new ColumnStack(workspace, dims, minusCount);
  for (const group of wide) {
    for (let c = 0; c < (group.face?.size ?? 0); c++)
      minus.push(group, group.face!.basis(c), Math.sqrt(sigma * (1 - group.shrink)));
  }
  h.addOuterProducts(minus.form().data, minus.count, -1);
}
