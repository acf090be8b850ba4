import type { Workspace } from '../kernel/kernel.js';
import { complementBasis, UpdatableQr } from '../linalg/updatable-qr.js';
import { axpyAt } from '../linalg/vector.js';
import { faceRank, unsignedColumns, type ActiveGroup } from './active-group.js';

/** Columns start … end − 1 of a {@link ColumnStack}, all of one output. */
export interface OutputRange {
  readonly output: number;
  readonly start: number;
  readonly end: number;
}

/** Leaf images made at once: bounds the scratch of groups of several leaves. */
const BATCH = 64;

/**
 * Images w·A·b of vectors b, one after the other: row r of `data` is the r-th image, length n, of output `outputs[r]`. They are
 * queued by {@link push} and made together by {@link form}.
 */
export class ColumnStack {
  readonly data: Float64Array;
  readonly outputs: Int32Array;
  readonly count: number;
  private readonly workspace: Workspace;
  private readonly groups: ActiveGroup[] = [];
  private readonly vectors: Float64Array;

  constructor(workspace: Workspace, dims: number, count: number) {
    this.workspace = workspace;
    this.count = count;
    this.data = new Float64Array(count * workspace.n);
    this.outputs = new Int32Array(count);
    this.vectors = new Float64Array(count * dims);
  }

  push(group: ActiveGroup, vector: Float64Array, weight: number): void {
    const base = this.groups.length * vector.length;
    for (let t = 0; t < vector.length; t++) this.vectors[base + t] = weight * vector[t]!;
    this.outputs[this.groups.length] = group.output;
    this.groups.push(group);
  }

  /** Pushes A·[p̂, √(1 − shrink)·(rest of an orthonormal basis of the face)], times √σ. */
  pushFace(group: ActiveGroup, sigma: number): void {
    const dims = group.direction.length;
    this.push(group, group.direction, Math.sqrt(sigma));
    if (faceRank(group) === 1) return;
    const span = group.face ?? new UpdatableQr(dims);
    span.append(group.direction);
    const basis = complementBasis(span);
    span.remove(span.size - 1);
    const weight = Math.sqrt(sigma * (1 - group.shrink));
    for (let at = 0; at < basis.length; at += dims) this.push(group, basis.subarray(at, at + dims), weight);
  }

  /** Makes `data` from what was pushed: `count` columns. Cost 2·n·dims flops each. */
  form(): this {
    const { workspace, groups, vectors, data } = this;
    const { n } = workspace;
    const leaves = groups[0]?.pattern.leaves.length ?? 1;
    const dims = leaves * workspace.d;
    if (leaves === 1) {
      workspace.imagesInto(data, unsignedColumns(groups), vectors);
      return this;
    }
    const scratch = new Float64Array(Math.min(BATCH, groups.length) * leaves * n);
    for (let from = 0; from < groups.length; from += BATCH) {
      const batch = groups.slice(from, from + BATCH);
      const part = vectors.subarray(from * dims, (from + batch.length) * dims);
      workspace.imagesInto(scratch, unsignedColumns(batch), part);
      batch.forEach((_, c) => {
        for (let leaf = c * leaves; leaf < (c + 1) * leaves; leaf++)
          axpyAt(data, (from + c) * n, 1, scratch, leaf * n, n);
      });
    }
    return this;
  }

  /** Runs of columns of the same output. */
  outputRanges(): OutputRange[] {
    const ranges: OutputRange[] = [];
    for (let start = 0, end = 0; start < this.count; start = end) {
      const output = this.outputs[start]!;
      while (end < this.count && this.outputs[end] === output) end++;
      ranges.push({ output, start, end });
    }
    return ranges;
  }

  /** A copy of the columns of `range` with entry i of each times weights[i]. */
  weighted({ start, end }: OutputRange, weights: Float64Array): Float64Array {
    const { n } = this.workspace;
    const copy = this.data.slice(start * n, end * n);
    for (let at = 0; at < copy.length; at += n) for (let i = 0; i < n; i++) copy[at + i]! *= weights[i]!;
    return copy;
  }
}
