import { describe, expect, it, vi } from 'vitest';
import type { Port } from '../../playground/engine.js';
import type {
  EngineNews,
  EngineRequest,
  Forecast,
  PathPoint,
  PlaygroundProblem,
  RaceNews,
  RaceRequest,
} from '../../playground/protocol.js';
import { RaceTries } from '../../playground/race-tries.js';
import { TrainingRun } from '../../playground/training-run.js';
import { defaultState } from '../../playground/url.js';

/** A port that keeps what is posted; `say` is the worker's side. */
function fakePort<Request, News>(): Port<Request, News> & { posted: Request[]; say: (news: News) => void } {
  let listener: (news: News) => void = () => undefined;
  const posted: Request[] = [];
  return {
    posted,
    post: (request) => posted.push(request),
    onNews: (heard) => (listener = heard),
    close: () => undefined,
    say: (news) => {
      listener(news);
    },
  };
}

const problem: PlaygroundProblem = { task: 'classes', points: [], model: defaultState.model };
const forecast: Forecast = { patterns: 9, isExact: true, dimensions: 3, seconds: 1, warning: null };
const point = (index: number): PathPoint => ({ index }) as PathPoint;
const atOnce = (run: () => void): void => {
  run();
};

function training() {
  vi.useFakeTimers();
  const port = fakePort<EngineRequest, EngineNews>();
  const run = new TrainingRun(port, atOnce);
  const last = (): EngineRequest => port.posted.at(-1)!;
  run.propose(problem);
  vi.runAllTimers();
  return { port, run, last };
}

describe('a training', () => {
  it('is forecast once the changes settle, and begins where that is quick', () => {
    const { port, run, last } = training();
    run.propose({ ...problem, points: [] });
    run.propose({ ...problem, task: 'number' });
    vi.runAllTimers();
    expect(port.posted.filter(({ type }) => type === 'forecast')).toHaveLength(2);
    port.say({ type: 'forecast', id: last().id, forecast });
    expect(last()).toMatchObject({ type: 'train', problem: { task: 'number' } });
    port.say({ type: 'started', id: last().id, betaMax: 4 });
    port.say({
      type: 'iteration',
      id: last().id,
      index: 0,
      iteration: 1,
      objective: 2,
      dualBound: 1,
      activeGroups: 0,
    });
    port.say({
      type: 'iteration',
      id: last().id,
      index: 0,
      iteration: 2,
      objective: 2,
      dualBound: 2,
      activeGroups: 0,
    });
    expect(run.run.value.live?.history).toHaveLength(2);
    port.say({ type: 'point', id: last().id, point: point(0) });
    port.say({
      type: 'iteration',
      id: last().id,
      index: 1,
      iteration: 1,
      objective: 1,
      dualBound: 0,
      activeGroups: 1,
    });
    expect(run.run.value.live).toEqual({ index: 1, history: [{ objective: 1, dualBound: 0 }] });
    port.say({ type: 'done', id: last().id, seconds: 0.5 });
    expect(run.run.value).toMatchObject({ phase: 'done', betaMax: 4, points: [{ index: 0 }], live: null });
  });

  it('waits where it would take long', () => {
    const { port, run, last } = training();
    port.say({ type: 'forecast', id: last().id, forecast: { ...forecast, warning: 'long' } });
    expect(run.run.value.phase).toBe('waiting');
    expect(last().type).toBe('forecast');
    run.train();
    expect(last().type).toBe('train');
  });

  it('hears nothing of the problem before, whose path is stale until there is news', () => {
    const { port, run, last } = training();
    port.say({ type: 'forecast', id: last().id, forecast });
    const { id } = last();
    port.say({ type: 'started', id, betaMax: 4 });
    port.say({ type: 'point', id, point: point(0) });
    run.propose(problem);
    port.say({ type: 'point', id, point: point(1) });
    expect(run.run.value).toMatchObject({ phase: 'forecasting', isStale: true, points: [{ index: 0 }] });
    run.cancel();
    expect(run.run.value).toMatchObject({ phase: 'cancelled', isStale: false, points: [] });
  });

  it('keeps the part that is solved when cancelled', () => {
    const { port, run, last } = training();
    port.say({ type: 'forecast', id: last().id, forecast });
    const { id } = last();
    port.say({ type: 'started', id, betaMax: 4 });
    port.say({ type: 'point', id, point: point(0) });
    run.cancel();
    expect(last()).toEqual({ type: 'cancel', id });
    expect(run.run.value).toMatchObject({ phase: 'cancelled', points: [{ index: 0 }], betaMax: 4 });
  });

  it('has no certificate after a failure', () => {
    const { port, run, last } = training();
    port.say({ type: 'failed', id: last().id, message: 'points: expected both classes' });
    expect(run.run.value).toMatchObject({
      phase: 'failed',
      points: [],
      message: 'points: expected both classes',
    });
  });
});

describe('the tries of a race', () => {
  it('keep the earlier ones, and hear only of the last', () => {
    const port = fakePort<RaceRequest, RaceNews>();
    const races = new RaceTries(port, atOnce);
    const lap = (id: number, objective: number): RaceNews =>
      ({ type: 'lap', id, iteration: 10, objective, network: {} }) as RaceNews;
    races.start(problem, 0.1, defaultState.race);
    port.say(lap(1, 5));
    races.start(problem, 0.1, { ...defaultState.race, seed: 2 });
    expect(port.posted.map(({ type }) => type)).toEqual(['race', 'stop', 'race']);
    port.say(lap(1, 4));
    port.say(lap(2, 3));
    expect(
      races.tries.value.map(({ phase, laps }) => [phase, laps.map(({ objective }) => objective)]),
    ).toEqual([
      ['stopped', [5]],
      ['running', [3]],
    ]);
    races.stop();
    port.say(lap(2, 2));
    expect(races.tries.value.at(-1)?.laps).toHaveLength(1);
    races.clear();
    expect(races.tries.value).toEqual([]);
  });
});
