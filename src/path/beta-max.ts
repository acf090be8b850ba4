import { groupSupport } from '../certificate/pricing.js';
import { norm2 } from '../linalg/vector.js';
import { adjointInto } from '../operator/sub-network-operator.js';
import { groupDims, type ConvexProgram } from '../program/convex-program.js';
import { ConePool } from '../prox/cone-pool.js';
import { rowGeometry } from '../prox/row-geometry.js';

/**
 * β_max = max_g ‖Π_{K_g}(−σ_g A_gᵀ ∇𝓛(0))‖ over the groups of the program (theory §4): for β ≥ β_max the zero network
 * is optimal. The program's own β plays no part. Cost: one pricing, with projections only where they can matter.
 */
export function betaMax(program: ConvexProgram): number {
  const { rows, y, loss, patterns, formulation } = program;
  const v = new Float64Array(rows.n);
  loss.gradientInto(v, new Float64Array(rows.n), y);
  const dims = groupDims(program);
  const adjoint = new Float64Array(dims);
  const free = patterns.map((pattern) => {
    adjointInto(adjoint, rows, pattern, v);
    return norm2(adjoint);
  });
  if (formulation === 'gated') return free.reduce((most, norm) => Math.max(most, norm), 0);
  // Longest first: once a projection is known, patterns whose free norm is smaller need none.
  const order = free.map((_, c) => c).sort((a, b) => free[b]! - free[a]!);
  const cones = new ConePool(rowGeometry(rows));
  let largest = 0;
  for (const c of order) {
    if (free[c]! <= largest) break;
    adjointInto(adjoint, rows, patterns[c]!, v);
    for (let g = 2 * c; g < 2 * c + 2; g++) {
      largest = Math.max(largest, groupSupport(program, g, adjoint, cones, largest));
    }
  }
  return largest;
}
