import { describe, expect, it } from 'vitest';
import { madePoints, taskOf } from '../../playground/data/made-sets.js';
import { problemInput } from '../../playground/engine/problem-input.js';
import type { PlaygroundProblem, RaceNews, RaceRequest } from '../../playground/protocol.js';
import { RaceServer } from '../../playground/race/serve-race.js';
import type { DataSetName, ModelState, RaceState } from '../../playground/state.js';
import { forward, pathNorm } from '../../src/network/network.js';
import { parallelFromJson } from '../../src/network/architecture-json.js';
import { lossNamed } from '../../src/loss/index.js';
import { trainingRows } from '../../playground/engine/problem-input.js';
import { solve } from '../../src/problem/solve.js';

const adam: RaceState = { optimiser: 'adam', rate: 0.03, seed: 1, subNetworks: 8 };
const beta = 0.1;

function problemOf(
  set: DataSetName,
  loss: ModelState['loss'],
  change: Partial<ModelState> = {},
): PlaygroundProblem {
  const model: ModelState = { depth: 2, widths: [], formulation: 'relu', loss, patterns: 'all', ...change };
  return { task: taskOf(set), points: madePoints({ set, n: 14, noise: 0.1, seed: 4 }), model };
}

type Lap = Extract<RaceNews, { type: 'lap' }>;

function run(
  requests: readonly RaceRequest[],
  react: (news: RaceNews, post: (request: RaceRequest) => void) => void = () => undefined,
  ends = 1,
): Promise<RaceNews[]> {
  const heard: RaceNews[] = [];
  let left = ends;
  return new Promise((done) => {
    const server = new RaceServer((news) => {
      heard.push(news);
      react(news, (request) => {
        queueMicrotask(() => {
          server.receive(request);
        });
      });
      if (news.type !== 'lap' && --left === 0) done(heard);
    });
    for (const request of requests) server.receive(request);
  });
}

const raced = (problem: PlaygroundProblem, race: RaceState, iterations: number, id = 1): RaceRequest => ({
  type: 'race',
  id,
  problem,
  beta,
  race,
  iterations,
});

const lapsOf = (heard: readonly RaceNews[]): Lap[] =>
  heard.flatMap((news) => (news.type === 'lap' ? [news] : []));

describe.each<[DataSetName, ModelState['loss']]>([
  ['moons', 'logistic'],
  ['xor', 'squared-hinge'],
  ['circles', 'squared'],
  ['sine', 'squared'],
  ['steps', 'huber'],
  ['hinge', 'absolute'],
])('a race on %s with the %s loss', (set, loss) => {
  const problem = problemOf(set, loss);

  it('falls, and never below the certified bound', async () => {
    const laps = lapsOf(await run([raced(problem, adam, 300)]));
    const { dualBound, certificate } = await solve(problemInput(problem, beta));
    expect(certificate.scope).toBe('all-arrangements');
    const values = laps.map(({ objective }) => objective ?? Infinity);
    expect(Math.min(...values)).toBeLessThan(0.9 * (values[0] ?? 0));
    for (const value of values) expect(value).toBeGreaterThanOrEqual(dualBound);
  });

  it('tells the objective of the network that it shows', async () => {
    const laps = lapsOf(await run([raced(problem, { ...adam, optimiser: 'sgd', rate: 1e-3 }, 30)]));
    const { rows, y } = trainingRows(problem);
    for (const { objective, network } of laps) {
      const own = parallelFromJson(network);
      const value =
        lossNamed(loss).value(forward(own, rows), y) +
        beta * own.subNetworks.reduce((sum, subNetwork) => sum + pathNorm(subNetwork), 0);
      expect(objective).toBeCloseTo(value, 10);
    }
  });
});

describe('a race', () => {
  const problem = problemOf('moons', 'logistic', { depth: 3, widths: [2] });

  it('trains networks of the form of the model, and its laps grow apart', async () => {
    const laps = lapsOf(await run([raced(problem, adam, 100)]));
    const { subNetworks } = parallelFromJson(laps[0]!.network);
    expect(subNetworks).toHaveLength(8);
    const [first] = subNetworks;
    expect(first?.first.map((w) => w.length)).toEqual([3, 3]);
    expect(first?.inner).toHaveLength(1);
    expect(first?.output).toHaveLength(1);
    const steps = laps.map(({ iteration }) => iteration);
    expect(steps.slice(0, 21)).toEqual(Array.from({ length: 21 }, (_, i) => i));
    expect(steps.at(-1)).toBe(100);
    expect(steps.length).toBeLessThan(70);
  });

  it('is the same from the same seed, and another from another', async () => {
    const last = async (seed: number) =>
      lapsOf(await run([raced(problem, { ...adam, seed }, 20)])).at(-1)?.objective;
    expect(await last(5)).toBe(await last(5));
    expect(await last(5)).not.toBe(await last(6));
  });

  it('that diverges says so', async () => {
    const laps = lapsOf(
      await run([raced(problemOf('sine', 'squared'), { ...adam, optimiser: 'sgd', rate: 10 }, 60)]),
    );
    expect(laps[0]?.objective).toBeGreaterThan(0);
    expect(laps.at(-1)?.objective).toBeNull();
  });

  it('is stopped at once, and by a new one', async () => {
    const stopped = await run([raced(problem, adam, 1e9)], (news, post) => {
      if (news.type === 'lap' && news.iteration === 5) post({ type: 'stop', id: 1 });
    });
    expect(stopped.at(-1)).toEqual({ type: 'finish', id: 1 });
    expect(lapsOf(stopped).length).toBeLessThan(12);
    const heard = await run([raced(problem, adam, 1e9, 1), raced(problem, adam, 5, 2)], undefined, 2);
    expect(heard.filter(({ type }) => type === 'finish').map(({ id }) => id)).toEqual([1, 2]);
    expect(lapsOf(heard).at(-1)).toMatchObject({ id: 2, iteration: 5 });
  });

  it('on gated networks is refused in words', async () => {
    const gated = problemOf('moons', 'logistic', { formulation: 'gated', patterns: { sample: 9, seed: 0 } });
    const [news] = await run([raced(gated, adam, 10)]);
    expect(news?.type === 'failed' && news.message).toMatch(
      /race: expected the formulation "relu", got "gated"/,
    );
  });
});
