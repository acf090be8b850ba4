import { RelucentError, quoteValue } from '../error.js';
import { javascriptKernel } from './javascript/javascript-kernel.js';
import type { DataMatrix, Kernel } from './kernel.js';
import { openblasKernel } from './native/native-kernel.js';
import { MOST_THREADS } from './wasm/team.js';
import { wasmKernel } from './wasm/wasm-kernel.js';

/**
 * `javascript` and `wasm` give the same bits on every machine. `wasm-relaxed` multiplies and adds in one rounding where the
 * machine can, and is faster there. `openblas` is native and faster still: Node with the optional package koffi and an
 * OpenBLAS library, found when it is asked for (RELUCENT_OPENBLAS names one outright). Its bits are the same from run to run
 * on one machine, but depend on the library, the processor and the number of threads.
 */
export const kernelNames = ['javascript', 'wasm', 'wasm-relaxed', 'openblas'] as const;
export type KernelName = (typeof kernelNames)[number];

export interface KernelOptions {
  /** Default: the fastest that this runtime has of its own. */
  readonly kernel?: KernelName | undefined;
  /**
   * Most threads to compute on, 1 … 64; 1 by default. But for `openblas`, results have the same bits on any number. JavaScript
   * uses one.
   */
  readonly threads?: number | undefined;
}

/**
 * The kernel asked for, or the fastest that this runtime has of its own: relaxed SIMD, SIMD, plain JavaScript. Never
 * OpenBLAS unless it is asked for: installing a library or asking for more threads must not change the bits of a result.
 *
 * @throws RelucentError where the kernel asked for cannot run here, or the number of threads is none.
 */
export function availableKernel({ kernel, threads = 1 }: KernelOptions = {}): Kernel {
  if (!Number.isInteger(threads) || threads < 1 || threads > MOST_THREADS) {
    const range = `a whole number from 1 to ${MOST_THREADS}`;
    throw new RelucentError(
      'invalid-argument',
      'threads',
      `expected ${range}, got ${quoteValue(threads)}; give the number of processor cores to use`,
    );
  }
  if (kernel === undefined) {
    return wasmKernel('relaxed', threads) ?? wasmKernel('plain', threads) ?? javascriptKernel;
  }
  if (kernel === 'javascript') return javascriptKernel;
  if (kernel === 'openblas') return foundOpenblas(threads);
  const found = wasmKernel(kernel === 'wasm' ? 'plain' : 'relaxed', threads);
  if (found) return found;
  const missing = kernel === 'wasm' ? 'WebAssembly SIMD' : 'WebAssembly relaxed SIMD';
  throw new RelucentError(
    'unsupported',
    'kernel',
    `expected a runtime with ${missing} for '${kernel}', got one without; leave kernel out to take what is there`,
  );
}

function foundOpenblas(threads: number): Kernel {
  const kernel = openblasKernel(threads);
  if ('workspace' in kernel) return kernel;
  throw new RelucentError(
    'unsupported',
    'kernel',
    `expected koffi and an OpenBLAS library for 'openblas', got ${kernel.found}; ${kernel.fix}, or leave kernel out`,
  );
}

/** Entries of X up to which calling into WebAssembly costs more than the loops it speeds up. */
const SMALL = 1500;

/**
 * The kernel for a data matrix. Where none is asked for it goes by the size of the data alone, so that the choice never
 * changes between runs.
 *
 * @throws RelucentError like {@link availableKernel}
 */
export function kernelFor({ n, d }: Pick<DataMatrix, 'n' | 'd'>, options: KernelOptions = {}): Kernel {
  return options.kernel === undefined && n * d <= SMALL ? javascriptKernel : availableKernel(options);
}
