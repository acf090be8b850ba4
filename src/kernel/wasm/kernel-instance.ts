import { compiledModule, type Build } from './compiled-modules.js';
import type { ChunkedName, KernelExports } from './kernel-exports.js';
import { sharedTeam, type Attached } from './team.js';
import { ScratchArea } from './scratch-area.js';
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

let lastId = 0;

/** Workers hold on to a memory until they are told: also where a workspace is dropped without being disposed of. */
const dropped = new FinalizationRegistry<number>((id) => {
  sharedTeam().detach(id);
});

/** A module bound to the memory of one workspace. */
export class KernelInstance {
  readonly memory: WorkspaceMemory;
  readonly exports: KernelExports;
  readonly tile: TileShape;
  readonly threads: number;
  private readonly attached: Attached;
  private readonly area: ScratchArea;

  /** With more than one thread, memory is shared: the caller has made sure that this runtime can. */
  constructor(build: Build, threads: number) {
    const shared = threads > 1;
    this.threads = threads;
    this.memory = new WorkspaceMemory(shared);
    this.area = new ScratchArea(this.memory);
    this.tile = SHAPES[build];
    const module = compiledModule(build, shared);
    const { memory } = this.memory;
    this.exports = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as KernelExports;
    this.exports.writeMaskTables();
    const scratch = this.memory.allocate(THREAD_SCRATCH * threads, 'threads', 'use fewer threads');
    this.attached = { id: ++lastId, module, memory, scratch, scratchStride: THREAD_SCRATCH };
    if (shared) dropped.register(this, this.attached.id, this);
  }

  /** Does all chunks of a job; `work` in flops decides whether threads are worth it. */
  run(name: ChunkedName, job: number, chunks: number, work: number): void {
    if (chunks === 0) return;
    const { exports, attached, threads } = this;
    if (threads === 1 || chunks === 1 || work < SHARED_WORK) {
      exports[name](job, attached.scratch, 0, chunks);
      return;
    }
    sharedTeam().run({ workspace: attached, exports, name, job, chunks, work, members: threads });
  }

  /** Makes other threads let go of the memory. */
  detach(): void {
    if (this.threads === 1) return;
    dropped.unregister(this);
    sharedTeam().detach(this.attached.id);
  }

  /**
   * Addresses of arrays of these sizes in bytes, valid until the next call: scratch that operations share. No content is
   * kept. Callers work in blocks, so that it stays within tens of MiB.
   */
  scratch<const Sizes extends readonly number[]>(sizes: Sizes): { readonly [At in keyof Sizes]: number } {
    return this.area.take(sizes);
  }
}
