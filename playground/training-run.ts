import { batch, signal, type ReadonlySignal } from '@preact/signals';
import type { EnginePort } from './engine.js';
import { FrameTask } from './frame-task.js';
import type { EngineNews, Forecast, PathPoint, PlaygroundProblem } from './protocol.js';

/** Where a training is. `waiting`: it would take long, and nobody has said to go on. */
export type Phase = 'forecasting' | 'waiting' | 'training' | 'done' | 'cancelled' | 'failed';

/** Objective and bound of one outer iteration. */
export interface BoundPair {
  readonly objective: number;
  readonly dualBound: number;
}

/** What is known of the path of one problem. */
export interface Run {
  readonly phase: Phase;
  /** The problem it is about, as it was when asked for. */
  readonly problem: PlaygroundProblem | null;
  readonly forecast: Forecast | null;
  readonly betaMax: number | null;
  /** Solved so far, from β_max down. */
  readonly points: readonly PathPoint[];
  /** The value being solved. */
  readonly live: { readonly index: number; readonly history: readonly BoundPair[] } | null;
  readonly message: string | null;
  readonly seconds: number | null;
}

const blank: Run = {
  phase: 'forecasting',
  problem: null,
  forecast: null,
  betaMax: null,
  points: [],
  live: null,
  message: null,
  seconds: null,
};

/** Waits this long for the next change of the problem before it asks for anything, in milliseconds. */
const settleTime = 120;

/**
 * Keeps the path of the current problem: forecasts it, trains unless that would take long, and gathers the news of the engine.
 * The path of the problem before stays until the first news of the new one, so that nothing flickers.
 */
export class TrainingRun {
  private readonly current = signal<Run>(blank);
  private id = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private next: Run = blank;
  private readonly flush: FrameTask;

  constructor(
    private readonly engine: EnginePort,
    schedule?: (run: () => void) => void,
  ) {
    this.flush = new FrameTask(() => {
      batch(() => (this.current.value = this.next));
    }, schedule);
    engine.onNews((news) => {
      this.hear(news);
    });
  }

  get run(): ReadonlySignal<Run> {
    return this.current;
  }

  /** A new problem: what runs is cancelled at once, the new one is forecast when the changes settle. */
  propose(problem: PlaygroundProblem, settle: number = settleTime): void {
    clearTimeout(this.timer);
    this.engine.post({ type: 'cancel', id: this.id });
    this.id += 1;
    this.change({ phase: 'forecasting', problem, live: null, message: null });
    this.timer = setTimeout(() => {
      this.engine.post({ type: 'forecast', id: this.id, problem });
    }, settle);
  }

  /** Trains the problem proposed last. */
  train(): void {
    const { problem } = this.next;
    if (!problem) return;
    this.engine.post({ type: 'cancel', id: this.id });
    this.id += 1;
    this.change({ phase: 'training', live: null, message: null, seconds: null });
    this.engine.post({ type: 'train', id: this.id, problem });
  }

  /** Stops the training; what is solved stays. */
  cancel(): void {
    clearTimeout(this.timer);
    this.engine.post({ type: 'cancel', id: this.id });
    // Nothing of this training is heard from here on, whatever is still on its way.
    this.id += 1;
    this.change({ phase: 'cancelled', live: null });
  }

  private change(change: Partial<Run>): void {
    this.next = { ...this.next, ...change };
    this.flush.request();
  }

  private hear(news: EngineNews): void {
    if (news.id !== this.id) return;
    switch (news.type) {
      case 'forecast':
        this.change({ forecast: news.forecast });
        if (news.forecast.warning === null) this.train();
        else this.change({ phase: 'waiting', points: [], betaMax: null });
        return;
      case 'started':
        this.change({ betaMax: news.betaMax, points: [], live: null });
        return;
      case 'iteration':
        this.iteration(news);
        return;
      case 'point':
        this.change({ points: [...this.next.points, news.point] });
        return;
      case 'done':
        this.change({ phase: 'done', seconds: news.seconds, live: null });
        return;
      case 'cancelled':
        this.change({ phase: 'cancelled', live: null });
        return;
      case 'failed':
        this.change({ phase: 'failed', message: news.message, points: [], betaMax: null, live: null });
        return;
    }
  }

  private iteration({ index, objective, dualBound }: Extract<EngineNews, { type: 'iteration' }>): void {
    const { live } = this.next;
    const before = live?.index === index ? live.history : [];
    this.change({ live: { index, history: [...before, { objective, dualBound }] } });
  }
}
