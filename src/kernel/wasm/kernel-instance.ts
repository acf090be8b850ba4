import { compiledModule, type Build } from './compiled-modules.js';
import { WorkspaceMemory } from './workspace-memory.js';

/** A function that works on chunks `from` … `to` of the partition of a job. */
type Chunked = (job: number, scratch: number, from: number, to: number) => void;

/** Exports that can be shared out among threads. */
export type ChunkedName =
  | 'packRows'
  | 'packTransposed'
  | 'packMasks'
  | 'packWidened'
  | 'packPanels'
  | 'packColumns'
  | 'forward'
  | 'adjoint'
  | 'signedProduct'
  | 'update'
  | 'scaleAndShift'
  | 'choleskyPanels'
  | 'choleskyUpdate'
  | 'choleskySolve';

type KernelExports = Readonly<Record<ChunkedName, Chunked>> & {
  readonly writeMaskTables: () => void;
  readonly choleskyDiagonal: (job: number) => number;
  readonly substitute: (job: number) => void;
};

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

/** A module bound to the memory of one workspace. */
export class KernelInstance {
  readonly memory: WorkspaceMemory;
  readonly exports: KernelExports;
  readonly tile: TileShape;
  private readonly threadScratch: number;
  private scratchAddress = 0;
  private scratchBytes = 0;

  constructor(build: Build) {
    this.memory = new WorkspaceMemory(false);
    this.tile = SHAPES[build];
    const instance = new WebAssembly.Instance(compiledModule(build, false), {
      env: { memory: this.memory.memory },
    });
    this.exports = instance.exports as unknown as KernelExports;
    this.exports.writeMaskTables();
    this.threadScratch = this.memory.allocate(THREAD_SCRATCH, 'workspace', 'free memory');
  }

  /** Does all chunks of a job. */
  run(name: ChunkedName, job: number, chunks: number): void {
    if (chunks > 0) this.exports[name](job, this.threadScratch, 0, chunks);
  }

  /**
   * Addresses of arrays of these sizes in bytes, valid until the next call: scratch that operations share. No content is
   * kept. Callers work in blocks, so that it stays within tens of MiB.
   */
  scratch<const Sizes extends readonly number[]>(sizes: Sizes): { readonly [At in keyof Sizes]: number } {
    const padded = sizes.map((bytes) => Math.ceil(bytes / 64) * 64 + 64);
    const total = padded.reduce((sum, bytes) => sum + bytes, 0);
    if (total > this.scratchBytes) {
      if (this.scratchBytes > 0) this.memory.release(this.scratchAddress);
      this.scratchBytes = 0;
      this.scratchAddress = this.memory.allocate(total, 'workspace', 'use fewer rows or columns at a time');
      this.scratchBytes = total;
    }
    let at = this.scratchAddress;
    return padded.map((bytes) => (at += bytes) - bytes) as { readonly [At in keyof Sizes]: number };
  }
}
