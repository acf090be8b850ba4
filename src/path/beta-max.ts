import { groupSupport } from '../certificate/pricing.js';
import { norm2 } from '../linalg/vector.js';
import { adjointInto } from '../operator/sub-network-operator.js';
import {
  groupDims,
  groupNumber,
  outputSlice,
  predictorLength,
  type ConvexProgram,
} from '../program/convex-program.js';
import { ConePool } from '../prox/cone-pool.js';
import { rowGeometry } from '../prox/row-geometry.js';

/**
 * β_max = max_g ‖Π_{K_g}(−σ_g A_gᵀ ∇𝓛(0))‖ over the groups of the program (theory §4): for β ≥ β_max the zero network
 * is optimal. The program's own β plays no part. With a loss that has a kink at f = 0 ∇𝓛(0) stands for one subgradient
 * of several, so β_max is then an upper bound of the smallest such β. Cost: one pricing, with projections only where
 * they can matter.
 */
export function betaMax(program: ConvexProgram): number {
  const { rows, y, loss, patterns, outputs, formulation } = program;
  const length = predictorLength(program);
  const v = new Float64Array(length);
  loss.gradientInto(v, new Float64Array(length), y);
  const adjoint = new Float64Array(groupDims(program));
  // Entry c·K + k: pattern c against output k.
  const free = Float64Array.from({ length: patterns.length * outputs }, (_, at) => {
    adjointInto(adjoint, rows, patterns[Math.floor(at / outputs)]!, outputSlice(program, v, at % outputs));
    return norm2(adjoint);
  });
  if (formulation === 'gated') return free.reduce((most, norm) => Math.max(most, norm), 0);
  // Longest first: once a projection is known, patterns whose free norm is smaller need none.
  const order = Array.from(free.keys()).sort((a, b) => free[b]! - free[a]!);
  const cones = new ConePool(rowGeometry(rows));
  let largest = 0;
  for (const at of order) {
    if (free[at]! <= largest) break;
    const c = Math.floor(at / outputs);
    const k = at % outputs;
    adjointInto(adjoint, rows, patterns[c]!, outputSlice(program, v, k));
    for (const s of [0, 1] as const) {
      const g = groupNumber(program, c, k, s);
      largest = Math.max(largest, groupSupport(program, g, adjoint, cones, largest));
    }
  }
  return largest;
}
