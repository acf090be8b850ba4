/**
 * GFLOP/s of the dense loops, kernel by kernel, beside OpenBLAS on one thread in the same run (the ceiling, from numpy).
 *
 *   npm run bench -- kernels               every case
 *   npm run bench -- kernels Cholesky      the cases whose name contains "Cholesky"
 *   npm run bench -- kernels --threads 2   one thread against two, both by the clock
 *
 * Kernels take turns, and the fastest of their turns counts: other work on the machine only ever slows them down. One
 * thread is timed by its processor time, which leaves out the time that other processes take; several by the clock.
 * Correctness first: a result that differs from plain JavaScript's is printed as such and makes the exit code 1.
 * Flops are those of the dense product, as if masks had ones only; plain JavaScript skips the zeros.
 */
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { availableKernel, type KernelName } from '../src/kernel/choose-kernel.js';
import { openblasKernel } from '../src/kernel/native/native-kernel.js';
import { supportsBuild } from '../src/kernel/wasm/compiled-modules.js';
import { kernelCases, type KernelCase, type PreparedRun } from './kernel-cases.js';
import { openblasGflops } from './openblas.js';

/** Seconds of turns of each kernel, and the most turns; at least two are taken. */
const SECONDS = 1.5;
const TURNS = 200;

/** Largest difference from plain JavaScript, relative to the largest number of the result: summation orders differ. */
const CLOSE = 1e-10;

/** Prints the table of the cases whose name contains every one of `parts`. */
export async function benchKernels(args: readonly string[]): Promise<void> {
  const { values, positionals: parts } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { threads: { type: 'string', default: '1' } },
  });
  const threads = Number(values.threads);
  // Node 20 has relaxed SIMD behind a flag; it counts for modules that are compiled after it is set.
  if (!supportsBuild('relaxed')) setFlagsFromString('--experimental-wasm-relaxed-simd');
  const chosen = kernelCases.filter(({ name }) => parts.every((part) => name.includes(part)));
  const ceiling = await openblasGflops(
    chosen.map(({ numpy }) => numpy),
    threads,
  );
  if (ceiling === null) console.log('No python3 with numpy was found: the OpenBLAS columns stay empty.\n');
  const options = kernelOptions(threads);
  const native = openblasKernel(1);
  const hasNative = 'workspace' in native;
  if (hasNative) options.push({ kernel: 'openblas', threads });
  console.log(
    hasNative ? `openblas: ${native.name}\n` : `No column openblas: ${native.found}; ${native.fix}.\n`,
  );
  const labels = options.map(({ kernel, threads: own }) => (own === 1 ? kernel : `${kernel} × ${own}`));
  const header = ['GFLOP/s', ...labels, `numpy × ${threads}`, 'best WebAssembly of it'];
  if (hasNative) header.push('openblas of it');
  console.log(`| ${header.join(' | ')} |\n|${' --- |'.repeat(header.length)}`);
  for (const [place, known] of chosen.entries()) {
    const measured = await measure(known, options);
    const blas = ceiling?.[place] ?? null;
    const share = (value: number): string => (blas === null ? '' : `${((value / blas) * 100).toFixed(0)} %`);
    const own = hasNative ? measured.slice(1, -1) : measured.slice(1);
    const cells = [known.name, ...measured.map((value) => value.toFixed(1)), blas?.toFixed(1) ?? ''];
    cells.push(share(Math.max(...own)), ...(hasNative ? [share(measured.at(-1) ?? 0)] : []));
    console.log(`| ${cells.join(' | ')} |`);
  }
}

interface Chosen {
  readonly kernel: KernelName;
  readonly threads: number;
}

/** Plain JavaScript first: it is the reference. */
function kernelOptions(threads: number): Chosen[] {
  const builds = (['wasm', 'wasm-relaxed'] as const).flatMap((kernel) => [
    { kernel, threads: 1 },
    ...(threads > 1 ? [{ kernel, threads }] : []),
  ]);
  return [{ kernel: 'javascript', threads: 1 }, ...builds];
}

/** GFLOP/s of each kernel; WRONG is printed for a result that is not plain JavaScript's. */
async function measure(known: KernelCase, options: readonly Chosen[]): Promise<number[]> {
  const byClock = options.some(({ threads }) => threads > 1);
  const runs = options.map((own) => known.prepare(availableKernel(own)));
  const results = runs.map((run) => {
    run.refresh?.();
    run.once();
    return Float64Array.from(run.result());
  });
  results.forEach((result, k) => {
    if (close(result, results[0] ?? result)) return;
    console.log(`WRONG: ${known.name} by ${JSON.stringify(options[k])}`);
    process.exitCode = 1;
  });
  const best = runs.map(() => Infinity);
  const spent = runs.map(() => 0);
  for (let turn = 0; turn < TURNS; turn++) {
    for (const [k, run] of runs.entries()) {
      if (turn >= 2 && (spent[k] ?? 0) > SECONDS) continue;
      // Workers start, and hear of memories, between turns; the second of two calls finds them awake.
      if (byClock) await setTimeout(1);
      for (let call = 0; call < (byClock ? 2 : 1); call++) {
        const seconds = secondsOf(run, byClock);
        best[k] = Math.min(best[k] ?? Infinity, seconds);
        spent[k] = (spent[k] ?? 0) + seconds;
      }
    }
  }
  for (const run of runs) run.dispose();
  return best.map((seconds) => known.flops / seconds / 1e9);
}

function secondsOf(run: PreparedRun, byClock: boolean): number {
  run.refresh?.();
  const start = process.cpuUsage();
  const startClock = performance.now();
  run.once();
  if (byClock) return (performance.now() - startClock) / 1000;
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
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
