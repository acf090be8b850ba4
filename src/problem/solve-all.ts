import { RelucentError } from '../error.js';
import type { Executor, Task, TaskContext } from '../executor/executor.js';
import { inlineExecutor } from '../executor/inline-executor.js';
import { withExecutor } from '../executor/open-executor.js';
import type { Iteration } from '../solver/solve-program.js';
import { checkProblem, type ProblemInput } from './problem-input.js';
import type { SolveResult } from './result.js';
import { solveChecked, type SolveOptions } from './solve.js';

export interface SolveAllOptions extends Pick<SolveOptions, 'decompose' | 'signal'> {
  /** Problems that are solved at a time; default 1. */
  readonly threads?: number;
  /** Where they are solved instead, and how many at a time. */
  readonly executor?: Executor | undefined;
  /** Called after every outer iteration with the number of the problem. */
  readonly onProgress?: (problem: number, iteration: Iteration) => void;
  /** Called with the number of a problem and a line of caution. */
  readonly onWarning?: (problem: number, message: string) => void;
}

/** One of several problems. */
export interface SolveOneInput {
  /** What it is called in errors. */
  readonly name: string;
  readonly problem: ProblemInput;
  readonly decompose: boolean;
}

type SolveNews =
  | { readonly kind: 'iteration'; readonly iteration: Iteration }
  | { readonly kind: 'warning'; readonly message: string };

/**
 * Solves independent problems, several at a time: the values of β of a grid, the folds of a table, anything. The results are
 * in the order of the problems and are those of {@link solve}, bit for bit but for the seconds. A problem's own `threads` are
 * not used.
 *
 * @throws RelucentError for bad input, with the number of the problem before the field: `problems[3].beta`
 */
export async function solveAll(
  problems: readonly ProblemInput[],
  options: SolveAllOptions = {},
): Promise<SolveResult[]> {
  const { decompose = false, threads = 1, executor, signal, onProgress, onWarning } = options;
  const inputs = problems.map((problem, at) => ({ name: `problems[${at}]`, problem, decompose }));
  return withExecutor(executor, threads, (own) =>
    own.run(solveOne, inputs, {
      signal,
      onProgress: (at, news) => {
        if (news.kind === 'iteration') onProgress?.(at, news.iteration);
        else onWarning?.(at, news.message);
      },
    }),
  );
}

/** Solves one problem as it stands, on one thread. */
export const solveOne: Task<SolveOneInput, SolveResult, SolveNews> = { name: 'solve', run: runSolve };

async function runSolve(
  { name, problem, decompose }: SolveOneInput,
  { pause, progress }: TaskContext<SolveNews>,
): Promise<SolveResult> {
  const hooks = { executor: inlineExecutor, pause };
  try {
    return await solveChecked({ ...checkProblem(problem), threads: 1 }, hooks, {
      decompose,
      onProgress: (iteration) => {
        progress({ kind: 'iteration', iteration });
      },
      onWarning: (message) => {
        progress({ kind: 'warning', message });
      },
    });
  } catch (error) {
    if (!(error instanceof RelucentError)) throw error;
    const message = error.message.slice(error.where.length + 2);
    throw new RelucentError(error.code, `${name}.${error.where}`, message);
  }
}
