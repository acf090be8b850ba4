import { RelucentError } from '../../error.js';

const PAGE = 65_536;

/** The last page of 4 GiB stays unused, so that the address after any array is a 32-bit number. */
const MOST_BYTES = 65_535 * PAGE;

/** Mask tables and the description of the current job lie below. */
const FIRST_ADDRESS = 8_192;

/** Cache lines, and vectors that never cross one. */
const ALIGNMENT = 64;

interface Segment {
  readonly address: number;
  readonly bytes: number;
}

/**
 * The linear memory of a workspace with a first-fit allocator. Everything is aligned to 64 bytes. Views are replaced when
 * memory grows: never keep one across an allocation.
 */
export class WorkspaceMemory {
  readonly memory: WebAssembly.Memory;
  f64!: Float64Array;
  f32!: Float32Array;
  u32!: Uint32Array;
  u8!: Uint8Array;
  /** Free stretches between allocations, by address; the rest of memory from `end` on is free too. */
  private gaps: Segment[] = [];
  private readonly used = new Map<number, number>();
  private end = FIRST_ADDRESS;

  /** All of `memory` from {@link FIRST_ADDRESS} on, whatever is there. */
  constructor(memory: WebAssembly.Memory) {
    this.memory = memory;
    this.refreshViews();
  }

  /**
   * The address of `bytes` bytes of any content.
   *
   * @throws RelucentError where they do not fit in 4 GiB: `what` names them, `instead` the way around it.
   */
  allocate(bytes: number, what: string, instead: string): number {
    const size = Math.max(1, Math.ceil(bytes / ALIGNMENT)) * ALIGNMENT;
    const place = this.gaps.findIndex((gap) => gap.bytes >= size);
    const gap = this.gaps[place];
    const address = gap ? gap.address : this.end;
    if (gap) {
      const rest = { address: address + size, bytes: gap.bytes - size };
      this.gaps.splice(place, 1, ...(rest.bytes > 0 ? [rest] : []));
    } else {
      this.growTo(address + size, what, instead);
      this.end = address + size;
    }
    this.used.set(address, size);
    return address;
  }

  /** Gives back what {@link allocate} returned. */
  release(address: number): void {
    const bytes = this.used.get(address);
    if (bytes === undefined) throw new RangeError(`nothing was allocated at ${address}`);
    this.used.delete(address);
    this.gaps.push({ address, bytes });
    this.gaps.sort((a, b) => a.address - b.address);
    this.gaps = merged(this.gaps);
    const last = this.gaps.at(-1);
    if (last && last.address + last.bytes === this.end) {
      this.gaps.pop();
      this.end = last.address;
    }
  }

  private growTo(end: number, what: string, instead: string): void {
    const missing = Math.ceil(end / PAGE) - this.memory.buffer.byteLength / PAGE;
    if (missing <= 0) return;
    if (end > MOST_BYTES) throw tooLarge(end, what, instead);
    try {
      this.memory.grow(missing);
    } catch {
      throw tooLarge(end, what, instead);
    }
    this.refreshViews();
  }

  private refreshViews(): void {
    const { buffer } = this.memory;
    this.f64 = new Float64Array(buffer);
    this.f32 = new Float32Array(buffer);
    this.u32 = new Uint32Array(buffer);
    this.u8 = new Uint8Array(buffer);
  }
}

function merged(sorted: readonly Segment[]): Segment[] {
  const result: Segment[] = [];
  for (const { address, bytes } of sorted) {
    const before = result.at(-1);
    if (before && before.address + before.bytes === address) {
      result[result.length - 1] = { address: before.address, bytes: before.bytes + bytes };
    } else result.push({ address, bytes });
  }
  return result;
}

function tooLarge(bytes: number, what: string, instead: string): RelucentError {
  const needed = (bytes / 2 ** 30).toFixed(2);
  return new RelucentError(
    'unsupported',
    what,
    `expected a problem that fits in WebAssembly memory (4 GiB, or what this machine gives), got one that needs ${needed} GiB; ${instead}`,
  );
}
