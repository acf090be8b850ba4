import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { madeRanges } from '../../playground/data/made-sets.js';
import { gridStep, largestTarget, mostOwnPoints, ownPoint } from '../../playground/data/own-points.js';
import {
  lineSets,
  pathLength,
  planeSets,
  type DataState,
  type ModelState,
  type PlaygroundState,
} from '../../playground/state.js';
import { defaultState, hashOfState, stateOfHash, stateRanges, taskLosses } from '../../playground/url.js';

const within = ({ least, most }: { least: number; most: number }): fc.Arbitrary<number> =>
  fc.integer({ min: least, max: most });
const between = ({ least, most }: { least: number; most: number }): fc.Arbitrary<number> =>
  fc.double({ min: least, max: most, noNaN: true }).map((value) => value + 0);

const made = fc.record({
  kind: fc.constant('made' as const),
  set: fc.constantFrom(...planeSets, ...lineSets),
  n: within(madeRanges.n),
  noise: between(madeRanges.noise),
  seed: within(stateRanges.seed),
});
const inputs = fc.integer({ min: -1200, max: 1200 }).map((value) => value / 1000 + 0);
const targets = fc
  .integer({ min: -largestTarget / gridStep, max: largestTarget / gridStep })
  .map((value) => value / 1000 + 0);
const own = fc.oneof(
  fc.record({
    kind: fc.constant('own' as const),
    task: fc.constant('classes' as const),
    points: fc.array(fc.record({ x: inputs, y: inputs, label: fc.constantFrom(-1 as const, 1 as const) }), {
      maxLength: mostOwnPoints,
    }),
  }),
  fc.record({
    kind: fc.constant('own' as const),
    task: fc.constant('number' as const),
    points: fc.array(fc.record({ x: inputs, y: targets, label: fc.constant(0 as const) }), {
      maxLength: mostOwnPoints,
    }),
  }),
);

function isNumber(data: DataState): boolean {
  return data.kind === 'own' ? data.task === 'number' : (lineSets as readonly string[]).includes(data.set);
}

const states: fc.Arbitrary<PlaygroundState> = fc.oneof(made, own).chain((data) =>
  fc.constantFrom(2 as const, 3 as const, 4 as const).chain((depth) =>
    fc.record({
      data: fc.constant(data),
      model: fc
        .record({
          depth: fc.constant(depth),
          widths: fc.array(within(stateRanges.width), { minLength: depth - 2, maxLength: depth - 2 }),
          formulation: fc.constantFrom('relu' as const, 'gated' as const),
          loss: fc.constantFrom<ModelState['loss'][]>(...taskLosses[isNumber(data) ? 'number' : 'classes']),
          patterns: fc.oneof(
            fc.constant('all' as const),
            fc.record({ sample: within(stateRanges.sample), seed: within(stateRanges.seed) }),
          ),
        })
        .filter(({ formulation, patterns }) => formulation === 'relu' || patterns !== 'all'),
      betaIndex: within({ least: 0, most: pathLength - 1 }),
      race: fc.record({
        optimiser: fc.constantFrom('sgd' as const, 'adam' as const),
        rate: between(stateRanges.rate),
        seed: within(stateRanges.seed),
        subNetworks: within(stateRanges.subNetworks),
      }),
    }),
  ),
);

describe('a link', () => {
  it('gives back the state that it was made of', () => {
    fc.assert(
      fc.property(states, (state) => {
        const hash = hashOfState(state);
        // Nothing that a browser would escape.
        expect(hash).toMatch(/^#[\w=&,.+-]+$/);
        expect(stateOfHash(hash)).toEqual({ state, message: null });
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it('rounds own points to its grid, and no further the second time', () => {
    fc.assert(
      fc.property(fc.double({ min: -3, max: 3, noNaN: true }), fc.boolean(), (value, isClass) => {
        const point = ownPoint({ x: value, y: value, label: isClass ? 1 : 0 });
        expect(ownPoint(point)).toEqual(point);
        expect(Math.abs(point.x - Math.max(-1.2, Math.min(1.2, value)))).toBeLessThanOrEqual(gridStep);
        const task = isClass ? ('classes' as const) : ('number' as const);
        const loss = isClass ? ('logistic' as const) : ('squared' as const);
        const state: PlaygroundState = {
          ...defaultState,
          model: { ...defaultState.model, loss },
          data: { kind: 'own', task, points: [point] },
        };
        expect(stateOfHash(hashOfState(state))).toEqual({ state, message: null });
      }),
      { numRuns: 300, seed: 2 },
    );
  });

  it('is never more than a state and one line, whatever it says', () => {
    const alphabet = 'v=1&dataownmodelpatternsbetarace,.-0123456789spiral%AZ_';
    const texts = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom(...alphabet.split(/(?:)/u)) }),
      // A good link with a piece replaced.
      fc.tuple(states, fc.nat(), fc.nat(6), fc.string({ maxLength: 4 })).map(([state, at, length, piece]) => {
        const hash = hashOfState(state);
        const from = at % hash.length;
        return hash.slice(0, from) + piece + hash.slice(from + length);
      }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const { state, message } = stateOfHash(text);
        // Whatever came out can be shown, and linked to.
        expect(stateOfHash(hashOfState(state))).toEqual({ state, message: null });
        if (message !== null) {
          expect(message).toMatch(/^link: .*expected/);
          expect(message).not.toContain('\n');
          expect(state).toEqual(defaultState);
        }
      }),
      { numRuns: 1000, seed: 3 },
    );
  });

  it('may leave parts out', () => {
    expect(stateOfHash('')).toEqual({ state: defaultState, message: null });
    const { state, message } = stateOfHash('#data=sine,40,0.1,2');
    expect(message).toBeNull();
    expect(state.data).toEqual({ kind: 'made', set: 'sine', n: 40, noise: 0.1, seed: 2 });
    expect(state.model.loss).toBe('squared');
  });

  it.each([
    ['#v=2', /v: expected version 1, got "2"/],
    ['#data=spirals,40,0,1', /data\.set: expected one of spiral, .*hinge/],
    ['#data=spiral,40000,0,1', /data\.n: expected a whole number from 4 to 300/],
    ['#data=spiral,40,NaN,1', /data\.noise: expected a number from 0 to 0\.5/],
    ['#data=spiral,40', /data: expected set,n,noise,seed, got "spiral,40"/],
    ['#model=5,relu,squared', /model\.depth: expected a depth of 2, 3 or 4/],
    ['#model=3,relu,squared', /model\.widths: expected 1 widths at depth 3/],
    ['#model=3,relu,squared,1e9', /model\.widths\.0: expected a whole number from 1 to 8/],
    ['#model=2,relu,huber', /model\.loss: expected one of logistic, squared-hinge, squared for these data/],
    ['#model=2,gated,squared', /model\.patterns: expected a sample for gated networks/],
    ['#beta=31', /betaIndex: expected a whole number from 0 to 30/],
    ['#own=classes,9999,AAAA', /own: expected at most 300 points/],
    ['#own=classes,2,AAAA', /own: expected 9 bytes for 2 points, got 3/],
    ['#own=classes,2,$', /own: expected base64url/],
    ['#beta=1&beta=2', /beta: expected once/],
    ['#x=1', /expected the fields v, data, .*got "x=1"/],
  ])('%s is refused in words', (hash, line) => {
    expect(stateOfHash(hash).message).toMatch(line);
  });

  it('with 300 own points is short enough for any browser', () => {
    const points = Array.from({ length: mostOwnPoints }, (_, i) =>
      ownPoint({ x: Math.sin(i), y: Math.cos(i), label: i % 2 === 0 ? 1 : -1 }),
    );
    expect(
      hashOfState({ ...defaultState, data: { kind: 'own', task: 'classes', points } }).length,
    ).toBeLessThan(1800);
  });
});
