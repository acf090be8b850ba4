/** Whom a run tells what. */
interface PoolRunHooks {
  readonly onProgress: (input: number, news: unknown) => void;
  readonly onOutput: ((input: number, output: unknown) => void) | undefined;
}

/** One run of a pool: its outputs as they come in, and the error of the first input that has one. */
export class PoolRun {
  readonly task: string;
  readonly inputs: readonly unknown[];
  /** Settles once every input has, up to the first that failed. */
  readonly finished: Promise<readonly unknown[]>;
  readonly hooks: PoolRunHooks;
  private readonly outputs: unknown[];
  private readonly isOpen: boolean[];
  /** Inputs before this one count: those from the first failure on do not. */
  private end: number;
  private error: unknown = null;
  private resolve: (outputs: readonly unknown[]) => void = () => undefined;
  private reject: (error: unknown) => void = () => undefined;

  constructor(task: string, inputs: readonly unknown[], hooks: PoolRunHooks) {
    this.task = task;
    this.inputs = inputs;
    this.hooks = hooks;
    this.outputs = inputs.map(() => null);
    this.isOpen = inputs.map(() => true);
    this.end = inputs.length;
    this.finished = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  succeed(input: number, output: unknown): void {
    this.outputs[input] = output;
    this.isOpen[input] = false;
    this.settle();
  }

  fail(input: number, error: unknown): void {
    if (input >= this.end) return;
    this.end = input;
    this.error = error;
    this.settle();
  }

  private settle(): void {
    if (this.isOpen.slice(0, this.end).some((isOpen) => isOpen)) return;
    if (this.end < this.inputs.length) this.reject(this.error);
    else this.resolve(this.outputs);
  }
}
