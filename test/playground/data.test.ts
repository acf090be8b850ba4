import { describe, expect, it } from 'vitest';
import {
  csvOfPoints,
  pointsOfCsv,
  readCsv,
  suggestedChoice,
  type CsvChoice,
} from '../../playground/data/csv.js';
import { madePoints, taskOf } from '../../playground/data/made-sets.js';
import { mostOwnPoints } from '../../playground/data/own-points.js';
import { domain, lineSets, planeSets } from '../../playground/state.js';

const [least, most] = domain;

describe.each([...planeSets, ...lineSets])('the set %s', (set) => {
  it('has n points inside the domain at any noise, the same ones every time', () => {
    for (const n of [4, 57, 300]) {
      for (const noise of [0, 0.1, 0.5]) {
        const points = madePoints({ set, n, noise, seed: 3 });
        expect(points).toHaveLength(n);
        for (const { x, y } of points) {
          expect(Math.min(x, y)).toBeGreaterThanOrEqual(least);
          expect(Math.max(x, y)).toBeLessThanOrEqual(most);
        }
        expect(madePoints({ set, n, noise, seed: 3 })).toEqual(points);
      }
    }
  });

  it('is as its task says: two classes of one size, or a target for every input', () => {
    const points = madePoints({ set, n: 40, noise: 0.1, seed: 1 });
    const labels = points.map(({ label }) => label);
    if (taskOf(set) === 'classes') {
      expect(labels.filter((label) => label === 1)).toHaveLength(20);
      expect(labels.filter((label) => label === -1)).toHaveLength(20);
    } else {
      expect(new Set(labels)).toEqual(new Set([0]));
      expect(new Set(points.map(({ x }) => x)).size).toBe(40);
    }
  });

  it('is moved by noise, another seed or the size of the noise, and by nothing else', () => {
    const at = (noise: number, seed: number) => madePoints({ set, n: 30, noise, seed });
    expect(at(0.1, 1)).not.toEqual(at(0.1, 2));
    const [calm, mild, wild] = [at(0, 1), at(0.001, 1), at(0.002, 1)];
    calm.forEach(({ y }, i) => {
      // Twice the noise moves a point twice as far in the same direction, unless the edge turned it back.
      const [one, two] = [mild[i]!.y - y, wild[i]!.y - y];
      if (Math.abs(y) < 1.1) expect(two).toBeCloseTo(2 * one, 12);
    });
  });
});

const flowers = `name;width;length;kind
a;1;10;red
b;2;20;blue
c;;30;blue
d;4;40;green`;

describe('a CSV', () => {
  it('offers its columns of numbers, and what may be a class', () => {
    const csv = readCsv(flowers, 'flowers.csv');
    expect(csv.numbers).toEqual(['width', 'length']);
    expect(csv.classes).toEqual(['name', 'width', 'length', 'kind']);
    expect(suggestedChoice(csv)).toEqual({
      task: 'classes',
      x: 'width',
      y: 'length',
      label: 'kind',
      positive: null,
    });
  });

  it('is scaled to the plane, missing cells left out, and says so', () => {
    const csv = readCsv(flowers, 'flowers.csv');
    const { points, notes } = pointsOfCsv(csv, { ...suggestedChoice(csv), positive: 'blue' });
    expect(points).toEqual([
      { x: -1.1, y: -1.1, label: -1 },
      { x: -0.367, y: -0.367, label: 1 },
      { x: 1.1, y: 1.1, label: -1 },
    ]);
    expect(notes).toEqual([
      '1 of 4 rows have a missing cell and are left out.',
      '"width" (1 to 4) and "length" (10 to 40) are scaled to the plane.',
      '"blue" of "kind" is +1, the 2 other classes −1.',
    ]);
  });

  it('of numbers alone is an input and a target', () => {
    const csv = readCsv('a,b\n0,1\n5,3\n10,2\n');
    const choice = suggestedChoice(csv);
    expect(choice).toMatchObject({ task: 'number', x: 'a', y: 'b', label: null });
    expect(pointsOfCsv(csv, choice).points).toEqual([
      { x: -1.1, y: -1.1, label: 0 },
      { x: 0, y: 1.1, label: 0 },
      { x: 1.1, y: 0, label: 0 },
    ]);
  });

  it('of many rows is sampled, the same rows every time', () => {
    const rows = Array.from({ length: 1000 }, (_, i) => `${i},${(i * 37) % 1000}`);
    const csv = readCsv(['a,b', ...rows].join('\n'));
    const { points, notes } = pointsOfCsv(csv, suggestedChoice(csv));
    expect(points).toHaveLength(mostOwnPoints);
    expect(notes[0]).toBe(`A random sample of ${mostOwnPoints} of the 1000 rows is shown.`);
    expect(new Set(points.map(({ x }) => x)).size).toBe(mostOwnPoints);
    expect(pointsOfCsv(csv, suggestedChoice(csv)).points).toEqual(points);
  });

  it('comes back from the points as they were written', () => {
    const points = pointsOfCsv(readCsv(flowers), { task: 'classes', x: 'width', y: 'length', label: 'kind', positive: 'red' }).points; // prettier-ignore
    const again = readCsv(csvOfPoints('classes', points));
    expect(
      pointsOfCsv(again, { task: 'classes', x: 'x', y: 'y', label: 'label', positive: '1' }).points,
    ).toEqual(points);
  });

  const choice: CsvChoice = { task: 'classes', x: 'width', y: 'length', label: 'kind', positive: null };
  it.each<[string, () => unknown, RegExp]>([
    ['nothing', () => readCsv(''), /table: expected/],
    ['words', () => readCsv('a,b\nx,y\nz,w'), /expected two columns of numbers.*got none/],
    ['one column of numbers', () => readCsv('a,b\n1,y\n2,w'), /got only "a"/],
    ['a constant column', () => readCsv('a,b\n1,5\n2,5'), /got only "a"/],
    ['ragged rows', () => readCsv('a,b\n1\n2,5'), /expected 2 cells/],
    ['too long a text', () => readCsv('a,b\n' + '1,2\n'.repeat(1_300_000)), /at most 5 million characters/],
    ['an unknown column', () => pointsOfCsv(readCsv(flowers), { ...choice, x: 'widht' }), /x: expected a column.*did you mean "width"/], // prettier-ignore
    ['a column of words', () => pointsOfCsv(readCsv(flowers), { ...choice, x: 'kind' }), /column "kind": expected a number, got "red"/], // prettier-ignore
    ['an unknown class', () => pointsOfCsv(readCsv(flowers), { ...choice, positive: 'pink' }), /expected a class of "kind": "blue", .*got "pink"/], // prettier-ignore
    ['a single class', () => pointsOfCsv(readCsv('a,b,k\n1,2,u\n2,3,u'), { task: 'classes', x: 'a', y: 'b', label: 'k', positive: null }), /expected at least two classes, got only "u"/], // prettier-ignore
  ])('that is no use is refused in one line: %s', (_, act, line) => {
    expect(act).toThrow(line);
  });
});
