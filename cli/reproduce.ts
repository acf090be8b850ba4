import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, Option } from 'commander';
import type { Mode } from '../reproduce/experiment.js';
import { loadExperiment } from '../reproduce/experiments.js';
import {
  NUMBERS_FILE,
  RESULT_FILE,
  runExperiment,
  type ExperimentResult,
} from '../reproduce/run-experiment.js';
import { experimentNames, titles, type ExperimentName } from '../reproduce/titles.js';
import { RelucentError } from '../src/error.js';
import { withExecutor } from '../src/executor/open-executor.js';
import { availableThreads } from '../src/executor/runtime.js';
import type { Context } from './context.js';
import { EXIT, Interrupted } from './exit.js';
import { numberOption, ranges, threadsText } from './option-values.js';
import { readSteps, StepsFile, STEPS_FILE } from './steps-file.js';
import { checkWritable, writeFiles } from './write-file.js';

const examples = `
Experiments:
${experimentNames.map((name) => `  ${name.padEnd(15)} ${titles[name]}`).join('\n')}

Examples:
  relucent reproduce sgd-vs-convex --quick       seconds, small sizes: what CI runs
  relucent reproduce spiral --out spiral         minutes; figures (SVG), ${RESULT_FILE}, ${NUMBERS_FILE} in the folder
  relucent reproduce all --out experiments       everything, a folder for each: hours
  relucent reproduce images --data ~/cifar       data that does not come with relucent

After Ctrl-C or a kill, --resume goes on. Exit code 3: the numbers contradict a statement of the theory (they are written
all the same). docs/gallery shows what was found.`;

interface Flags {
  readonly quick?: boolean;
  readonly out?: string;
  readonly data?: string;
  readonly threads?: number;
  readonly resume?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** `relucent reproduce`: the paper's experiments, from data to figures, tables and numbers. */
export function reproduceCommand(context: Context): Command {
  return new Command('reproduce')
    .summary("run one of the paper's experiments")
    .description(
      "Runs one of the paper's experiments from data to figures, tables and saved numbers, and checks what the theory says must hold.",
    )
    .argument('<experiment>', 'one of those listed below, or all')
    .option('--quick', 'small sizes: seconds')
    .option('--out <DIR>', 'folder to write to (default: reproduce-EXPERIMENT)')
    .option('--data <DIR>', 'folder of data that do not come with relucent')
    .addOption(
      new Option('--threads <N>', `${threadsText} (default: all there are)`).argParser(
        numberOption('--threads', ranges.threads),
      ),
    )
    .option('--resume', 'go on from an interrupted run in the same folder')
    .option('--json', 'print one JSON object')
    .option('--quiet', 'no progress')
    .addHelpText('after', examples)
    .action(async (name: string, flags: Flags) => {
      await reproduce(context, name, flags);
    });
}

async function reproduce(context: Context, name: string, flags: Flags): Promise<void> {
  const { terminal } = context;
  if (flags.quiet === true) terminal.silenceProgress();
  const chosen = experimentNames.filter((known) => name === 'all' || name === known);
  if (chosen.length === 0) {
    const names = experimentNames.join(', ');
    throw invalid('experiment', `expected one of ${names} or all, got "${name}"; check the spelling`);
  }
  const base = flags.out ?? `reproduce-${name}`;
  const reports: object[] = [];
  for (const experiment of chosen) {
    const folder = name === 'all' ? join(base, experiment) : base;
    const result = await runInFolder(context, experiment, folder, flags);
    reports.push(reportJson(experiment, folder, result));
    if (flags.json !== true) terminal.print(reportLines(experiment, folder, result).join('\n'));
    if (result.failed.length > 0) context.exitCode = EXIT.limit;
  }
  if (flags.json === true) terminal.print(JSON.stringify(name === 'all' ? reports : reports[0]));
}

async function runInFolder(
  { terminal, signal }: Context,
  name: ExperimentName,
  folder: string,
  flags: Flags,
): Promise<ExperimentResult> {
  const mode: Mode = flags.quick === true ? 'quick' : 'full';
  await checkWritable(folder, [RESULT_FILE, NUMBERS_FILE, STEPS_FILE]);
  const run = { name, mode };
  const steps = new StepsFile(folder, run);
  const done = flags.resume === true ? await readSteps(folder, run, signal) : {};
  try {
    const experiment = await loadExperiment(name);
    const result = await withExecutor(undefined, flags.threads ?? availableThreads(), (executor) =>
      runExperiment(experiment, mode, {
        signal,
        executor,
        steps: done,
        readText: (path) => readFile(join(ownData, path), 'utf8'),
        readBytes: (path) => bytesOf(path, flags.data),
        onProgress: (text) => {
          terminal.progress(`${name} ${text}`);
        },
        onStage: (text) => {
          terminal.stage(`${name} ${text}`);
        },
        onStep: (found) => {
          steps.take(found);
        },
      }),
    );
    await writeFiles(folder, result.files, signal);
    steps.remove();
    return result;
  } catch (error) {
    const saved = steps.flush();
    if (error instanceof Interrupted && saved) {
      error.saved = `what was finished is in ${join(folder, STEPS_FILE)}; go on with --resume`;
    }
    throw error;
  }
}

/** `data/` of the package, from dist/cli. */
const ownData = fileURLToPath(new URL('../../data/', import.meta.url));

async function bytesOf(path: string, folder: string | undefined): Promise<Uint8Array | null> {
  for (const place of [...(folder === undefined ? [] : [resolve(folder)]), ownData]) {
    try {
      return await readFile(join(place, path));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return null;
}

function reportLines(name: ExperimentName, folder: string, { outcome, files }: ExperimentResult): string[] {
  return [
    `${name}: ${titles[name]}`,
    ...outcome.checks.map(
      ({ claim, holds, detail }) => `  ${holds ? 'holds' : 'FAILS'}  ${claim} (${detail})`,
    ),
    `  wrote  ${files.map((file) => join(folder, file.name)).join(', ')}`,
  ];
}

/** The object of --json; numbers and tables are in the files. */
function reportJson(name: ExperimentName, folder: string, { outcome, files }: ExperimentResult): object {
  return {
    name,
    title: titles[name],
    checks: outcome.checks,
    files: files.map((file) => join(folder, file.name)),
  };
}

function invalid(where: string, message: string): RelucentError {
  return new RelucentError('invalid-argument', where, message);
}
