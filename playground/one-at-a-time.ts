import { RelucentError } from '../src/error.js';

/** Reason of an abort that was asked for. */
class Stopped extends Error {}

/** What a job that does not get to its end says. */
export interface Endings {
  readonly stopped: () => void;
  readonly failed: (message: string) => void;
}

/** What a worker runs: one job at a time. A new one stops the one before, and starts when that has ended. */
export class OneAtATime {
  private running: { readonly id: number; readonly controller: AbortController } | null = null;
  /** Settles when the last job has ended, in whatever way. */
  private ended: Promise<void> = Promise.resolve();

  start(id: number, work: (signal: AbortSignal) => Promise<void>, endings: Endings): void {
    this.running?.controller.abort(new Stopped());
    const controller = new AbortController();
    this.running = { id, controller };
    this.ended = this.ended.then(async () => {
      try {
        controller.signal.throwIfAborted();
        await work(controller.signal);
      } catch (error) {
        if (error instanceof Stopped) endings.stopped();
        else endings.failed(messageOf(error));
      } finally {
        if (this.running?.id === id) this.running = null;
      }
    });
  }

  stop(id: number): void {
    if (this.running?.id === id) this.running.controller.abort(new Stopped());
  }
}

/** A line for the reader: ours as it is, a fault of the program with its name. */
export function messageOf(error: unknown): string {
  if (error instanceof RelucentError) return error.message;
  return `internal error: expected no failure here, got ${String(error)}; please report it`;
}
