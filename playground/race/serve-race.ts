import { messageOf } from '../engine/serve-engine.js';
import type { RaceNews, RaceRequest } from '../protocol.js';
import { parallelToJson } from '../../src/network/architecture-json.js';
import { runRace } from './run-race.js';

/** Reason of an abort that was asked for. */
class Stopped extends Error {}

/**
 * What the race worker does with a request: one race at a time, a new one stops the one before. A race that was stopped has
 * its `finish` as well, and nothing after it.
 */
export class RaceServer {
  private running: { readonly id: number; readonly controller: AbortController } | null = null;
  private ended: Promise<void> = Promise.resolve();

  constructor(private readonly post: (news: RaceNews) => void) {}

  receive(request: RaceRequest): void {
    if (request.type === 'stop') {
      if (this.running?.id === request.id) this.running.controller.abort(new Stopped());
      return;
    }
    this.running?.controller.abort(new Stopped());
    const controller = new AbortController();
    this.running = { id: request.id, controller };
    this.ended = this.ended.then(() => this.race(request, controller.signal));
  }

  private async race(request: Extract<RaceRequest, { type: 'race' }>, signal: AbortSignal): Promise<void> {
    const { id } = request;
    try {
      signal.throwIfAborted();
      await runRace(request, {
        signal,
        onLap: (iteration, objective, network) => {
          this.post({
            type: 'lap',
            id,
            iteration,
            objective: Number.isFinite(objective) ? objective : null,
            network: parallelToJson(network),
          });
        },
      });
      this.post({ type: 'finish', id });
    } catch (error) {
      if (error instanceof Stopped) this.post({ type: 'finish', id });
      else this.post({ type: 'failed', id, message: messageOf(error) });
    } finally {
      if (this.running?.id === id) this.running = null;
    }
  }
}
