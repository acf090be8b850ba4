import { signal, type ReadonlySignal } from '@preact/signals';
import type { RacePort } from './engine.js';
import { FrameTask } from './frame-task.js';
import type { PlaygroundProblem, RaceNews } from './protocol.js';
import type { RaceState } from './state.js';
import type { ParallelJson } from '../src/network/architecture-json.js';

/** A place on the curve of a try. */
export interface Lap {
  readonly iteration: number;
  /** Null once training has diverged. */
  readonly objective: number | null;
}

/** One run of gradient descent. */
export interface RaceTry {
  readonly id: number;
  readonly race: RaceState;
  readonly beta: number;
  readonly laps: readonly Lap[];
  readonly network: ParallelJson | null;
  readonly phase: 'starting' | 'running' | 'finished' | 'stopped' | 'failed';
  readonly message: string | null;
}

/** Steps of one try. */
export const raceSteps = 2000;

/** Keeps the tries of gradient descent on one problem and one β; they are dropped when either changes. */
export class RaceTries {
  private readonly current = signal<readonly RaceTry[]>([]);
  private next: readonly RaceTry[] = [];
  private id = 0;
  private readonly flush: FrameTask;

  constructor(
    private readonly port: RacePort,
    schedule?: (run: () => void) => void,
  ) {
    this.flush = new FrameTask(() => (this.current.value = this.next), schedule);
    port.onNews((news) => {
      this.hear(news);
    });
  }

  /** The tries, the latest last. */
  get tries(): ReadonlySignal<readonly RaceTry[]> {
    return this.current;
  }

  start(problem: PlaygroundProblem, beta: number, race: RaceState): void {
    this.stop();
    this.id += 1;
    const { id } = this;
    this.set([...this.next, { id, race, beta, laps: [], network: null, phase: 'starting', message: null }]);
    this.port.post({ type: 'race', id, problem, beta, race, iterations: raceSteps });
  }

  stop(): void {
    const last = this.next.at(-1);
    if (last?.phase !== 'starting' && last?.phase !== 'running') return;
    this.port.post({ type: 'stop', id: last.id });
    this.replace({ ...last, phase: 'stopped' });
  }

  /** Forgets every try: they were about another problem or another β. */
  clear(): void {
    if (this.next.length === 0) return;
    this.stop();
    this.set([]);
  }

  private hear(news: RaceNews): void {
    const last = this.next.at(-1);
    if (last?.id !== news.id || last.phase === 'stopped') return;
    switch (news.type) {
      case 'lap':
        this.replace({
          ...last,
          phase: 'running',
          laps: [...last.laps, { iteration: news.iteration, objective: news.objective }],
          network: news.network,
        });
        return;
      case 'finish':
        this.replace({ ...last, phase: 'finished' });
        return;
      case 'failed':
        this.replace({ ...last, phase: 'failed', message: news.message });
        return;
    }
  }

  private replace(changed: RaceTry): void {
    this.set([...this.next.slice(0, -1), changed]);
  }

  private set(tries: readonly RaceTry[]): void {
    this.next = tries;
    this.flush.request();
  }
}
