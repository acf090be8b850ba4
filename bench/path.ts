/**
 * Regularisation paths: 100 values of β from β_max to 1e-3 β_max, each certified to a relative gap of 1e-6, against cold
 * solves at some of them. Each path, and each set of cold solves, in a process of its own.
 *
 *   npm run bench -- path                  both data sets, gated and ReLU
 *   npm run bench -- path "planted gated"  the paths whose name contains "planted gated"
 *   npm run bench -- path --values 10      fewer values of β
 *   npm run bench -- path --cold 100       cold solves at all values of β; default 10, evenly spaced, the last one among them
 *   npm run bench -- path --limit 120      seconds after which one value of β is given up; default 120
 *
 * Correctness first: a value of β that is not certified makes the exit code 1.
 */
import { parseArgs } from 'node:util';
import { betaMax } from '../src/path/beta-max.js';
import { betaGrid, regularisationPath } from '../src/path/regularisation-path.js';
import type { ConvexProgram, Formulation } from '../src/program/convex-program.js';
import { solveProgram, type ProgramSolution } from '../src/solver/solve-program.js';
import { breastCancer, planted } from './cases.js';
import { inChild } from './in-child.js';
import { chosenBy, numberOption } from './options.js';
import { cpuSecondsSince, printHead, printRow } from './measured-solve.js';

/** First argument of the child processes, followed by what to run, the name of a case, and three numbers. */
const CHILD = '--path';
const TOLERANCE = 1e-6;
const SMALLEST_RATIO = 1e-3;

interface PathCase {
  readonly name: string;
  readonly program: () => ConvexProgram;
}

/** One solve of a path, or a cold one. */
interface Step {
  readonly ratio: number;
  readonly seconds: number;
  readonly relativeGap: number;
  readonly certified: boolean;
  readonly newton: number;
  readonly active: number;
}

interface Measurement {
  readonly steps: readonly Step[];
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMiB: number;
}

const formulations: readonly Formulation[] = ['gated', 'relu'];

const pathCases: readonly PathCase[] = formulations.flatMap((formulation) => [
  {
    name: `breast-cancer ${formulation}`,
    program: () => breastCancer(formulation, { count: 200, widths: [] }),
  },
  { name: `planted ${formulation}`, program: () => planted(500, 20, 200, formulation) },
]);

if (process.argv[2] === CHILD) await measure(process.argv.slice(3));

/** Prints the table of the paths whose name contains every part. */
export async function benchPath(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      values: { type: 'string', default: '100' },
      cold: { type: 'string', default: '10' },
      limit: { type: 'string', default: '120' },
    },
  });
  const count = numberOption('values', values.values, { least: 1, whole: true });
  const cold = numberOption('cold', values.cold, { least: 1, whole: true });
  const limit = numberOption('limit', values.limit);
  printHead([
    'path',
    'seconds (CPU)',
    'certified',
    'largest gap',
    'Newton',
    'hardest on the path: seconds (β / β_max)',
    `hardest of ${cold} cold: seconds (β / β_max), Newton`,
    'path / hardest cold',
    'cold: all together, seconds (CPU), Newton',
    'peak MiB',
  ]);
  for (const { name } of chosenBy(positionals, pathCases)) {
    const numbers = [count, cold, limit].map(String);
    const path = await inChild<Measurement>(import.meta.url, [CHILD, 'warm', ...numbers, name]);
    const coldSolves = await inChild<Measurement>(import.meta.url, [CHILD, 'cold', ...numbers, name]);
    printPath(name, path, coldSolves);
  }
}

function printPath(name: string, path: Measurement, cold: Measurement): void {
  const certified = path.steps.filter((step) => step.certified).length;
  if (certified < path.steps.length || cold.steps.some((step) => !step.certified)) process.exitCode = 1;
  const hardest = slowest(path.steps);
  const single = slowest(cold.steps);
  const missed = cold.steps.filter((step) => !step.certified).length;
  printRow([
    name,
    `${path.seconds.toPrecision(3)} (${path.cpuSeconds.toPrecision(3)})`,
    `${certified} of ${path.steps.length}`,
    Math.max(...path.steps.map((step) => step.relativeGap)).toExponential(1),
    newtonOf(path),
    `${hardest.seconds.toPrecision(3)} (${hardest.ratio.toExponential(1)})`,
    `${single.seconds.toPrecision(3)} (${single.ratio.toExponential(1)}), ${single.newton}`,
    (path.seconds / single.seconds).toPrecision(3),
    `${cold.seconds.toPrecision(3)} (${cold.cpuSeconds.toPrecision(3)}), ${newtonOf(cold)}${missed > 0 ? `, ${missed} not certified` : ''}`,
    path.peakMiB.toFixed(0),
  ]);
}

function newtonOf({ steps }: Measurement): number {
  return steps.reduce((sum, step) => sum + step.newton, 0);
}

function slowest(steps: readonly Step[]): Step {
  return steps.reduce((a, b) => (b.seconds > a.seconds ? b : a));
}

async function measure([what, count, cold, limit, name]: readonly string[]): Promise<void> {
  const found = pathCases.find((c) => c.name === name);
  if (!found) throw new Error(`no path ${name ?? ''}`);
  const program = found.program();
  const largest = betaMax(program);
  const betas = betaGrid(largest, SMALLEST_RATIO, Number(count));
  const options = { tolerance: TOLERANCE, timeLimit: Number(limit) };
  const steps: Step[] = [];
  const start = process.cpuUsage();
  if (what === 'warm') {
    for await (const { beta, solution } of regularisationPath(program, betas, options))
      steps.push(stepOf(beta / largest, solution));
  } else {
    for (const beta of spaced(betas, Number(cold)))
      steps.push(stepOf(beta / largest, await solveProgram({ ...program, beta }, options)));
  }
  const measurement: Measurement = {
    steps,
    seconds: steps.reduce((sum, step) => sum + step.seconds, 0),
    cpuSeconds: cpuSecondsSince(start),
    peakMiB: process.resourceUsage().maxRSS / 1024,
  };
  process.send?.(measurement);
}

/** `count` of the values, evenly spaced, the last one among them. */
function spaced(values: Float64Array, count: number): Float64Array {
  const stride = values.length / Math.min(count, values.length);
  return values.filter((_, at) => Math.floor((at + 1) / stride) > Math.floor(at / stride));
}

function stepOf(ratio: number, solution: ProgramSolution): Step {
  const { seconds, relativeGap, status, newtonSteps, coefficients } = solution;
  const certified = status === 'optimal' && relativeGap <= TOLERANCE;
  return { ratio, seconds, relativeGap, certified, newton: newtonSteps, active: coefficients.size };
}
