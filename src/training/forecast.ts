import { CV_GRID } from '../estimator/select-beta.js';
import { javascriptKernel } from '../kernel/javascript/javascript-kernel.js';
import type { Formulation } from '../program/convex-program.js';
import { recipeSize } from '../estimator/program-recipe.js';
import { candidatesOf } from './fit-model.js';
import type { PreparedTable } from './prepare-table.js';
import type { TrainOptions } from './train-options.js';

/** What a run is expected to need, before it is started. */
export interface Forecast {
  /** Certified solves of the network: those of the cross-validation and the last one, outputs counted. */
  readonly solves: number;
  /** Wall-clock seconds. */
  readonly seconds: number;
  /** Peak memory of the process. */
  readonly bytes: number;
  /** Both may be off by so much in either direction. */
  readonly factor: number;
}

/** Measured on the tables of data/, one thread at the reference speed (docs/benchmarks.md): a·size^b, size in millions. */
const FOLD = { seconds: 2.1, power: 0.65 };
const FIT = { seconds: 0.5, power: 0.75 };
const GATED_SHARE = 0.3;
const YARDSTICKS = 0.4;
/** Masked multiply-adds of plain JavaScript in a second at which the above was measured. */
const REFERENCE_SPEED = 2.9e9;
const FACTOR = 5;

/** A process that has loaded everything, and one more that works for it. */
const PROCESS_BYTES = 1.3e8;
const WORKER_BYTES = 5e7;
/** Columns of the matrices of a Newton step: as many as vary over the active faces, rarely more. */
const NEWTON_COLUMNS = 500;

/**
 * Forecast of {@link trainTable} on prepared rows. `speed`: that of {@link measureSpeed}. A time limit bounds the seconds.
 */
export function forecastTraining(
  prepared: PreparedTable,
  options: TrainOptions,
  { threads, speed }: { readonly threads: number; readonly speed: number },
): Forecast {
  const { rows } = prepared.train;
  const outputs = prepared.outputs.length;
  const sizes = candidatesOf(prepared, options).map(({ recipe }) => recipeSize(recipe, rows) / 1e6);
  const isChosen = sizes.length > 1 || (options.beta === undefined && options.betaRatio === undefined);
  const folds = isChosen ? options.folds : 0;
  // Outer folds choose and train again; calibration trains once more in every fold.
  const choices = 1 + (options.nested ?? 0);
  const fits = choices + (options.calibration === undefined ? 0 : options.folds);
  const share = (options.formulation === 'gated' ? GATED_SHARE : 1) * (REFERENCE_SPEED / speed);
  const rounds = (tasks: number): number => Math.ceil(tasks / threads);
  const seconds =
    share *
    (choices * rounds(folds * outputs) * FOLD.seconds * sum(sizes.map((size) => size ** FOLD.power)) +
      fits * rounds(outputs) * FIT.seconds * Math.max(...sizes) ** FIT.power +
      YARDSTICKS);
  const busy = Math.min(threads, Math.max(folds, 1) * outputs);
  const { n, d } = rows;
  const each = 8 * n * (2 * (d + 1) + 2 * Math.min(n, NEWTON_COLUMNS));
  return {
    solves: (choices * folds * CV_GRID.count * sizes.length + fits) * outputs,
    seconds: Math.min(seconds, options.timeLimit ?? Infinity),
    bytes: PROCESS_BYTES + 3 * 8 * n * d + busy * each + (threads > 1 ? busy * WORKER_BYTES : 0),
    factor: FACTOR,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/**
 * Forecast of one solve of a program on n rows of d numbers, with so many leaves in all patterns together and one thread.
 */
export function forecastSolve(
  { n, d, outputs, leaves, formulation }: SolveSize,
  speed: number,
): Pick<Forecast, 'seconds' | 'bytes' | 'factor'> {
  const share = (formulation === 'gated' ? GATED_SHARE : 1) * (REFERENCE_SPEED / speed);
  const size = (n * d * leaves * outputs) / 1e6;
  return {
    seconds: share * FIT.seconds * size ** FIT.power,
    bytes: PROCESS_BYTES / 1.5 + 8 * n * (2 * d + 2 * outputs * Math.min(n, NEWTON_COLUMNS)),
    factor: FACTOR,
  };
}

export interface SolveSize {
  readonly n: number;
  readonly d: number;
  readonly outputs: number;
  /** Leaves of all patterns. */
  readonly leaves: number;
  readonly formulation: Formulation;
}

const ROWS = 500;
const COLUMNS = 20;
const PATTERNS = 50;

/** Flops of masked products in a second in plain JavaScript on this machine: a tenth of a second's measurement. */
export function measureSpeed(): number {
  const X = Float64Array.from({ length: ROWS * COLUMNS }, (_, i) => Math.sin(i));
  const workspace = javascriptKernel.workspace({ X, n: ROWS, d: COLUMNS });
  const masks = Array.from({ length: PATTERNS }, (_, c) =>
    Uint32Array.from({ length: Math.ceil(ROWS / 32) }, (__, w) =>
      ROWS - 32 * w < 32 ? 0 : 0x55555555 << (c % 2),
    ),
  );
  const columns = { masks, scales: masks.map(() => 1), outputs: masks.map(() => 0) };
  const z = new Float64Array(PATTERNS * COLUMNS).fill(0.1);
  const out = new Float64Array(ROWS);
  const started = performance.now();
  let flops = 0;
  let best = Infinity;
  while (performance.now() - started < 100) {
    const from = performance.now();
    workspace.addForward(out, columns, z);
    best = Math.min(best, performance.now() - from);
    flops = 2 * ROWS * COLUMNS * PATTERNS;
  }
  workspace.dispose();
  return flops / (best / 1000);
}
