import { decodeModule } from '../wasm/compiled-modules.js';
import { ScratchArea } from '../wasm/scratch-area.js';
import { WorkspaceMemory } from '../wasm/workspace-memory.js';
import { maskModuleBytes } from './module-bytes.js';

/** What kernel/native.ts exports. Addresses and strides are in bytes, `rows` is a multiple of 16. */
interface MaskExports {
  readonly writeNibbleMasks: () => void;
  readonly addMasked: (
    products: number,
    rows: number,
    columns: number,
    masks: number,
    maskStride: number,
    out: number,
  ) => void;
  readonly spreadMasked: (
    out: number,
    rows: number,
    columns: number,
    masks: number,
    maskStride: number,
    scales: number,
    slots: number,
    vector: number,
  ) => void;
}

/** Rows that masks are applied to at once. */
export const MASK_ROWS = 16;

let compiled: WebAssembly.Module | null = null;

/** Whether this runtime can run the module. */
export function supportsMasks(): boolean {
  return typeof WebAssembly === 'object' && WebAssembly.validate(decodeModule(maskModuleBytes));
}

/** Masks in WebAssembly, over blocks in a memory that native routines read and write too. */
export class MaskModule {
  readonly memory = new WorkspaceMemory(new WebAssembly.Memory({ initial: 1 }));
  readonly exports: MaskExports;
  private readonly area = new ScratchArea(this.memory);

  constructor() {
    compiled ??= new WebAssembly.Module(decodeModule(maskModuleBytes));
    const { memory } = this.memory;
    this.exports = new WebAssembly.Instance(compiled, { env: { memory } }).exports as unknown as MaskExports;
    this.exports.writeNibbleMasks();
  }

  /** Addresses of arrays of these sizes in bytes, valid until the next call. No content is kept. */
  scratch<const Sizes extends readonly number[]>(sizes: Sizes): { readonly [At in keyof Sizes]: number } {
    return this.area.take(sizes);
  }

  /** `length` numbers of the memory from an address on: a view until memory grows. */
  numbers(address: number, length: number): Float64Array {
    return this.memory.f64.subarray(address / 8, address / 8 + length);
  }
}
