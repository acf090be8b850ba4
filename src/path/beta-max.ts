import { groupSupport } from '../certificate/pricing.js';
import { norm2 } from '../linalg/vector.js';
import type { Kernel, Workspace } from '../kernel/kernel.js';
import { kernelFor } from '../kernel/choose-kernel.js';
import { adjointBlocks } from '../operator/adjoint-blocks.js';
import { firstGroupOf, predictorLength, type ConvexProgram } from '../program/convex-program.js';
import { finishNow } from '../steps.js';
import { ConePool } from '../prox/cone-pool.js';
import { rowGeometry } from '../prox/row-geometry.js';

/** Adjoints of a ReLU program formed at once. */
const BATCH = 32;

/**
 * β_max = max_g ‖Π_{K_g}(−σ_g A_gᵀ ∇𝓛(0))‖ over the groups of the program (theory §4): for β ≥ β_max the zero network
 * is optimal. The program's own β plays no part. With a loss that has a kink at f = 0 ∇𝓛(0) stands for one subgradient
 * of several, so β_max is then an upper bound of the smallest such β. Cost: one pricing, with projections only where
 * they can matter.
 */
export function betaMax(program: ConvexProgram, kernel: Kernel = kernelFor(program.rows)): number {
  const workspace = kernel.workspace(program.rows);
  try {
    return largestSupport(program, workspace);
  } finally {
    workspace.dispose();
  }
}

function largestSupport(program: ConvexProgram, workspace: Workspace): number {
  const { rows, y, loss, patterns, outputs, formulation } = program;
  const length = predictorLength(program);
  const v = new Float64Array(length);
  loss.gradientInto(v, new Float64Array(length), y);
  const visitAll = (
    entries: ArrayLike<number>,
    visit: (entry: number, adjoint: Float64Array) => void,
  ): void => {
    finishNow(adjointBlocks(workspace, { patterns, outputs, v, entries }, visit));
  };
  const free = new Float64Array(patterns.length * outputs);
  visitAll(Array.from(free.keys()), (entry, adjoint) => {
    free[entry] = norm2(adjoint);
  });
  if (formulation === 'gated') return free.reduce((most, norm) => Math.max(most, norm), 0);
  // Longest first: once a projection is known, patterns whose free norm is smaller need none.
  const order = Array.from(free.keys()).sort((a, b) => free[b]! - free[a]!);
  const cones = new ConePool(rowGeometry(rows));
  let largest = 0;
  for (let from = 0; from < order.length && free[order[from]!]! > largest; from += BATCH) {
    visitAll(order.slice(from, from + BATCH), (entry, adjoint) => {
      if (free[entry]! <= largest) return;
      const first = firstGroupOf(program, entry);
      for (const g of [first, first + 1])
        largest = Math.max(largest, groupSupport(program, g, adjoint, cones, largest));
    });
  }
  return largest;
}
