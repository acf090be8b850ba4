/**
 * Growth of the time to a relative gap of 1e-6 with the number of patterns, of rows and of columns: a planted network with
 * noise, squared loss, β = 0.02·n (cases.ts), gated and ReLU, each case in a process of its own.
 *
 *   npm run bench -- scaling                       every sweep; up to an hour
 *   npm run bench -- scaling "gated rows"          the sweeps whose name contains "gated rows"
 *   npm run bench -- scaling --limit 120           seconds after which a case is given up; default 120
 *   npm run bench -- scaling --runs 3              medians of 3; default 1
 *
 * Exponents are fitted by least squares to the logarithms of all points of a sweep that were solved; what ran past the
 * limit is printed as such, and larger cases of that sweep are left out. A case past the limit is no failure here.
 */
import { parseArgs } from 'node:util';
import type { Formulation } from '../src/program/convex-program.js';
import { planted } from './cases.js';
import { inChildWithin } from './in-child.js';
import { chosenBy, numberOption } from './options.js';
import {
  measureSolve,
  medianBySeconds,
  printHead,
  printRow,
  type SolveMeasurement,
} from './measured-solve.js';

/** First argument of the child processes, followed by n, d, P, a formulation and a limit in seconds. */
const CHILD = '--scaling';
/** Seconds a process gets beyond the limit of its solver, to make the case and to end a step. */
const GRACE = 60;

interface Size {
  readonly n: number;
  readonly d: number;
  readonly P: number;
}

interface Sweep {
  readonly name: string;
  readonly formulation: Formulation;
  readonly varied: keyof Size;
  readonly sizes: readonly Size[];
}

interface Limits {
  /** Seconds. */
  readonly limit: number;
  readonly runs: number;
}

const sweeps: readonly Sweep[] = (['gated', 'relu'] as const).flatMap((formulation) => [
  {
    name: `${formulation} patterns`,
    formulation,
    varied: 'P' as const,
    sizes: [100, 300, 1000, 3000, 10_000].map((P) => ({ n: 1000, d: 50, P })),
  },
  {
    name: `${formulation} rows`,
    formulation,
    varied: 'n' as const,
    sizes: [250, 500, 1000, 2000, 4000, 8000].map((n) => ({ n, d: 20, P: 200 })),
  },
  {
    name: `${formulation} columns`,
    formulation,
    varied: 'd' as const,
    sizes: [10, 20, 40, 80, 160].map((d) => ({ n: 1000, d, P: 200 })),
  },
]);

if (process.argv[2] === CHILD) await measure(process.argv.slice(3));

/** Prints the table of the sweeps whose name contains every part, and their exponents. */
export async function benchScaling(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { limit: { type: 'string', default: '120' }, runs: { type: 'string', default: '1' } },
  });
  const limits = {
    limit: numberOption('limit', values.limit),
    runs: numberOption('runs', values.runs, { least: 1, whole: true }),
  };
  printHead('sweep,n,d,P,β,seconds,CPU seconds,Newton,working set,active,relative gap,peak MiB'.split(','));
  const fits: string[] = [];
  for (const sweep of chosenBy(positionals, sweeps)) {
    fits.push(await runSweep(sweep, limits));
  }
  console.log(`\n${fits.join('\n')}`);
}

/** Runs one sweep and returns what to say about its exponent. */
async function runSweep(sweep: Sweep, limits: Limits): Promise<string> {
  const points: (readonly [number, number])[] = [];
  const cpuPoints: (readonly [number, number])[] = [];
  const { name, formulation, varied, sizes } = sweep;
  for (const size of sizes) {
    const m = await runCase(formulation, size, limits);
    const cells = [name, size.n, size.d, size.P];
    if (m?.status !== 'optimal') {
      const gap = m ? m.relativeGap.toExponential(1) : '–';
      const why = m?.status === 'iteration-limit' ? 'iteration-limit' : `> ${limits.limit}`;
      printRow([
        ...cells,
        0.02 * size.n,
        why,
        m?.cpuSeconds.toPrecision(3) ?? '–',
        m?.newton ?? '–',
        m?.workingSet ?? '–',
        m?.active ?? '–',
        gap,
        '–',
      ]);
      if (m?.status === 'iteration-limit') process.exitCode = 1;
      break;
    }
    const figures = [m.seconds.toPrecision(3), m.cpuSeconds.toPrecision(3), m.newton, m.workingSet, m.active];
    printRow([...cells, m.beta, ...figures, m.relativeGap.toExponential(1), m.peakMiB.toFixed(0)]);
    points.push([size[varied], m.seconds]);
    cpuPoints.push([size[varied], m.cpuSeconds]);
  }
  if (points.length < 2) return `${name}: no exponent from ${points.length} of ${sizes.length} points`;
  const fit = `${exponent(points).toFixed(2)} (CPU seconds ${exponent(cpuPoints).toFixed(2)})`;
  return `${name}: seconds ~ ${varied}^${fit} from ${points.length} of ${sizes.length} points`;
}

async function runCase(
  formulation: Formulation,
  { n, d, P }: Size,
  { limit, runs }: Limits,
): Promise<SolveMeasurement | null> {
  const args = [CHILD, String(n), String(d), String(P), formulation, String(limit)];
  const measured: SolveMeasurement[] = [];
  for (let run = 0; run < runs; run++) {
    const m = await inChildWithin<SolveMeasurement>(limit + GRACE, import.meta.url, args);
    if (m?.status !== 'optimal') return m;
    measured.push(m);
  }
  return medianBySeconds(measured);
}

/** Slope of the least-squares line through (log x, log y). */
function exponent(points: readonly (readonly [number, number])[]): number {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const meanX = logs.reduce((sum, [x]) => sum + x, 0) / logs.length;
  const meanY = logs.reduce((sum, [, y]) => sum + y, 0) / logs.length;
  const covariance = logs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return covariance / logs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}

async function measure(args: readonly string[]): Promise<void> {
  const [n = 0, d = 0, P = 0] = args.slice(0, 3).map(Number);
  const program = planted(n, d, P, args[3] === 'relu' ? 'relu' : 'gated');
  process.send?.(await measureSolve(program, { tolerance: 1e-6, timeLimit: Number(args[4]) }));
}
