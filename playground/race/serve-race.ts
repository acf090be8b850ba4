import { OneAtATime } from '../one-at-a-time.js';
import type { RaceNews, RaceRequest } from '../protocol.js';
import { parallelToJson } from '../../src/network/architecture-json.js';
import { runRace, type Race } from './run-race.js';

/**
 * What the race worker does with a request: one race at a time, a new one stops the one before. A race that was stopped has
 * its `finish` as well, and nothing after it.
 */
export class RaceServer {
  private readonly races = new OneAtATime();

  constructor(private readonly post: (news: RaceNews) => void) {}

  receive(request: RaceRequest): void {
    const { id } = request;
    if (request.type === 'stop') {
      this.races.stop(id);
      return;
    }
    this.races.start(id, (signal) => this.race(id, request, signal), {
      stopped: () => {
        this.post({ type: 'finish', id });
      },
      failed: (message) => {
        this.post({ type: 'failed', id, message });
      },
    });
  }

  private async race(id: number, race: Race, signal: AbortSignal): Promise<void> {
    await runRace(race, {
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
  }
}
