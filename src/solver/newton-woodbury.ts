import type { SymmetricMatrix, Workspace } from '../kernel/kernel.js';
import { axpyAt, dotAt } from '../linalg/vector.js';
import type { Curvature } from '../loss/index.js';
import { faceRank } from './active-group.js';
import { ColumnStack } from './column-stack.js';
import type { NewtonTask } from './newton-system.js';

/**
 * The Newton step by Woodbury's formula, with C Cᵀ = σM, C of r columns, r the total dimension of the faces:
 *
 *     Δu = −gradient + C·(I + CᵀHC)⁻¹·CᵀH·gradient.
 *
 * 8(n·r + r²) bytes, any number of outputs, and up to twice 8·n·r bytes of scratch.
 */
export function woodburyStep(
  workspace: Workspace,
  { curvature, sigma, groups, gradient }: NewtonTask,
): Float64Array {
  const rank = groups.reduce((sum, group) => sum + faceRank(group), 0);
  const columns = new ColumnStack(workspace, groups[0]?.direction.length ?? 0, rank);
  // One output after the other, so that blocks of CᵀHC are pairs of outputs.
  for (const group of [...groups].sort((a, b) => a.output - b.output)) columns.pushFace(group, sigma);
  const inverse = new LowRankInverse(workspace, curvature, columns.form());
  const residual = gradient.map((value) => -value);
  const bent = new Float64Array(gradient.length);
  curvature.multiplyInto(bent, residual);
  return inverse.apply(residual, bent);
}

/** (I + CCᵀH)⁻¹ by Woodbury's formula, for columns C sorted by output. */
export class LowRankInverse {
  private readonly columns: ColumnStack;
  private readonly small: SymmetricMatrix;
  private readonly n: number;

  constructor(workspace: Workspace, curvature: Curvature, columns: ColumnStack) {
    this.n = workspace.n;
    this.columns = columns;
    this.small = factored((shift) => shiftedProduct(workspace, curvature, columns, shift));
  }

  /** x − C·(I + CᵀHC)⁻¹·CᵀH·x, given `bent` = H·x. */
  apply(x: Float64Array, bent: Float64Array): Float64Array {
    const { n } = this;
    const { data, outputs, count } = this.columns;
    const weights = new Float64Array(count);
    for (let r = 0; r < count; r++) weights[r] = dotAt(data, r * n, bent, outputs[r]! * n, n);
    this.small.solve(weights);
    const out = Float64Array.from(x);
    for (let r = 0; r < count; r++) axpyAt(out, outputs[r]! * n, -weights[r]!, data, r * n, n);
    return out;
  }
}

/** s·I + CᵀHC for columns sorted by output, not factored. */
function shiftedProduct(
  workspace: Workspace,
  curvature: Curvature,
  columns: ColumnStack,
  shift: number,
): SymmetricMatrix {
  const { n } = workspace;
  const small = workspace.symmetric(columns.count);
  const ranges = columns.outputRanges();
  for (const lower of ranges) {
    for (const upper of ranges) {
      if (upper.start > lower.start) break;
      const { left, right, sign } = curvature.block(lower.output, upper.output);
      const a = columns.weighted(lower, left);
      const b = upper === lower && left === right ? a : columns.weighted(upper, right);
      const at = {
        row: lower.start,
        column: upper.start,
        rows: lower.end - lower.start,
        columns: upper.end - upper.start,
      };
      small.addProduct(at, a, b, n, sign);
    }
  }
  small.scaleAndShift(new Float64Array(columns.count).fill(1), shift);
  return small;
}

/** Growth of the shift after a failed factorisation, and the number of tries. */
const SHIFT_GROWTH = 1e4;
const SHIFT_TRIES = 6;

/**
 * The factored matrix of the smallest shift s = 1, 10⁴, … that is positive definite to working precision. Where σH is so large
 * that rounding swallows the identity, as with piecewise losses late in a solve, a larger one still gives a direction of descent.
 *
 * @throws Error where none is.
 */
export function factored(matrixOf: (shift: number) => SymmetricMatrix): SymmetricMatrix {
  let failedPivot = -1;
  for (let attempt = 0; attempt < SHIFT_TRIES; attempt++) {
    const matrix = matrixOf(SHIFT_GROWTH ** attempt);
    failedPivot = matrix.factor();
    if (failedPivot < 0) return matrix;
  }
  throw new Error(`Newton matrix is not positive definite at pivot ${failedPivot}`);
}
