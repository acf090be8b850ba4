import type { MaskedColumns, Workspace } from '../kernel/kernel.js';
import { applyJacobian, unsignedColumns, type ActiveGroup } from './active-group.js';

/** M = Σ_g A_g J_g A_gᵀ as a linear map on vectors of length n·K, without a matrix. */
export class GeneralisedHessian {
  private readonly workspace: Workspace;
  private readonly groups: readonly ActiveGroup[];
  private readonly columns: MaskedColumns;
  private readonly coefficients: Float64Array;

  constructor(workspace: Workspace, groups: readonly ActiveGroup[]) {
    this.workspace = workspace;
    this.groups = groups;
    this.columns = unsignedColumns(groups);
    this.coefficients = new Float64Array(this.columns.masks.length * workspace.d);
  }

  /** out += alpha · M · w. Cost 4·n·d flops per leaf. */
  addProduct(out: Float64Array, w: Float64Array, alpha: number): void {
    const { workspace, columns, coefficients } = this;
    workspace.adjointInto(coefficients, columns, w);
    let at = 0;
    for (const group of this.groups) {
      const t = coefficients.subarray(at, (at += group.direction.length));
      applyJacobian(group, t);
      for (let c = 0; c < t.length; c++) t[c]! *= alpha;
    }
    workspace.addForward(out, columns, coefficients);
  }
}
