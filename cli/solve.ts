import { Command, Option } from 'commander';
import { RelucentError } from '../src/error.js';
import { availableThreads } from '../src/executor/runtime.js';
import { plainNetwork } from '../src/network/network-json.js';
import { kernelNames, type KernelName } from '../src/kernel/choose-kernel.js';
import { checkProblem, type CheckedProblem, type ProblemInput } from '../src/problem/problem-input.js';
import type { SolveResult } from '../src/problem/result.js';
import { betaMax, solve } from '../src/problem/solve.js';
import { CheckpointFile, readCheckpoint } from './checkpoint-file.js';
import { withConfigFile } from './config-file.js';
import type { Context } from './context.js';
import { solveDryRun, solveDryRunLines } from './solve-dry-run.js';
import { EXIT } from './exit.js';
import { choiceOption, numberOption, ranges, threadsText } from './option-values.js';
import { readJson } from './read-json.js';
import { betaMaxLine, resultLines } from './solve-text.js';

const examples = `
Examples:
  relucent solve problem.json
  relucent solve problem.json --json > result.json
  cat problem.json | relucent solve - --tolerance 1e-8
  relucent solve problem.json --checkpoint state.json     (after Ctrl-C: --resume state.json)
  relucent solve problem.json --beta-max
  relucent solve problem.json --dry-run

A problem file, at most 256 MiB:
  { "X": [[0.5, 1], [-1, 1], [2, 1]], "y": [1, -1, 2], "beta": 0.1,
    "loss": "squared", "depth": 2, "formulation": "relu", "patterns": "all" }`;

interface Flags {
  readonly json?: boolean;
  readonly decompose?: boolean;
  readonly betaMax?: boolean;
  readonly dryRun?: boolean;
  readonly tolerance?: number;
  readonly timeLimit?: number;
  readonly threads?: number;
  readonly kernel?: KernelName;
  readonly checkpoint?: string;
  readonly resume?: string;
}

/** `relucent solve`: the bare problem of a JSON file. */
export function solveCommand(context: Context): Command {
  return withConfigFile(bareCommand(context), context);
}

function bareCommand(context: Context): Command {
  return new Command('solve')
    .summary('solve the bare problem of a JSON file')
    .description('Solves a problem exactly as written: no preprocessing, no split, nothing implicit.')
    .argument('<problem>', 'JSON file, or - for standard input')
    .option('--json', 'print the result as one JSON object')
    .option('--decompose', 'rewrite a gated solution as a ReLU network')
    .option('--beta-max', 'only print β_max, from which on the zero network is optimal')
    .addOption(
      new Option(
        '--tolerance <EPS>',
        "relative duality gap to reach (default: the file's, or 1e-6)",
      ).argParser(numberOption('--tolerance', ranges.tolerance)),
    )
    .addOption(
      new Option('--time-limit <S>', "seconds (default: the file's, or none)").argParser(
        numberOption('--time-limit', ranges.seconds),
      ),
    )
    .addOption(
      new Option('--threads <N>', `${threadsText} (default: the file's, or all there are)`).argParser(
        numberOption('--threads', ranges.threads),
      ),
    )
    .addOption(
      new Option(
        '--kernel <NAME>',
        `what runs the dense loops: ${kernelNames.join(', ')} (default: the file's, or by size)`,
      ).argParser(choiceOption('--kernel', kernelNames)),
    )
    .option('--dry-run', 'only say how large the problem is, and what time and memory it may need')
    .option('--checkpoint <FILE>', 'keep the state of the solve in this file, to resume from')
    .option('--resume <FILE>', 'go on from a checkpoint of the same problem')
    .addHelpText('after', examples)
    .action(async (path: string, flags: Flags) => {
      await solveFile(context, path, flags);
    });
}

async function solveFile(context: Context, path: string, flags: Flags): Promise<void> {
  const { terminal, signal } = context;
  const kind = { noun: 'a problem', code: 'invalid-problem', fix: 'correct the file' } as const;
  const input = await readJson(path, kind, signal);
  if (flags.betaMax === true) {
    await printBetaMax(context, input, flags);
    return;
  }
  const checked = checkProblem(input);
  if (flags.decompose === true && checked.formulation === 'relu') {
    throw new RelucentError(
      'invalid-argument',
      '--decompose',
      'expected "formulation": "gated", got "relu", which is a ReLU network already; leave the option out',
    );
  }
  if (flags.dryRun === true) {
    const size = solveDryRun(checked);
    terminal.print(flags.json === true ? JSON.stringify(size) : solveDryRunLines(path, size).join('\n'));
    return;
  }
  const problem = {
    ...withThreads(input as ProblemInput, flags),
    ...(flags.tolerance === undefined ? {} : { tolerance: flags.tolerance }),
    ...(flags.timeLimit === undefined ? {} : { timeLimit: flags.timeLimit }),
    ...(flags.kernel === undefined ? {} : { kernel: flags.kernel }),
  };
  const tolerance = flags.tolerance ?? checked.tolerance;
  const state = checkpointFile(checked, flags);
  const resume = flags.resume === undefined ? undefined : await readCheckpoint(flags.resume, signal);
  const result = await solve(problem, {
    decompose: flags.decompose === true,
    signal,
    resume,
    onCheckpoint:
      state &&
      ((checkpoint): void => {
        state.take(checkpoint);
      }),
    onProgress: ({ iteration, relativeGap, activeGroups }) => {
      terminal.progress(
        `iteration ${iteration}, relative gap ${relativeGap.toExponential(1)}, ${activeGroups} active groups`,
      );
    },
    onWarning: (message) => {
      terminal.note(`warning: ${message}`);
    },
  }).finally(() => state?.flush());
  terminal.print(
    flags.json === true
      ? JSON.stringify(resultJson(result))
      : resultLines(path, result, { tolerance, loss: checked.loss }).join('\n'),
  );
  if (result.status !== 'optimal') context.exitCode = EXIT.limit;
}

function checkpointFile({ patterns }: CheckedProblem, flags: Flags): CheckpointFile | undefined {
  const asked = flags.checkpoint ?? flags.resume;
  if (asked === undefined) return undefined;
  if (patterns === 'all' || 'adaptive' in patterns) {
    throw new RelucentError(
      'unsupported',
      flags.checkpoint === undefined ? '--resume' : '--checkpoint',
      'expected patterns that are given or sampled, got patterns that the solve finds for itself, which a checkpoint does ' +
        'not hold; use { "sample": 500, "seed": 0 }, or give the solve a --time-limit',
    );
  }
  return flags.checkpoint === undefined ? undefined : new CheckpointFile(flags.checkpoint);
}

/** The threads of the command line, else those of the file, else all there are: the result does not depend on them. */
function withThreads<Problem extends Pick<ProblemInput, 'threads'>>(
  problem: Problem,
  { threads }: Flags,
): Problem {
  if (threads !== undefined) return { ...problem, threads };
  return problem.threads === undefined ? { ...problem, threads: availableThreads() } : problem;
}

/** β_max of a problem, whose own β plays no part and may be left out. */
async function printBetaMax({ terminal, signal }: Context, input: unknown, flags: Flags): Promise<void> {
  const isObject = typeof input === 'object' && input !== null && !Array.isArray(input);
  const problem = (isObject ? { beta: 0, ...withThreads(input, flags) } : input) as ProblemInput;
  const found = await betaMax(problem, { signal });
  terminal.print(flags.json === true ? JSON.stringify(found) : betaMaxLine(found, problem.patterns));
}

/** The result object of interface.md. */
function resultJson(result: SolveResult): object {
  const { decomposition } = result;
  return {
    status: result.status,
    objective: result.objective,
    dualBound: result.dualBound,
    gap: result.gap,
    relativeGap: result.relativeGap,
    certificate: result.certificate,
    networkObjective: result.networkObjective,
    activeGroups: result.activeGroups,
    groups: result.groups,
    subNetworks: result.subNetworks,
    iterations: result.iterations,
    newtonSteps: result.newtonSteps,
    seconds: result.seconds,
    approximation: result.approximation,
    classes: result.classes,
    kernel: result.kernel,
    architecture: result.architecture,
    network: plainNetwork(result.network),
    ...(decomposition && {
      decomposition: { ...decomposition, network: plainNetwork(decomposition.network) },
    }),
    history: result.history,
  };
}
