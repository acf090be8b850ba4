import type { WorkspaceMemory } from './workspace-memory.js';

/** A stretch of a workspace's memory that operations share, as large as the largest of them needs. */
export class ScratchArea {
  private readonly memory: WorkspaceMemory;
  private address = 0;
  private bytes = 0;

  constructor(memory: WorkspaceMemory) {
    this.memory = memory;
  }

  /** Addresses of arrays of these sizes in bytes, valid until the next call. No content is kept. */
  take<const Sizes extends readonly number[]>(sizes: Sizes): { readonly [At in keyof Sizes]: number } {
    const padded = sizes.map((bytes) => Math.ceil(bytes / 64) * 64 + 64);
    const total = padded.reduce((sum, bytes) => sum + bytes, 0);
    if (total > this.bytes) {
      if (this.bytes > 0) this.memory.release(this.address);
      this.bytes = 0;
      this.address = this.memory.allocate(total, 'workspace', 'use fewer rows or columns at a time');
      this.bytes = total;
    }
    let at = this.address;
    return padded.map((bytes) => (at += bytes) - bytes) as { readonly [At in keyof Sizes]: number };
  }
}
