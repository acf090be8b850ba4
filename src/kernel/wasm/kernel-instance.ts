import { bindModule, giveBack, type BoundModule } from './bound-module.js';
import type { Build } from './compiled-modules.js';
import type { ChunkedName, KernelExports } from './kernel-exports.js';
import { ScratchArea } from './scratch-area.js';
import { sharedTeam } from './team.js';
import { WorkspaceMemory } from './workspace-memory.js';

/** Shape of a register tile and of the chunks, as in kernel/layout.ts and kernel/tile.ts. */
export interface TileShape {
  /** Columns that a tile of X·V takes at once, and a tile of Xᵀ·R. */
  readonly columns: number;
  readonly adjointColumns: number;
}

const SHAPES: Readonly<Record<Build, TileShape>> = {
  plain: { columns: 4, adjointColumns: 2 },
  relaxed: { columns: 3, adjointColumns: 3 },
};

/** Rows of a chunk; inner dimension of a block; rows of a panel of a symmetric matrix; columns of a factor's block. */
export const CHUNK_ROWS = 48;
export const DEPTH = 256;
export const PANEL = 12;
export const CHOLESKY_BLOCK = 96;

/** Most columns of a chunk of the adjoint: with DEPTH rows their residuals are 192 KiB. */
export const ADJOINT_CHUNK = 96;

/** Residuals and widened X of the adjoint, see `adjoint` in kernel/masked.ts: the most that any function needs. */
const THREAD_SCRATCH = ADJOINT_CHUNK * DEPTH * 8 + (DEPTH / 2) * (96 * 16 + 64);

/** Flops of a region from which on it is shared out among threads: about 0.2 ms on one. */
const SHARED_WORK = 3e6;

/** Numbers moved cost about as much as this many flops. */
export const MOVED = 8;

/** A module bound to the memory of one workspace. */
export class KernelInstance {
  readonly memory: WorkspaceMemory;
  readonly exports: KernelExports;
  readonly tile: TileShape;
  readonly threads: number;
  private readonly bound: BoundModule;
  private readonly threadScratch: number;
  private failed = false;
  private readonly area: ScratchArea;

  /** With more than one thread, memory is shared: the caller has made sure that this runtime can. */
  constructor(build: Build, threads: number) {
    this.threads = threads;
    this.tile = SHAPES[build];
    this.bound = bindModule(build, threads > 1);
    this.exports = this.bound.exports;
    this.memory = new WorkspaceMemory(this.bound.memory);
    this.area = new ScratchArea(this.memory);
    this.threadScratch = this.memory.allocate(THREAD_SCRATCH * threads, 'threads', 'use fewer threads');
  }

  /** Does all chunks of a job; `work` in flops decides whether threads are worth it. */
  run(name: ChunkedName, job: number, chunks: number, work: number): void {
    if (chunks === 0) return;
    const { bound, exports, threads, threadScratch } = this;
    if (threads === 1 || chunks === 1 || work < SHARED_WORK) {
      exports[name](job, threadScratch, 0, chunks);
      return;
    }
    const scratch = { scratch: threadScratch, scratchStride: THREAD_SCRATCH };
    this.failed = true;
    sharedTeam().run({ workspace: bound, exports, name, job, chunks, work, members: threads, ...scratch });
    this.failed = false;
  }

  /** The last call. A memory in which a worker failed is not used again: the worker might still write to it. */
  release(): void {
    if (this.threads > 1 && !this.failed) giveBack(this.bound);
  }

  /**
   * Addresses of arrays of these sizes in bytes, valid until the next call: scratch that operations share. No content is
   * kept. Callers work in blocks, so that it stays within tens of MiB.
   */
  scratch<const Sizes extends readonly number[]>(sizes: Sizes): { readonly [At in keyof Sizes]: number } {
    return this.area.take(sizes);
  }
}
