/**
 * GFLOP/s of the dense loops, kernel by kernel, beside numpy's OpenBLAS on one thread in the same run (the ceiling).
 *
 *   npm run bench -- kernels               every case
 *   npm run bench -- kernels Cholesky      the cases whose name contains "Cholesky"
 *
 * Kernels take turns, and the fastest of their turns counts: other work on the machine only ever slows them down. One
 * thread is timed by its processor time, which leaves out the time that other processes take.
 * Correctness first: a result that differs from plain JavaScript's is printed as such and makes the exit code 1.
 * Flops are those of the dense product, as if masks had ones only; plain JavaScript skips the zeros.
 */
import { setFlagsFromString } from 'node:v8';
import { availableKernel, type KernelName } from '../src/kernel/choose-kernel.js';
import { openblasKernel } from '../src/kernel/native/native-kernel.js';
import { supportsBuild } from '../src/kernel/wasm/compiled-modules.js';
import { kernelCases, type KernelCase } from './kernel-cases.js';
import { openblasGflops } from './openblas.js';

/** Plain JavaScript first: what the others are compared with. */
const KERNELS: readonly KernelName[] = ['javascript', 'wasm', 'wasm-relaxed'];

/** Seconds of turns of each kernel, and the most turns; at least two are taken. */
const SECONDS = 1.5;
const TURNS = 200;

/** Largest difference from plain JavaScript, relative to the largest number of the result: summation orders differ. */
const CLOSE = 1e-10;

/** Prints the table of the cases whose name contains every one of `parts`. */
export async function benchKernels(parts: readonly string[]): Promise<void> {
  // Node 20 has relaxed SIMD behind a flag; it counts for modules that are compiled after it is set.
  if (!supportsBuild('relaxed')) setFlagsFromString('--experimental-wasm-relaxed-simd');
  const chosen = kernelCases.filter(({ name }) => parts.every((part) => name.includes(part)));
  const ceiling = await openblasGflops(chosen.map(({ numpy }) => numpy));
  if (ceiling === null) console.log('No python3 with numpy was found: the column numpy stays empty.\n');
  const native = openblasKernel(1);
  const kernels = 'workspace' in native ? [...KERNELS, 'openblas' as const] : KERNELS;
  if ('workspace' in native) console.log(`openblas: ${native.name}, one thread\n`);
  else console.log(`No column openblas: ${native.found}; ${native.fix}.\n`);
  const header = ['GFLOP/s', ...kernels, 'numpy, 1 thread', 'best WebAssembly of it'];
  if (kernels.length > KERNELS.length) header.push('openblas of it');
  console.log(`| ${header.join(' | ')} |\n|${' --- |'.repeat(header.length)}`);
  chosen.forEach((known, place) => {
    const measured = measure(known, kernels);
    const blas = ceiling?.[place] ?? null;
    const share = (value: number): string => (blas === null ? '' : `${((value / blas) * 100).toFixed(0)} %`);
    const cells = [known.name, ...measured.map((value) => value.toFixed(1)), blas?.toFixed(1) ?? ''];
    cells.push(share(Math.max(...measured.slice(1, KERNELS.length))));
    cells.push(...measured.slice(KERNELS.length).map(share));
    console.log(`| ${cells.join(' | ')} |`);
  });
}

/** GFLOP/s of each kernel; WRONG is printed for a result that is not plain JavaScript's. */
function measure(known: KernelCase, kernels: readonly KernelName[]): number[] {
  const runs = kernels.map((kernel) => known.prepare(availableKernel({ kernel })));
  const results = runs.map((run) => {
    run.refresh?.();
    run.once();
    return Float64Array.from(run.result());
  });
  results.forEach((result, k) => {
    if (close(result, results[0] ?? result)) return;
    console.log(`WRONG: ${known.name} by ${kernels[k] ?? ''}`);
    process.exitCode = 1;
  });
  const best = runs.map(() => Infinity);
  const spent = runs.map(() => 0);
  for (let turn = 0; turn < TURNS; turn++) {
    runs.forEach((run, k) => {
      if (turn >= 2 && (spent[k] ?? 0) > SECONDS) return;
      run.refresh?.();
      const start = process.cpuUsage();
      run.once();
      const { user, system } = process.cpuUsage(start);
      const seconds = (user + system) / 1e6;
      best[k] = Math.min(best[k] ?? Infinity, seconds);
      spent[k] = (spent[k] ?? 0) + seconds;
    });
  }
  for (const run of runs) run.dispose();
  return best.map((seconds) => known.flops / seconds / 1e9);
}

function close(actual: Float64Array, expected: Float64Array): boolean {
  let size = 0;
  let most = 0;
  expected.forEach((value, i) => {
    size = Math.max(size, Math.abs(value));
    const difference = Math.abs(value - (actual[i] ?? NaN));
    if (!(difference <= most)) most = difference;
  });
  return most <= CLOSE * size;
}
