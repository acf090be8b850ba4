import type { Port } from '../engine.js';
import { messageOf, OneAtATime } from '../one-at-a-time.js';
import type { EngineNews, EngineRequest, PlaygroundProblem } from '../protocol.js';
import { forecastPath } from './forecast.js';
import { trainPath } from './train-path.js';

/**
 * What the solver worker does with a request: one training at a time, a new one cancels the one before. Nothing of a training is
 * posted after its `cancelled`, `done` or `failed`.
 */
export class EngineServer {
  private readonly trainings = new OneAtATime();

  constructor(private readonly post: (news: EngineNews) => void) {}

  receive(request: EngineRequest): void {
    const { id } = request;
    switch (request.type) {
      case 'forecast':
        this.forecast(id, request.problem);
        return;
      case 'train':
        this.trainings.start(id, (signal) => this.train(id, request.problem, signal), {
          stopped: () => {
            this.post({ type: 'cancelled', id });
          },
          failed: (message) => {
            this.post({ type: 'failed', id, message });
          },
        });
        return;
      case 'cancel':
        this.trainings.stop(id);
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
  }
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
