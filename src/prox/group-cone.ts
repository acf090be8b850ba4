import { isActive } from '../arrangement/pattern.js';
import { unimpliedRows, type SubNetworkPattern, type Unit } from '../arrangement/sub-network-pattern.js';
import { dotAt, norm2, rowProductsInto } from '../linalg/vector.js';
import type { RowGeometry } from './row-geometry.js';

/** Polyhedral cone {z : ⟨b_i, z⟩ ≥ 0 for every constraint i}, with unit normals b_i, as the projection sees it. */
export interface PolyhedralCone {
  readonly dims: number;
  /** Number of constraints. */
  readonly count: number;
  /** out (length count): ⟨b_i, z⟩ for every i. */
  slackInto(out: Float64Array, z: Float64Array): void;
  /** ⟨b_i, z⟩ for one i. */
  slackAt(z: Float64Array, i: number): number;
  /** out (length dims): b_i. */
  normalInto(out: Float64Array, i: number): void;
}

/** Constraints of one upper unit: its rows that do not follow from below, as positions among the distinct rows. */
interface UpperConstraints {
  readonly unit: Unit;
  readonly positions: Int32Array;
  readonly inverseLength: Float64Array;
}

/**
 * Cone constraints of one group: (2D − I)·(pre-activation) ≥ 0 for every unit of its sub-network, at every distinct
 * row of X. Constraints of an upper unit that follow from those below it are left out.
 */
export class GroupCone implements PolyhedralCone {
  readonly dims: number;
  readonly count: number;
  private readonly geometry: RowGeometry;
  private readonly pattern: SubNetworkPattern;
  private readonly upper: readonly UpperConstraints[];

  constructor(geometry: RowGeometry, pattern: SubNetworkPattern) {
    const { distinct, positionOf, d } = geometry;
    const m = pattern.leaves.length;
    this.geometry = geometry;
    this.pattern = pattern;
    this.dims = m * d;
    this.upper = pattern.units.slice(m).map((unit) => {
      const rows = unimpliedRows(unit, distinct);
      return {
        unit,
        positions: rows.map((row) => positionOf[row]!),
        inverseLength: Float64Array.from(
          rows,
          (row) => 1 / Math.sqrt(unit.terms.filter((term) => !term.mask || isActive(term.mask, row)).length),
        ),
      };
    });
    this.count = m * distinct.length + this.upper.reduce((sum, u) => sum + u.positions.length, 0);
  }

  slackInto(out: Float64Array, z: Float64Array): void {
    const { distinct, normals, d } = this.geometry;
    const m = this.pattern.leaves.length;
    const size = distinct.length;
    const rows = { values: normals, count: size, d };
    for (let j = 0; j < m; j++) {
      const { pattern } = this.pattern.units[j]!;
      const first = j * size;
      rowProductsInto(out, rows, z, { out: first, z: j * d });
      for (let p = 0; p < size; p++) if (!isActive(pattern, distinct[p]!)) out[first + p] = -out[first + p]!;
    }
    let at = m * size;
    for (const { unit, positions, inverseLength } of this.upper) {
      for (let q = 0; q < positions.length; q++) {
        const p = positions[q]!;
        const i = distinct[p]!;
        let sum = 0;
        // An active leaf's own slack is ⟨row, z_j⟩: its pattern bit is set wherever its mask is.
        for (const term of unit.terms) {
          if (!term.mask || isActive(term.mask, i)) sum += term.sign * out[term.leaf * size + p]!;
        }
        out[at++] = (isActive(unit.pattern, i) ? sum : -sum) * inverseLength[q]!;
      }
    }
  }

  slackAt(z: Float64Array, i: number): number {
    const { distinct, normals, d } = this.geometry;
    const size = distinct.length;
    const first = this.pattern.leaves.length * size;
    if (i < first) {
      const j = Math.floor(i / size);
      const p = i - j * size;
      const value = dotAt(normals, p * d, z, j * d, d);
      return isActive(this.pattern.units[j]!.pattern, distinct[p]!) ? value : -value;
    }
    const { unit, position, inverseLength } = this.upperConstraint(i - first);
    const row = distinct[position]!;
    let sum = 0;
    for (const term of unit.terms) {
      if (term.mask && !isActive(term.mask, row)) continue;
      sum += term.sign * dotAt(normals, position * d, z, term.leaf * d, d);
    }
    return (isActive(unit.pattern, row) ? sum : -sum) * inverseLength;
  }

  normalInto(out: Float64Array, i: number): void {
    const { distinct, normals, d } = this.geometry;
    const size = distinct.length;
    const first = this.pattern.leaves.length * size;
    out.fill(0);
    if (i < first) {
      const j = Math.floor(i / size);
      const p = i - j * size;
      const sign = isActive(this.pattern.units[j]!.pattern, distinct[p]!) ? 1 : -1;
      for (let t = 0; t < d; t++) out[j * d + t] = sign * normals[p * d + t]!;
      return;
    }
    const { unit, position, inverseLength } = this.upperConstraint(i - first);
    const row = distinct[position]!;
    const scale = (isActive(unit.pattern, row) ? 1 : -1) * inverseLength;
    for (const term of unit.terms) {
      if (term.mask && !isActive(term.mask, row)) continue;
      for (let t = 0; t < d; t++) out[term.leaf * d + t] = scale * term.sign * normals[position * d + t]!;
    }
  }

  private upperConstraint(rest: number): { unit: Unit; position: number; inverseLength: number } {
    for (const { unit, positions, inverseLength } of this.upper) {
      if (rest < positions.length) {
        return { unit, position: positions[rest]!, inverseLength: inverseLength[rest]! };
      }
      rest -= positions.length;
    }
    throw new RangeError('constraint number out of range');
  }
}

/** Largest violation max_i −⟨b_i, z⟩ / ‖z‖ of a cone's constraints, 0 for a feasible z. */
export function relativeViolation(cone: PolyhedralCone, z: Float64Array): number {
  const length = Math.sqrt(dotAt(z, 0, z, 0, z.length)) || norm2(z);
  if (length === 0) return 0;
  const slack = new Float64Array(cone.count);
  cone.slackInto(slack, z);
  let worst = 0;
  for (const value of slack) worst = Math.max(worst, -value / length);
  return worst;
}
