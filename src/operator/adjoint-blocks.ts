import type { Workspace } from '../kernel/kernel.js';
import type { SubNetworkPattern } from '../arrangement/sub-network-pattern.js';
import { columnsOf } from './group-columns.js';

/** Flops of one block: a few milliseconds, so that callers can pause between blocks. */
const BLOCK_FLOPS = 4e7;
/** Columns of one block at most: bounds its memory. */
const BLOCK_COLUMNS = 512;
/** Columns of one block at least: with fewer the kernel waits for X to come from memory. */
const LEAST_COLUMNS = 48;

/** The adjoints A_cᵀ v_k of some pairs (pattern c, output k): entry c·outputs + k. */
export interface AdjointTask {
  readonly patterns: readonly SubNetworkPattern[];
  readonly outputs: number;
  /** Output-major, length n·outputs. */
  readonly v: Float64Array;
  /** Entries wanted, in order. */
  readonly entries: ArrayLike<number>;
}

/**
 * Calls `visit(entry, adjoint)` for every entry, in order; `adjoint` is a view that the next block overwrites. Yields between
 * blocks, some tenths of a second at most for 60 000×784. Cost 2·n·d flops per leaf, memory 8·dims bytes per entry of a block.
 */
export function* adjointBlocks(
  workspace: Workspace,
  { patterns, outputs, v, entries }: AdjointTask,
  visit: (entry: number, adjoint: Float64Array) => void,
): Generator<undefined, void> {
  const leaves = patterns[0]?.leaves.length ?? 1;
  const dims = leaves * workspace.d;
  const flops = 2 * workspace.n * dims;
  const most = Math.floor(BLOCK_COLUMNS / leaves);
  const least = Math.ceil(LEAST_COLUMNS / leaves);
  const size = Math.max(1, Math.min(most, Math.max(least, Math.floor(BLOCK_FLOPS / flops))));
  const block = new Float64Array(Math.min(size, entries.length) * dims);
  for (let from = 0; from < entries.length; from += size) {
    yield;
    const count = Math.min(size, entries.length - from);
    const maps = Array.from({ length: count }, (_, b) => {
      const entry = entries[from + b]!;
      const pattern = patterns[Math.floor(entry / outputs)]!;
      return { pattern, output: entry % outputs, sign: 1 as const };
    });
    workspace.adjointInto(block, columnsOf(maps), v);
    for (let b = 0; b < count; b++) visit(entries[from + b]!, block.subarray(b * dims, (b + 1) * dims));
  }
}
