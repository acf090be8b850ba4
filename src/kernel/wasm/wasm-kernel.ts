import type { Kernel } from '../kernel.js';
import { supportsBuild, type Build } from './compiled-modules.js';
import { WasmWorkspace } from './wasm-workspace.js';

const NAMES: Readonly<Record<Build, string>> = {
  plain: 'WebAssembly SIMD',
  relaxed: 'WebAssembly relaxed SIMD',
};

/** The kernel of a build, or null where this runtime cannot run it. */
export function wasmKernel(build: Build): Kernel | null {
  if (!supportsBuild(build)) return null;
  return { name: NAMES[build], workspace: (data) => new WasmWorkspace(data, build) };
}
