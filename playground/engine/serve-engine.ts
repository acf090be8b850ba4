import { RelucentError } from '../../src/error.js';
import type { Port } from '../engine.js';
import type { EngineNews, EngineRequest, PlaygroundProblem } from '../protocol.js';
import { forecastPath } from './forecast.js';
import { trainPath } from './train-path.js';

/** Reason of an abort that was asked for. */
class Cancelled extends Error {}

/**
 * What the solver worker does with a request: one training at a time, a new one cancels the one before. Nothing of a training is
 * posted after its `cancelled`, `done` or `failed`.
 */
export class EngineServer {
  private running: { readonly id: number; readonly controller: AbortController } | null = null;
  /** Settles when the last training has ended, in whatever way. */
  private ended: Promise<void> = Promise.resolve();

  constructor(private readonly post: (news: EngineNews) => void) {}

  receive(request: EngineRequest): void {
    switch (request.type) {
      case 'forecast':
        this.forecast(request.id, request.problem);
        return;
      case 'train': {
        this.running?.controller.abort(new Cancelled());
        const controller = new AbortController();
        const { id, problem } = request;
        this.running = { id, controller };
        this.ended = this.ended.then(() => this.train(id, problem, controller.signal));
        return;
      }
      case 'cancel':
        if (this.running?.id === request.id) this.running.controller.abort(new Cancelled());
        return;
    }
  }

  private forecast(id: number, problem: PlaygroundProblem): void {
    try {
      this.post({ type: 'forecast', id, forecast: forecastPath(problem) });
    } catch (error) {
      this.post({ type: 'failed', id, message: messageOf(error) });
    }
  }

  private async train(id: number, problem: PlaygroundProblem, signal: AbortSignal): Promise<void> {
    const begin = performance.now();
    try {
      signal.throwIfAborted();
      await trainPath(problem, {
        signal,
        onStart: (betaMax) => {
          this.post({ type: 'started', id, betaMax });
        },
        onIteration: (index, { iteration, objective, dualBound, activeGroups }) => {
          this.post({ type: 'iteration', id, index, iteration, objective, dualBound, activeGroups });
        },
        onPoint: (point) => {
          this.post({ type: 'point', id, point });
        },
      });
      this.post({ type: 'done', id, seconds: (performance.now() - begin) / 1000 });
    } catch (error) {
      if (error instanceof Cancelled) this.post({ type: 'cancelled', id });
      else this.post({ type: 'failed', id, message: messageOf(error) });
    } finally {
      if (this.running?.id === id) this.running = null;
    }
  }
}

/** A line for the reader: ours as it is, a fault of the program with its name. */
export function messageOf(error: unknown): string {
  if (error instanceof RelucentError) return error.message;
  return `internal error: expected no failure here, got ${String(error)}; please report it`;
}

/** The engine on the calling thread, for tests and pages without workers. */
export function inlineEnginePort(): Port<EngineRequest, EngineNews> {
  let listener: (news: EngineNews) => void = () => undefined;
  const server = new EngineServer((news) => {
    listener(news);
  });
  let last: number | null = null;
  return {
    // Later, as with a worker: a listener may be set after the request.
    post: (request) => {
      if (request.type === 'train') last = request.id;
      queueMicrotask(() => {
        server.receive(request);
      });
    },
    onNews: (heard) => {
      listener = heard;
    },
    close: () => {
      listener = () => undefined;
      if (last !== null) server.receive({ type: 'cancel', id: last });
    },
  };
}
