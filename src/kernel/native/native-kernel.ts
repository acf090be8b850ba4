import type { Kernel } from '../kernel.js';
import { findOpenblas, type Missing } from './find-openblas.js';
import { supportsMasks } from './mask-module.js';
import { thisRuntime, type NativeRuntime } from './native-runtime.js';
import { NativeWorkspace } from './native-workspace.js';
import { Openblas } from './openblas.js';

/** Libraries that were loaded, by what RELUCENT_OPENBLAS said then. What is missing may be installed later. */
const loaded = new Map<string, Openblas>();

/**
 * OpenBLAS of the system on that many threads, or what is missing. The same input on the same machine gives the same bits
 * again, but other bits on another number of threads, by another version or on another processor: the name of the kernel
 * says which it was. The number of threads is one for the whole process: workspaces of several workers that ask for
 * different numbers at the same time get either.
 */
export function openblasKernel(threads: number, runtime?: NativeRuntime): Kernel | Missing {
  const blas = runtime ? findOpenblas(runtime) : loadOnce(thisRuntime());
  if (!(blas instanceof Openblas)) return blas;
  if (!supportsMasks()) {
    return { found: 'a runtime without WebAssembly SIMD', fix: 'run without flags that switch it off' };
  }
  return { name: kernelName(blas.config), workspace: (data) => new NativeWorkspace(data, blas, threads) };
}

function loadOnce(runtime: NativeRuntime): Openblas | Missing {
  const key = runtime.environment['RELUCENT_OPENBLAS'] ?? '';
  const known = loaded.get(key);
  if (known) return known;
  const blas = findOpenblas(runtime);
  if (blas instanceof Openblas) loaded.set(key, blas);
  return blas;
}

/** E.g. `OpenBLAS 0.3.21 (DYNAMIC_ARCH Haswell MAX_THREADS=64)`. */
function kernelName(config: string): string {
  const [library = 'OpenBLAS', version = '', ...rest] = config.trim().split(/\s+/);
  return `${library} ${version} (${rest.join(' ')})`;
}
