import type { DataMatrix, Kernel } from './kernel.js';
import { javascriptKernel } from './javascript/javascript-kernel.js';

/** The kernel for a data matrix where none is asked for. */
export function kernelFor(_data: DataMatrix): Kernel {
  return javascriptKernel;
}
