import { numbersPage } from './numbers-page.js';
import type { Check, Experiment, Json, Lab, Mode, Outcome } from './experiment.js';
import type { Executor } from '../src/executor/executor.js';
import { VERSION } from '../src/version.js';
import { titles } from './titles.js';

/** Results of steps by name, as kept between runs. */
export type Steps = Readonly<Record<string, Json>>;

export interface ExperimentHooks {
  readonly signal: AbortSignal;
  readonly executor: Executor;
  readonly readText: Lab['dataText'];
  readonly readBytes: Lab['dataBytes'];
  /** `[3/12] what: news`, or without a total. */
  readonly onProgress: (text: string) => void;
  /** The same at the start of every step. */
  readonly onStage: (text: string) => void;
  /** After every step, with the results of all so far. */
  readonly onStep: (steps: Steps) => void;
  /** Results of a run that was interrupted. */
  readonly steps: Steps;
}

/** A file to be written. */
interface ExperimentFile {
  readonly name: string;
  readonly text: string;
}

export interface ExperimentResult {
  readonly outcome: Outcome;
  /** result.json, numbers.md and one SVG for each figure. */
  readonly files: readonly ExperimentFile[];
  /** Claims that must hold and do not. */
  readonly failed: readonly Check[];
}

/** Names of the files of every experiment, its figures apart. */
export const RESULT_FILE = 'result.json';
export const NUMBERS_FILE = 'numbers.md';

/**
 * Runs one experiment. Deterministic but for measured times: the same mode gives the same numbers on one machine.
 * @throws RelucentError from the experiment; the reason of the signal
 */
export async function runExperiment(
  experiment: Experiment,
  mode: Mode,
  hooks: ExperimentHooks,
): Promise<ExperimentResult> {
  const outcome = await experiment.run(labOf(mode, hooks));
  return {
    outcome,
    files: [
      ...outcome.figures.map(({ name, svg }) => ({ name: `${name}.svg`, text: svg })),
      { name: RESULT_FILE, text: resultText(experiment, mode, outcome) },
      { name: NUMBERS_FILE, text: numbersPage(experiment, mode, outcome) },
    ],
    failed: outcome.checks.filter(({ holds }) => !holds),
  };
}

function labOf(mode: Mode, hooks: ExperimentHooks): Lab {
  const { signal, executor, readText, readBytes, onProgress, onStage, onStep } = hooks;
  const steps: Record<string, Json> = { ...hooks.steps };
  const names = new Set<string>();
  let total = 0;
  let current = '';
  const place = (): string => (total > 0 ? `[${names.size}/${total}]` : `[${names.size}]`);
  return {
    mode,
    signal,
    executor,
    dataText: readText,
    dataBytes: readBytes,
    expect: (count) => {
      total = count;
    },
    progress: (news) => {
      onProgress(`${place()} ${current}: ${news}`);
    },
    step: async <T extends Json>(name: string, work: () => Promise<T>): Promise<T> => {
      if (names.has(name)) throw new RangeError(`step "${name}": expected a name of its own, got it twice`);
      signal.throwIfAborted();
      names.add(name);
      current = name;
      onStage(`${place()} ${name}`);
      // Through JSON in either case, so that an interrupted run goes on with exactly what another would have.
      if (!(name in steps)) steps[name] = JSON.parse(JSON.stringify(await work())) as Json;
      onStep(steps);
      return steps[name] as T;
    },
  };
}

/** What is saved: everything behind figures and tables, and what made it. */
function resultText(experiment: Experiment, mode: Mode, outcome: Outcome): string {
  const { setUp, tables, checks, numbers, figures } = outcome;
  const result = {
    format: 'relucent-experiment',
    version: 1,
    relucent: VERSION,
    name: experiment.name,
    title: titles[experiment.name],
    mode,
    setUp,
    figures: figures.map(({ name, title, caption }) => ({ file: `${name}.svg`, title, caption })),
    tables,
    checks,
    numbers,
  };
  return `${JSON.stringify(result)}\n`;
}
