import { RelucentError } from '../error.js';
import { dotAt, norm2 } from '../linalg/vector.js';
import {
  outputOfGroup,
  patternOfGroup,
  type ConvexProgram,
  type GroupCoefficients,
} from '../program/convex-program.js';
import { ConeProjection } from '../prox/cone-projection.js';
import { GroupCone, type PolyhedralCone } from '../prox/group-cone.js';
import { rowGeometry } from '../prox/row-geometry.js';
import type { ParallelNetwork } from './network.js';
import { balancedSubNetwork } from './reconstruct.js';

/** Pieces shorter than this share of what was decomposed are rounding noise. */
const NEGLIGIBLE = 1e-14;

/**
 * Turns a solution of the gated program into a ReLU network with the same outputs on the training rows, by the cone
 * decomposition v = u − w with u, w in the cone of v's patterns (theory §2; Mishkin, Sahiner & Pilanci 2022).
 *
 * w is the shortest vector for which both w and v + w lie in the cone. Each gated sub-network becomes at most two ReLU
 * ones. The outputs on the training rows do not change; the path norm grows, so the objective does: compare
 * `networkObjective` before and after.
 *
 * @throws RelucentError `unsupported` when a cone has no interior (patterns that only a measure-zero set of weights
 * realises), where no decomposition need exist.
 */
export function decomposeToRelu(program: ConvexProgram, coefficients: GroupCoefficients): ParallelNetwork {
  const geometry = rowGeometry(program.rows);
  return {
    kind: 'relu',
    depth: program.depth,
    inputs: program.rows.d,
    outputs: program.outputs,
    subNetworks: [...coefficients].flatMap(([group, v]) => {
      const pattern = patternOfGroup(program, group);
      const w = shortestShift(new GroupCone(geometry, pattern), v, group);
      const u = v.map((value, t) => value + w[t]!);
      // A piece that rounding alone keeps from zero has no direction worth a sub-network.
      const pieces = [
        [1, u],
        [-1, w],
      ] as const;
      return pieces
        .filter(([, piece]) => norm2(piece) > NEGLIGIBLE * norm2(v))
        .map(([sign, piece]) => ({
          ...balancedSubNetwork(pattern, sign, piece),
          channel: outputOfGroup(program, group),
        }));
    }),
  };
}

/** argmin ‖w‖ s.t. w ∈ K and v + w ∈ K. */
function shortestShift(cone: GroupCone, v: Float64Array, group: number): Float64Array {
  const length = norm2(v);
  const lifted = new LiftedCone(
    cone,
    v.map((value) => value / length),
  );
  // Least-distance programming (Lawson & Hanson 1974, ch. 23): project the last unit vector, divide by its last entry.
  const axis = new Float64Array(cone.dims + 1);
  axis[cone.dims] = 1;
  const projected = new Float64Array(cone.dims + 1);
  new ConeProjection(lifted).project(projected, axis, new Float64Array(lifted.count));
  const last = projected[cone.dims]!;
  if (!(last > 0)) {
    throw new RelucentError(
      'unsupported',
      `group ${group}`,
      'expected a cone with interior points, got one without; its gated sub-network has no ReLU decomposition: ' +
        'train with formulation "relu", or drop the gate that lies exactly on data rows',
    );
  }
  return projected.subarray(0, cone.dims).map((value) => (length * value) / last);
}

/** {(w, t) : ⟨b_i, w⟩ ≥ t · max(0, −⟨b_i, v⟩) for every constraint i of a cone}. */
class LiftedCone implements PolyhedralCone {
  readonly dims: number;
  readonly count: number;
  private readonly base: GroupCone;
  private readonly need: Float64Array;

  constructor(base: GroupCone, v: Float64Array) {
    this.base = base;
    this.dims = base.dims + 1;
    this.count = base.count;
    this.need = new Float64Array(base.count);
    base.slackInto(this.need, v);
    for (let i = 0; i < base.count; i++) this.need[i] = Math.max(0, -this.need[i]!);
  }

  slackInto(out: Float64Array, z: Float64Array): void {
    this.base.slackInto(out, z.subarray(0, this.base.dims));
    for (let i = 0; i < this.count; i++) out[i] = this.lift(out[i]!, z, i);
  }

  slackAt(z: Float64Array, i: number): number {
    return this.lift(this.base.slackAt(z.subarray(0, this.base.dims), i), z, i);
  }

  normalInto(out: Float64Array, i: number): void {
    this.base.normalInto(out.subarray(0, this.base.dims), i);
    out[this.base.dims] = -this.need[i]!;
    const length = Math.sqrt(dotAt(out, 0, out, 0, this.dims));
    for (let t = 0; t < this.dims; t++) out[t]! /= length;
  }

  private lift(slack: number, z: Float64Array, i: number): number {
    const need = this.need[i]!;
    return (slack - need * z[this.base.dims]!) / Math.sqrt(1 + need ** 2);
  }
}
