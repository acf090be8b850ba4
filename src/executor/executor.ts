/** What a task is given beside its input. */
export interface TaskContext<News> {
  /** To be awaited in long loops: lets other work run, and rejects with the reason of an abort. */
  readonly pause: () => Promise<void>;
  /** Reports progress to whoever started the run. */
  readonly progress: (news: News) => void;
}

/**
 * One kind of coarse work, by name. `run` is a pure function of its input, which it leaves as it is: the same input gives
 * the same bits wherever it runs. Inputs, outputs and news are plain data that structuredClone copies; no functions, no classes.
 */
export interface Task<Input, Output, News = never> {
  readonly name: string;
  readonly run: (input: Input, context: TaskContext<News>) => Promise<Output>;
}

/** A task of any kind, as a register of them holds it. */
export interface AnyTask {
  readonly name: string;
  readonly run: (input: never, context: TaskContext<unknown>) => Promise<unknown>;
}

export interface RunOptions<News> {
  /** Stops the run: its promise rejects with `signal.reason`, and what is under way is dropped. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Milliseconds that all inputs together may take on one thread, to within a factor of a few: where that is little no
   * worker is bothered with them. Default: worth it. Results do not depend on it.
   */
  readonly roughMs?: number | undefined;
  /** Called with the number of the input and what its task reports. In order for one input, in any order among several. */
  readonly onProgress?: ((input: number, news: News) => void) | undefined;
  /** Called with the number of an input and its output as soon as that is there, in any order. What it throws rejects the run. */
  readonly onOutput?: ((input: number, output: unknown) => void) | undefined;
}

/**
 * Where coarse parallel work runs: here, in threads, or on other machines. The mathematics decides what the parts are,
 * and never looks at `width` for that, so results are the same bits everywhere.
 */
export interface Executor {
  /** Inputs that may be worked on at a time. */
  readonly width: number;
  /**
   * Runs the task on every input and resolves to the outputs in the order of the inputs.
   *
   * An error of a task rejects the run with the same type of error (a {@link RelucentError} with its code and field); of
   * several, with that of the first input. What runs after it is dropped.
   *
   * @throws the reason of an abort; an error that names the task where a worker is lost
   */
  run<Input, Output, News>(
    task: Task<Input, Output, News>,
    inputs: readonly Input[],
    options?: RunOptions<News>,
  ): Promise<Output[]>;
}

/** An executor of one's own, to be closed when it is no longer needed. */
export interface OwnExecutor extends Executor {
  /** Ends its workers. Runs under way reject; later ones do too. */
  close(): Promise<void>;
}
