import { describe, expect, it } from 'vitest';
import { madePoints, taskOf } from '../../playground/data/made-sets.js';
import { forecastPath } from '../../playground/engine/forecast.js';
import { problemInput } from '../../playground/engine/problem-input.js';
import { inlineEnginePort } from '../../playground/engine/serve-engine.js';
import type { EngineNews, EngineRequest, PathPoint, PlaygroundProblem } from '../../playground/protocol.js';
import { betaAt, pathLength, pathRatio, type DataSetName, type ModelState } from '../../playground/state.js';
import { solve } from '../../src/problem/solve.js';
import { parallelFromJson } from '../../src/network/architecture-json.js';
import { pathNorm } from '../../src/network/network.js';

const sample = { sample: 60, seed: 0 };
const shallow: ModelState = { depth: 2, widths: [], formulation: 'relu', loss: 'squared', patterns: sample };

function problemOf(set: DataSetName, n: number, model: ModelState): PlaygroundProblem {
  return { task: taskOf(set), points: madePoints({ set, n, noise: 0.05, seed: 1 }), model };
}

/** All that an engine says, until one of `ends` comes for the last request. */
function run(
  requests: readonly EngineRequest[],
  react: (news: EngineNews, post: (request: EngineRequest) => void) => void = () => undefined,
  ends = 1,
): Promise<EngineNews[]> {
  const port = inlineEnginePort();
  const heard: EngineNews[] = [];
  let left = ends;
  return new Promise((done) => {
    port.onNews((news) => {
      heard.push(news);
      react(news, (request) => {
        port.post(request);
      });
      if (['done', 'cancelled', 'failed'].includes(news.type) && --left === 0) {
        port.close();
        done(heard);
      }
    });
    for (const request of requests) port.post(request);
  });
}

function pointsOf(heard: readonly EngineNews[]): PathPoint[] {
  return heard.flatMap((news) => (news.type === 'point' ? [news.point] : []));
}

const cases: readonly [DataSetName, number, ModelState][] = [
  ['moons', 20, { ...shallow, loss: 'logistic', patterns: 'all' }],
  ['xor', 24, { ...shallow, loss: 'squared-hinge', depth: 3, widths: [2] }],
  ['circles', 20, { ...shallow, formulation: 'gated' }],
  ['spiral', 20, { ...shallow, loss: 'logistic', depth: 4, widths: [2, 2] }],
  ['sine', 15, { ...shallow, patterns: 'all' }],
  ['steps', 15, { ...shallow, loss: 'huber', depth: 3, widths: [2] }],
];

describe.each(cases)('the path of %s, n = %d, %o', (set, n, model) => {
  const problem = problemOf(set, n, model);
  const heard = run([{ type: 'train', id: 7, problem }]);

  it('has a certified network for every β, the largest first', async () => {
    const news = await heard;
    expect(news.every(({ id }) => id === 7)).toBe(true);
    expect(news.map(({ type }) => type).filter((type) => type !== 'iteration')).toEqual([
      'started',
      ...Array.from({ length: pathLength }, () => 'point'),
      'done',
    ]);
    const betaMax = news[0]?.type === 'started' ? news[0].betaMax : NaN;
    const points = pointsOf(news);
    points.forEach((point, index) => {
      expect(point.index).toBe(index);
      expect(point.beta).toBe(betaAt(betaMax, index));
      expect(point.status).toBe('optimal');
      expect(point.scope).toBe(model.patterns === 'all' ? 'all-arrangements' : 'given-arrangements');
      expect(point.dualBound).toBeLessThanOrEqual(point.objective);
      expect(point.relativeGap).toBeLessThanOrEqual(1e-6);
      expect(point.networkObjective).toBeCloseTo(point.objective, 6);
      const network = parallelFromJson(point.network);
      expect(point.pathNorms).toEqual(network.subNetworks.map((subNetwork) => pathNorm(subNetwork)));
      const { objective, dualBound } = point;
      expect(point.history.at(-1)).toEqual({ objective, dualBound });
    });
    expect(points[0]?.pathNorms).toEqual([]);
    expect(points.at(-1)?.beta).toBeCloseTo(pathRatio * betaMax, 12);
    expect(points.at(-1)?.pathNorms.length).toBeGreaterThan(0);
    // The optimum can only fall with β.
    for (let index = 1; index < points.length; index++) {
      expect(points[index]!.dualBound).toBeLessThanOrEqual(points[index - 1]!.objective);
    }
  });

  it('has the objective of solve on the same problem', async () => {
    const points = pointsOf(await heard);
    for (const index of [8, 16, 24]) {
      const point = points[index]!;
      // Two certified solutions enclose each other.
      const alone = await solve(problemInput(problem, point.beta));
      expect(point.objective).toBeGreaterThanOrEqual(alone.dualBound);
      expect(alone.objective).toBeGreaterThanOrEqual(point.dualBound);
      expect(point.objective / alone.objective).toBeCloseTo(1, 5);
    }
  });

  it('tells every iteration, whose bounds close on the optimum', async () => {
    const news = await heard;
    for (const index of [5, 20]) {
      const iterations = news.flatMap((one) =>
        one.type === 'iteration' && one.index === index ? [one] : [],
      );
      const point = pointsOf(news)[index]!;
      expect(iterations.map(({ objective, dualBound }) => ({ objective, dualBound }))).toEqual(point.history);
      for (const { objective, dualBound } of iterations) {
        expect(dualBound).toBeLessThanOrEqual(point.objective);
        expect(objective).toBeGreaterThanOrEqual(point.dualBound);
      }
    }
  });
});

describe('the absolute loss', () => {
  it('gets to the end of its path, where rounding once made a Newton matrix indefinite', async () => {
    const heard = await run([
      { type: 'train', id: 1, problem: problemOf('sine', 60, { ...shallow, loss: 'absolute', patterns: { sample: 40, seed: 0 } }) }, // prettier-ignore
    ]);
    const points = pointsOf(heard);
    expect(heard.at(-1)?.type).toBe('done');
    expect(points).toHaveLength(pathLength);
    for (const { objective, dualBound } of points) expect(dualBound).toBeLessThanOrEqual(objective);
  });
});

describe('a training', () => {
  const long = problemOf('spiral', 60, { ...shallow, patterns: 'all' });
  const short = problemOf('sine', 10, shallow);

  it('is cancelled at any time, and says nothing afterwards', async () => {
    const heard = await run([{ type: 'train', id: 1, problem: long }], (news, post) => {
      if (news.type === 'point' && news.point.index === 2) post({ type: 'cancel', id: 1 });
    });
    expect(heard.at(-1)).toEqual({ type: 'cancelled', id: 1 });
    expect(pointsOf(heard).length).toBeLessThan(6);
  });

  it('is cancelled by a new one', async () => {
    const heard = await run(
      [
        { type: 'train', id: 1, problem: long },
        { type: 'train', id: 2, problem: short },
      ],
      undefined,
      2,
    );
    expect(heard.find(({ type }) => type === 'cancelled')).toEqual({ type: 'cancelled', id: 1 });
    expect(heard.at(-1)).toMatchObject({ type: 'done', id: 2 });
    expect(heard.filter(({ id, type }) => id === 1 && type === 'point')).toEqual([]);
  });

  it('answers a forecast while it runs', async () => {
    const heard = await run([{ type: 'train', id: 1, problem: long }], (news, post) => {
      if (news.type === 'started') post({ type: 'forecast', id: 2, problem: short });
      if (news.type === 'forecast') post({ type: 'cancel', id: 1 });
    });
    expect(heard.some(({ type, id }) => type === 'forecast' && id === 2)).toBe(true);
    expect(heard.at(-1)).toEqual({ type: 'cancelled', id: 1 });
  });

  it.each<[string, PlaygroundProblem, RegExp]>([
    ['no points', { ...short, points: [] }, /points: expected at least one, got none/],
    ['one class', { ...long, points: long.points.filter(({ label }) => label === 1) }, /expected both classes, got only \+1/], // prettier-ignore
    ['nothing to learn', { ...short, points: short.points.map((point) => ({ ...point, y: 0 })) }, /expected targets that a network can improve on/], // prettier-ignore
    ['widths that do not fit', { ...short, model: { ...shallow, depth: 3 } }, /widths: expected/],
  ])('of %s fails in words', async (_, problem, line) => {
    const heard = await run([{ type: 'train', id: 1, problem }]);
    expect(heard).toHaveLength(1);
    expect(heard[0]?.type === 'failed' && heard[0].message).toMatch(line);
  });
});

describe('a forecast', () => {
  const forecast = (set: DataSetName, n: number, model: Partial<ModelState>) =>
    forecastPath(problemOf(set, n, { ...shallow, ...model }));

  it('counts patterns and dimensions as the certificate does', async () => {
    const problem = problemOf('moons', 12, { ...shallow, patterns: 'all' });
    const { certificate } = await solve(problemInput(problem, 1));
    const { patterns, isExact, dimensions } = forecastPath(problem);
    expect({ patterns, isExact }).toEqual({
      patterns: certificate.patternsTotal,
      isExact: certificate.patternsTotalExact,
    });
    expect(dimensions).toBe(certificate.search?.dimensions);
  });

  it('warns of what takes long, and of what will not be proven', () => {
    expect(forecast('moons', 60, { patterns: 'all' }).warning).toBeNull();
    expect(forecast('spiral', 100, { depth: 3, widths: [2] }).warning).toBeNull();
    expect(forecast('spiral', 300, { patterns: 'all' }).warning).toMatch(
      /about 16 s with 300 points.*sample/,
    );
    expect(forecast('sine', 60, { depth: 3, widths: [3], patterns: 'all' }).warning).toMatch(/cancel at any/);
    expect(forecast('moons', 60, { depth: 3, widths: [3], patterns: 'all' }).warning).toMatch(
      /search in 9 dimensions.*loose/,
    );
    expect(
      forecast('moons', 300, { depth: 4, widths: [4, 4], patterns: { sample: 400, seed: 0 } }).warning,
    ).toMatch(/take fewer of them, or a smaller sample/);
  });

  it('is longer for more of everything', () => {
    const base = { depth: 3, widths: [2], patterns: { sample: 100, seed: 0 } } as const;
    const { seconds } = forecast('moons', 50, base);
    expect(forecast('moons', 100, base).seconds).toBeGreaterThan(seconds);
    expect(forecast('moons', 50, { ...base, widths: [3] }).seconds).toBeGreaterThan(seconds);
    expect(forecast('moons', 50, { ...base, patterns: { sample: 200, seed: 0 } }).seconds).toBeGreaterThan(
      seconds,
    );
  });
});
