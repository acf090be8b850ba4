import { RelucentError } from '../error.js';
import { javascriptKernel } from './javascript/javascript-kernel.js';
import type { DataMatrix, Kernel } from './kernel.js';
import { wasmKernel } from './wasm/wasm-kernel.js';

/**
 * `javascript` and `wasm` give the same bits on every machine. `wasm-relaxed` multiplies and adds in one rounding where the
 * machine can, and is faster there.
 */
export type KernelName = 'javascript' | 'wasm' | 'wasm-relaxed';

export interface KernelOptions {
  /** Default: the fastest that this runtime has. */
  readonly kernel?: KernelName;
}

/**
 * The kernel asked for, or the fastest that this runtime has: relaxed SIMD, SIMD, plain JavaScript.
 *
 * @throws RelucentError where the kernel asked for cannot run here.
 */
export function availableKernel({ kernel }: KernelOptions = {}): Kernel {
  if (kernel === undefined) return wasmKernel('relaxed') ?? wasmKernel('plain') ?? javascriptKernel;
  if (kernel === 'javascript') return javascriptKernel;
  const found = wasmKernel(kernel === 'wasm' ? 'plain' : 'relaxed');
  if (found) return found;
  const missing = kernel === 'wasm' ? 'WebAssembly SIMD' : 'WebAssembly relaxed SIMD';
  throw new RelucentError(
    'unsupported',
    'kernel',
    `expected a runtime with ${missing} for '${kernel}', got one without; leave kernel out to take what is there`,
  );
}

/** Entries of X up to which calling into WebAssembly costs more than the loops it speeds up. */
const SMALL = 1500;

/** The kernel for a data matrix where none is asked for: by its size alone, so that the choice never changes between runs. */
export function kernelFor({ n, d }: Pick<DataMatrix, 'n' | 'd'>): Kernel {
  return n * d <= SMALL ? javascriptKernel : availableKernel();
}
