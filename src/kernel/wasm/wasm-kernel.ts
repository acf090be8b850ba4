import type { Kernel } from '../kernel.js';
import { supportsBuild, type Build } from './compiled-modules.js';
import { canShareMemory } from './team-worker.js';
import { WasmWorkspace } from './wasm-workspace.js';

const NAMES: Readonly<Record<Build, string>> = {
  plain: 'WebAssembly SIMD',
  relaxed: 'WebAssembly relaxed SIMD',
};

/**
 * The kernel of a build on at most that many threads, or null where this runtime cannot run it. Where threads cannot share
 * memory, in a page without isolation headers for example, one does all: results have the same bits.
 */
export function wasmKernel(build: Build, threads: number): Kernel | null {
  if (!supportsBuild(build)) return null;
  const usable = threads > 1 && canShareMemory() ? threads : 1;
  return { name: NAMES[build], workspace: (data) => new WasmWorkspace(data, build, usable) };
}
