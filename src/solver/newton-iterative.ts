import type { Workspace } from '../kernel/kernel.js';
import { axpy, dot } from '../linalg/vector.js';
import { ColumnStack } from './column-stack.js';
import { GeneralisedHessian } from './generalised-hessian.js';
import type { NewtonTask } from './newton-system.js';
import { LowRankInverse } from './newton-woodbury.js';

/** Relative residual in the norm of H at which the conjugate gradients stop: what a Newton step is inexact by. */
const RESIDUAL = 0.1;
/** Iterations after which a step is taken as it is. */
const LIMIT = 200;

/**
 * The Newton step by preconditioned conjugate gradients on (I + σ M H)·Δu = −gradient in the inner product of H, in which the
 * matrix is symmetric and positive definite. The iterate is Δu itself, not one recovered through −gradient − σ M H·(…), which
 * would amplify what the iteration leaves open along stiff directions.
 *
 * J has the eigenvalue 1 along p̂ and 1 − shrink = 1 − σβ/‖p‖ elsewhere on the face, so as σ grows only the directions p̂ get
 * stiff: σ(1 − shrink) tends to ‖z‖/β. The preconditioner I + σ (Σ_g A p̂ p̂ᵀ Aᵀ) H takes these out exactly. Memory: 8·n bytes
 * per group, twice while they are set up, and a few vectors. Cost: 4·n·d flops per leaf and iteration.
 */
export function iterativeStep(workspace: Workspace, task: NewtonTask, accuracy = RESIDUAL): Float64Array {
  const { curvature, sigma, groups, gradient } = task;
  const hessian = new GeneralisedHessian(workspace, groups);
  const preconditioner = stiffDirections(workspace, task);
  const length = gradient.length;
  const bent = new Float64Array(length);
  const product = new Float64Array(length);
  const residual = gradient.map((value) => -value);
  const step = new Float64Array(length);
  curvature.multiplyInto(bent, residual);
  const target = accuracy ** 2 * dot(bent, residual);
  const direction = preconditioner.apply(residual, bent);
  let rho = dot(bent, direction);
  for (let iteration = 0; iteration < LIMIT; iteration++) {
    curvature.multiplyInto(bent, direction);
    product.set(direction);
    hessian.addProduct(product, bent, sigma);
    const length = rho / dot(bent, product);
    axpy(step, length, direction);
    axpy(residual, -length, product);
    curvature.multiplyInto(bent, residual);
    if (dot(bent, residual) <= target) break;
    const solved = preconditioner.apply(residual, bent);
    const next = dot(bent, solved);
    for (let i = 0; i < direction.length; i++) direction[i] = solved[i]! + (next / rho) * direction[i]!;
    rho = next;
  }
  return step;
}

/** (I + CCᵀH)⁻¹ with C = √σ·[A p̂ of every group]. */
function stiffDirections(workspace: Workspace, { curvature, sigma, groups }: NewtonTask): LowRankInverse {
  const columns = new ColumnStack(workspace, groups[0]?.direction.length ?? 0, groups.length);
  for (const group of [...groups].sort((a, b) => a.output - b.output))
    columns.push(group, group.direction, Math.sqrt(sigma));
  return new LowRankInverse(workspace, curvature, columns.form());
}
