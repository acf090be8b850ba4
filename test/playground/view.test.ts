import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellAt, cellsOf } from '../../playground/view/cells.js';
import { certificateWords } from '../../playground/view/certificate-words.js';
import { zeroContour } from '../../playground/view/contour.js';
import { layoutOf } from '../../playground/view/diagram.js';
import { equationText } from '../../playground/view/equation.js';
import { frameOf, fromPicture, pathText, toPicture, type Frame } from '../../playground/view/frame.js';
import {
  columnPlace,
  contributionOf,
  outputCurve,
  outputGrid,
  rowPlace,
  type Grid,
} from '../../playground/view/grid.js';
import { areaOf, cornersOf, halfOf, lineOf, segmentOf, sideOf } from '../../playground/view/hyperplane.js';
import { pathLines } from '../../playground/view/path-lines.js';
import { raceWords } from '../../playground/view/race-words.js';
import { trainScore } from '../../playground/view/score.js';
import { activityOf, isNegligible, unitsOf } from '../../playground/view/unit.js';
import { themes } from '../../src/report/chart-theme.js';
import { parallelToJson } from '../../src/network/architecture-json.js';
import { forward, type ParallelNetwork, type SubNetwork } from '../../src/network/network.js';

const frame: Frame = { xLow: -1.2, xHigh: 1.2, yLow: -1.2, yHigh: 1.2 };
const vector = (...values: number[]): Float64Array => Float64Array.from(values);

function subNetwork(first: number[][], output: number[], inner: number[][][] = []): SubNetwork {
  return {
    first: first.map((w) => vector(...w)),
    inner: inner.map((layer) => layer.map((w) => vector(...w))),
    output: vector(...output),
    channel: 0,
  };
}

function network(subNetworks: SubNetwork[], inputs = 3, depth = 2): ParallelNetwork {
  return { kind: 'relu', depth, inputs, outputs: 1, subNetworks };
}

const two = network([subNetwork([[1, 0.5, -0.2]], [2]), subNetwork([[-0.5, 1, 0.1]], [-1.5])]);
const deep = network(
  [
    subNetwork(
      [
        [1, 0, 0],
        [0, 1, -0.3],
      ],
      [1.5],
      [[[1, -1]]],
    ),
  ],
  3,
  3,
);
const lineArbitrary = fc.record({
  a: fc.double({ min: -1, max: 1, noNaN: true }),
  b: fc.double({ min: -1, max: 1, noNaN: true }),
  c: fc.double({ min: -1, max: 1, noNaN: true }),
});

describe('the frame', () => {
  it('is the domain for classes, and holds every target of a number', () => {
    expect(frameOf('classes', [{ x: 9, y: 9, label: 1 }])).toEqual(frame);
    const tall = frameOf('number', [{ x: 0, y: 5, label: 0 }]);
    expect(tall.yHigh).toBeGreaterThan(5);
    expect(tall.yLow).toBe(-1.2);
  });

  it('goes to the picture and back, y upwards', () => {
    expect(toPicture(frame, { x: -1.2, y: 1.2 }, 480, 480)).toEqual({ x: 0, y: 0 });
    const back = fromPicture(frame, toPicture(frame, { x: 0.3, y: -0.7 }, 480, 300), 480, 300);
    expect(back.x).toBeCloseTo(0.3, 12);
    expect(back.y).toBeCloseTo(-0.7, 12);
    expect(
      pathText(
        [
          { x: 0.123456, y: 1 },
          { x: 2, y: 3 },
        ],
        true,
      ),
    ).toBe('M0.12 1L2 3Z');
  });
});

describe('hyperplanes', () => {
  it('ends on the border of the frame, on the line', () => {
    fc.assert(
      fc.property(lineArbitrary, (line) => {
        const segment = segmentOf(line, frame);
        const signs = new Set(cornersOf(frame).map((corner) => sideOf(line, corner) >= 0));
        if (segment === null) {
          // Outside: all corners on one side, or the line runs along an edge.
          expect(signs.size === 1 || cornersOf(frame).some((corner) => sideOf(line, corner) === 0)).toBe(
            true,
          );
          return;
        }
        for (const place of segment) {
          expect(Math.abs(sideOf(line, place))).toBeLessThan(1e-9);
          expect(Math.max(Math.abs(place.x), Math.abs(place.y))).toBeCloseTo(1.2, 9);
        }
      }),
    );
  });

  it('reads weights of one input as a vertical line through the kink', () => {
    const segment = segmentOf(lineOf(vector(2, -1)), frame);
    expect(segment).toHaveLength(2);
    for (const { x } of segment ?? []) expect(x).toBeCloseTo(0.5, 12);
  });

  it('cuts a polygon into halves that fill it', () => {
    fc.assert(
      fc.property(lineArbitrary, (line) => {
        const square = cornersOf(frame);
        const on = halfOf(square, line);
        const off = halfOf(square, { a: -line.a, b: -line.b, c: -line.c });
        if (line.a === 0 && line.b === 0) return;
        expect((on ? areaOf(on) : 0) + (off ? areaOf(off) : 0)).toBeCloseTo(5.76, 8);
      }),
    );
  });
});

describe('cells of the arrangement', () => {
  it('are 1 + k + crossings in general position, fill the frame, and keep one sign each', () => {
    const lines = [
      { a: 1, b: 0.1, c: 0 },
      { a: 0.2, b: 1, c: 0.1 },
      { a: 1, b: -1, c: 0.3 },
    ];
    const cells = cellsOf(lines, frame);
    expect(cells).toHaveLength(7);
    expect(cells.reduce((sum, { polygon }) => sum + areaOf(polygon), 0)).toBeCloseTo(5.76, 9);
    for (const { polygon, active } of cells) {
      const middle = {
        x: polygon.reduce((sum, { x }) => sum + x, 0) / polygon.length,
        y: polygon.reduce((sum, { y }) => sum + y, 0) / polygon.length,
      };
      expect(lines.map((line) => sideOf(line, middle) >= 0)).toEqual(active);
      expect(cellAt(cells, lines, middle)?.polygon).toBe(polygon);
    }
  });

  it('count a repeated line once', () => {
    const line = { a: 1, b: 0, c: 0 };
    expect(cellsOf([line, line], frame)).toHaveLength(2);
  });

  it('are pieces on which a two-layer network is linear', () => {
    const lines = two.subNetworks.map(({ first }) => lineOf(first[0]!));
    for (const { polygon } of cellsOf(lines, frame)) {
      const [p, q] = [polygon[0]!, polygon[1]!];
      const f = (x: number, y: number): number => forward(two, { X: vector(x, y, 1), n: 1, d: 3 })[0]!;
      const middle = f((p.x + q.x) / 2, (p.y + q.y) / 2);
      expect(middle).toBeCloseTo((f(p.x, p.y) + f(q.x, q.y)) / 2, 9);
    }
  });
});

describe('grids', () => {
  it('hold the outputs of the network at their nodes', () => {
    const grid = outputGrid(two, frame, 7);
    const [row, column] = [2, 5];
    const place = [columnPlace(frame, column, 7), rowPlace(frame, row, 7), 1];
    expect(grid.values[row * 7 + column]).toBe(forward(two, { X: vector(...place), n: 1, d: 3 })[0]);
    expect(rowPlace(frame, 0, 7)).toBe(1.2);
  });

  it('add up from the contributions of the sub-networks', () => {
    const total = outputGrid(two, frame, 9).values;
    const parts = two.subNetworks.map((_, k) => outputGrid(contributionOf(two, k), frame, 9).values);
    total.forEach((value, i) => {
      expect(parts[0]![i]! + parts[1]![i]!).toBeCloseTo(value, 12);
    });
  });

  it('draw a curve with its kinks', () => {
    const hinge = network([subNetwork([[2, -0.5]], [1])], 2);
    const curve = outputCurve(hinge, frame, 4);
    expect(curve.find(({ x }) => x === 0.25)?.y).toBe(0);
    expect(curve.at(-1)).toEqual({ x: 1.2, y: expect.closeTo(1.9, 12) as number });
  });
});

describe('units', () => {
  it('are listed layer by layer', () => {
    expect(unitsOf(deep)).toEqual([
      { subNetwork: 0, layer: 0, unit: 0 },
      { subNetwork: 0, layer: 0, unit: 1 },
      { subNetwork: 0, layer: 1, unit: 0 },
    ]);
  });

  it('are active where their pre-activation is not negative', () => {
    const rows = { X: vector(0.5, 0.2, 1, 0.2, 1, 1, -1, 0.1, 1), n: 3, d: 3 };
    expect([...activityOf(deep, { subNetwork: 0, layer: 0, unit: 1 }, rows)]).toEqual([
      expect.closeTo(-0.1, 12),
      expect.closeTo(0.7, 12),
      expect.closeTo(-0.2, 12),
    ]);
    // (x)₊ − (y − 0.3)₊
    expect([...activityOf(deep, { subNetwork: 0, layer: 1, unit: 0 }, rows)]).toEqual([
      expect.closeTo(0.5, 12),
      expect.closeTo(-0.5, 12),
      0,
    ]);
  });

  it('are negligible where rounding left them', () => {
    const rounded = network(
      [
        subNetwork(
          [
            [1, 0, 0],
            [1e-17, 0, 2e-18],
          ],
          [1],
          [[[1, 1]]],
        ),
      ],
      3,
      3,
    );
    expect(unitsOf(rounded).map((place) => isNegligible(rounded, place))).toEqual([false, true, false]);
  });

  it('of a gated network are gated by their gates', () => {
    const gated: ParallelNetwork = {
      ...two,
      kind: 'gated',
      subNetworks: [{ ...subNetwork([[1, 0, 0]], [1]), gates: { first: [vector(0, 1, 0)], inner: [] } }],
    };
    const rows = { X: vector(-1, 0.5, 1), n: 1, d: 3 };
    expect([...activityOf(gated, { subNetwork: 0, layer: 0, unit: 0 }, rows)]).toEqual([0.5]);
  });
});

describe('zero contours', () => {
  const gridOf = (value: (x: number, y: number) => number, size = 41): Grid => ({
    frame,
    columns: size,
    rows: size,
    values: Float64Array.from({ length: size * size }, (_, i) =>
      value(columnPlace(frame, i % size, size), rowPlace(frame, Math.floor(i / size), size)),
    ),
  });

  it('of a linear function is its line, in one piece', () => {
    const line = { a: 0.7, b: -0.4, c: 0.1 };
    const contours = zeroContour(gridOf((x, y) => sideOf(line, { x, y })));
    expect(contours).toHaveLength(1);
    for (const place of contours[0]!) expect(Math.abs(sideOf(line, place))).toBeLessThan(1e-12);
  });

  it('of a circle closes', () => {
    const contours = zeroContour(gridOf((x, y) => x * x + y * y - 0.5));
    expect(contours).toHaveLength(1);
    const [circle] = contours;
    expect(circle![0]).toEqual(circle!.at(-1));
    for (const { x, y } of circle!) expect(Math.hypot(x, y)).toBeCloseTo(Math.SQRT1_2, 2);
  });

  it('keeps both branches of a saddle apart', () => {
    const contours = zeroContour(gridOf((x, y) => x * y - 0.01, 20));
    expect(contours).toHaveLength(2);
  });

  it('finds the edge of a region that is exactly 0, where nothing can be interpolated', () => {
    // Rounding noise of either sign in place of the zeros.
    const ramp = (x: number): number => (x < 0.123 ? Math.sin(1e4 * x) * 1e-17 : 0.123 - x);
    const lines = zeroContour(gridOf(ramp), (places) => Float64Array.from(places, ({ x }) => ramp(x)));
    expect(lines).toHaveLength(1);
    const [line] = lines;
    for (const { x } of line!) expect(x).toBeCloseTo(0.123, 3);
  });

  it('of one sign is empty', () => {
    expect(zeroContour(gridOf(() => 1))).toEqual([]);
  });
});

describe('the path plot', () => {
  const step = (beta: number, ...subNetworks: SubNetwork[]) => ({
    beta,
    network: parallelToJson(network(subNetworks)),
    pathNorms: subNetworks.map((_, k) => beta * (k + 1)),
  });

  it('follows sub-networks by direction and sign, whatever their order', () => {
    const a = subNetwork([[1, 0, 0]], [1]);
    const nearA = subNetwork([[1.9, 0.2, 0]], [2]);
    const opposite = subNetwork([[1, 0, 0]], [-1]);
    const lines = pathLines([step(2, a), step(1, opposite, nearA)]);
    expect(lines.map(({ sign, places }) => [sign, places.map(({ beta }) => beta)])).toEqual([
      [1, [2, 1]],
      [-1, [1]],
    ]);
    expect(lines[0]!.places[1]!.subNetworks).toEqual([1]);
  });

  it('adds up sub-networks that act as one', () => {
    const lines = pathLines([step(1, subNetwork([[1, 0, 0]], [1]), subNetwork([[1, 0.01, 0]], [1]))]);
    expect(lines).toHaveLength(1);
    expect(lines[0]!.places[0]).toMatchObject({ norm: 3, subNetworks: [1, 0] });
  });
});

describe('words', () => {
  it('write a sub-network of two layers out', () => {
    expect(equationText(two, 1)).toBe('−1.5 · (−0.5 x + 1 y + 0.1)₊');
    expect(equationText(deep, 0)).toBe('2 → 1 units, output weight 1.5');
  });

  const point = {
    status: 'optimal',
    scope: 'all-arrangements',
    patternsTotal: 3542,
    patternsHeld: 122,
    relativeGap: 1e-7,
  } as const;

  it('call global what was checked on all arrangements only', () => {
    expect(certificateWords(point).verdict).toBe('Global optimum, proven.');
    expect(certificateWords(point).scope).toContain('all 3,542 activation patterns');
    const sampled = certificateWords({ ...point, scope: 'given-arrangements' });
    expect(sampled.verdict).toBe('Optimal among the patterns used.');
    expect(`${sampled.verdict}${sampled.scope}`).not.toMatch(/global/i);
    const open = certificateWords({ ...point, status: 'time-limit', relativeGap: 0.0123 });
    expect(open.isProven).toBe(false);
    expect(open.verdict).toContain('1.3\u00a0%');
  });

  it('say how far a race is above the optimum, never below', () => {
    const attempt = (objective: number | null) => ({
      phase: 'running' as const,
      message: null,
      laps: [{ iteration: 500, objective }],
    });
    expect(raceWords(attempt(1.1), 1)).toMatch(/^10.% above the optimum after 500 steps/);
    expect(raceWords(attempt(0.99999999), 1)).toBe('At the certified optimum after 500 steps.');
    expect(raceWords(attempt(null), 1)).toContain('Diverged after 500 steps');
    expect(raceWords(undefined, 1)).toContain('Not started');
  });
});

describe('scores', () => {
  it('count points on the right side, and none at 0', () => {
    const one = network([subNetwork([[1, 0, 0]], [1])]);
    const points = [
      { x: 1, y: 0, label: 1 },
      { x: 0.5, y: 0, label: -1 },
      { x: -1, y: 0, label: -1 },
    ] as const;
    expect(trainScore(one, points, 'classes')).toBeCloseTo(1 / 3, 12);
  });

  it('is R² for a number', () => {
    const hinge = network([subNetwork([[1, 0]], [1])], 2);
    const points = [-1, 0, 0.5, 1].map((x) => ({ x, y: Math.max(0, x), label: 0 as const }));
    expect(trainScore(hinge, points, 'number')).toBe(1);
    expect(trainScore({ ...hinge, subNetworks: [] }, points, 'number')).toBeLessThan(0);
  });
});

describe('the diagram', () => {
  it('has every weight that is not zero, sized within its layer', () => {
    const { edges, units, nodes, height } = layoutOf(two, [1, 0]);
    expect(nodes.map(({ name }) => name)).toEqual(['x', 'y', '1', 'Σ']);
    expect(units.map(({ subNetwork: k }) => k)).toEqual([1, 0]);
    expect(edges).toHaveLength(8);
    expect(edges.find(({ weight }) => weight === 2)?.share).toBe(1);
    for (const { y } of [...units, ...nodes]) {
      expect(y).toBeGreaterThan(0);
      expect(y).toBeLessThan(height);
    }
  });
});

describe('the style sheet', () => {
  it('has the tokens of the charts, in both themes', () => {
    const sheet = readFileSync('playground/style/tokens.css', 'utf8');
    const [light = '', dark = ''] = sheet.split('@media (prefers-color-scheme: dark)');
    for (const [part, theme] of [
      [light, themes.light],
      [dark, themes.dark],
    ] as const) {
      for (const [name, value] of Object.entries(theme)) expect(part).toContain(`--rl-${name}: ${value};`);
    }
  });
});
