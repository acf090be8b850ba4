import { RelucentError } from '../error.js';
import type { Executor } from '../executor/executor.js';
import type { Iteration } from '../solver/solve-program.js';
import { certify, type CertifyProblem, type CertifyResult } from './certify.js';
import { totalOf, type Totals } from './distance.js';
import type { TableTask } from './table-task.js';

/** What the user may set beside the files. */
export interface TableOptions {
  /** Relative duality gap to reach; default 1e-6. */
  readonly tolerance?: number | undefined;
  readonly maxRegions?: number | undefined;
  readonly rank?: number | undefined;
  /** Seconds for all outputs together. */
  readonly timeLimit?: number | undefined;
  readonly patterns?: CertifyProblem['patterns'];
}

export interface TableHooks {
  readonly onProgress?: (label: string, iteration: Iteration) => void;
  readonly onWarning?: (message: string) => void;
  readonly signal?: AbortSignal;
  /** Where large searches run; default: on the calling thread. */
  readonly executor?: Executor;
}

/** Certificates of the outputs of a model or network on a table, and those of all of them added up. */
export interface TableCertificate extends Totals {
  readonly proven: boolean;
  readonly seconds: number;
  readonly outputs: readonly (TableTask & { readonly result: CertifyResult })[];
}

/** Least share of a second that an output gets of the time limit: a bound takes one pricing at any rate. */
const LEAST_SECONDS = 0.01;

/**
 * Certifies the outputs of a model one after the other: they are independent problems whose sum was minimised.
 * @throws RelucentError as {@link certify}; for a column of the target with one class only
 */
export async function certifyTable(
  tasks: readonly TableTask[],
  { timeLimit, ...options }: TableOptions,
  hooks: TableHooks = {},
): Promise<TableCertificate> {
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const outputs: TableCertificate['outputs'][number][] = [];
  for (const [k, task] of tasks.entries()) {
    refuseAbsentClass(task);
    const left = timeLimit && Math.max(LEAST_SECONDS, (timeLimit - seconds()) / (tasks.length - k));
    const problem = { ...task.problem, ...given, ...(left === undefined ? {} : { timeLimit: left }) };
    const result = await certify(task.network, problem, {
      onProgress: (iteration) => hooks.onProgress?.(task.label, iteration),
      ...(hooks.onWarning ? { onWarning: hooks.onWarning } : {}),
      ...(hooks.signal ? { signal: hooks.signal } : {}),
      executor: hooks.executor,
    });
    outputs.push({ ...task, result });
  }
  return {
    ...totalOf(outputs.map(({ result }) => result)),
    proven: outputs.every(({ result }) => result.proven),
    seconds: seconds(),
    outputs,
  };
}

/** Losses of classes are of all classes of the network: without rows of one of them the problem is another. */
function refuseAbsentClass({ classes, problem, label }: TableTask): void {
  if (classes === null) return;
  const found = new Set<unknown>(problem.y);
  if (found.size >= classes.length) return;
  const codes = problem.loss === 'softmax' ? classes.map((_, k) => k) : [-1, 1];
  const absent = classes.filter((_, k) => !found.has(codes[k]));
  throw new RelucentError(
    'invalid-table',
    label,
    `expected rows of every class, got none of ${absent.map((name) => JSON.stringify(name)).join(', ')}; certify on data ` +
      'with all classes, such as the training rows',
  );
}
