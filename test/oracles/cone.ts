import { solveQP } from 'quadprog';
import { FACE_DEPENDENT, FACE_FEASIBILITY, QUADPROG_FEASIBILITY } from '../tolerances.js';
import { times, type Matrix } from './dense-group.js';

/** Rows scaled to unit length; zero rows are no constraint and left out. */
export function unitRows(B: Matrix): number[][] {
  return B.map((row) => ({ row, length: Math.hypot(...row) }))
    .filter(({ length }) => length > 0)
    .map(({ row, length }) => row.map((value) => value / length));
}

/** Projection onto {z : Bz ≥ 0}, min ½‖z − x‖², by Goldfarb and Idnani's dual method (quadprog). */
export function projectByQuadprog(B: Matrix, x: ArrayLike<number>): number[] {
  const scale = Math.hypot(...Array.from(x));
  const normals = unitRows(B);
  if (scale === 0 || times(normals, x).every((slack) => slack >= 0)) return Array.from(x);
  const dims = x.length;
  const hole = Number.NaN;
  const axes = Array.from({ length: dims }, (_, t) => t);
  const { solution, message } = solveQP(
    [[], ...axes.map((s) => [hole, ...axes.map((t) => (s === t ? 1 : 0))])],
    [hole, ...axes.map((t) => x[t]! / scale)],
    [[], ...axes.map((t) => [hole, ...normals.map((normal) => normal[t]!)])],
    [hole, ...normals.map(() => 0)],
  );
  const z = solution.slice(1);
  const worst = Math.min(...times(normals, z));
  if (message !== '' || !(worst >= -QUADPROG_FEASIBILITY)) {
    throw new Error(`quadprog failed: ${message || `slack ${worst}`}`);
  }
  return z.map((value) => value * scale);
}

/**
 * The same projection by exhaustion, for cones of few constraints and any degeneracy: Π_K(x) is the projection of x
 * onto the subspace {Sz = 0} of some linearly independent set S of constraints, and of all such points that lie in K
 * it is the one nearest to x. Cost O(2^count).
 */
export function projectByFaces(B: Matrix, x: ArrayLike<number>): number[] {
  const normals = unitRows(B);
  const scale = Math.hypot(...Array.from(x));
  let best = new Array<number>(x.length).fill(0);
  let nearest = Infinity;
  const visit = (from: number, basis: readonly (readonly number[])[]): void => {
    const z = without(Array.from(x), basis);
    const far = Math.hypot(...z.map((value, t) => value - x[t]!));
    if (far < nearest && times(normals, z).every((slack) => slack >= -FACE_FEASIBILITY * scale)) {
      best = z;
      nearest = far;
    }
    for (let i = from; i < normals.length && basis.length < x.length; i++) {
      const rest = without(without(normals[i]!, basis), basis);
      const length = Math.hypot(...rest);
      if (length > FACE_DEPENDENT) visit(i + 1, [...basis, rest.map((value) => value / length)]);
    }
  };
  visit(0, []);
  return best;
}

/** x minus its projection on the span of orthonormal vectors. */
function without(x: readonly number[], basis: Matrix): number[] {
  let rest = [...x];
  for (const q of basis) {
    const along = q.reduce((sum, value, t) => sum + value * rest[t]!, 0);
    rest = rest.map((value, t) => value - along * q[t]!);
  }
  return rest;
}
