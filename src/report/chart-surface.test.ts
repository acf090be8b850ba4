import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';

import { renderSurfaceChart, isoLevels } from './chart-surface.js';
import type { DecisionSurface } from './report-input.js';
import { innermostCell, isoLinePlaces } from './surface-labels.js';

const frame = { id: 'chart', label: 'A label' };
const grid = { columns: 40, rows: 30 };

function fieldOf(value: (x: number, y: number) => number): number[] {
  return Array.from({ length: grid.columns * grid.rows }, (_, cell) =>
    value(((cell % grid.columns) + 0.5) / grid.columns, (Math.floor(cell / grid.columns) + 0.5) / grid.rows),
  );
}

function surface(changes: Partial<DecisionSurface> = {}): DecisionSurface {
  const right = fieldOf((x) => 1 / (1 + Math.exp(-12 * (x - 0.5))));
  return {
    x: { name: 'x', low: 0, high: 1 },
    y: { name: 'y', low: 0, high: 1 },
    ...grid,
    held: [],
    field: {
      kind: 'classification',
      classes: ['left', 'right'],
      probability: [right.map((p) => 1 - p), right],
    },
    points: [
      { x: 0.2, y: 0.5, actual: 'left', isRight: true },
      { x: 0.8, y: 0.5, actual: 'left', isRight: false },
      { x: 9, y: 0.5, actual: 'left', isRight: true },
    ],
    pointsFrom: 'test',
    ...changes,
  };
}

describe('decision surface', () => {
  it('names each region inside of it, and draws wrong rows hollow', () => {
    const svg = renderSurfaceChart(frame, surface());
    const names = /font-weight="700"[^>]*>[\s\S]*?<\/g>/.exec(svg)?.[0] ?? '';
    const places = new Map(
      Array.from(names.matchAll(/translate\((-?[\d.]+),[^)]*\)"[^>]*>(left|right)<\/text>/g), (match) => [
        match[2]!,
        Number(match[1]),
      ]),
    );
    expect(places.get('left')).toBeLessThan(places.get('right')!);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    // The row outside of the picture is left out; the wrong one has the colour of the ground.
    const { document } = parseHTML(svg);
    const shapes = (color: string): number =>
      Array.from(document.querySelectorAll('g'))
        .filter(
          (g) =>
            (g.getAttribute('fill') ?? '').startsWith(color) &&
            (g.getAttribute('stroke') ?? '').startsWith('var'),
        )
        .reduce((sum, g) => sum + g.querySelectorAll('circle, path').length, 0);
    expect([shapes('var(--rl-surface'), shapes('var(--rl-class-a')]).toEqual([1, 1]);
  });

  it('labels iso-lines with their values', () => {
    const values = fieldOf((x, y) => 10 * (x + y));
    const svg = renderSurfaceChart(frame, surface({ field: { kind: 'regression', values } }));
    const labels = Array.from(svg.matchAll(/font-weight="600"[^>]*>([\s\S]*?)<\/g>/g), (match) => match[1]!);
    for (const level of [5, 10, 15]) expect(labels.join()).toContain(`>${level}</text>`);
  });

  it.each([1e-300, 1e-9, 1, 1e9, 1e300])('draws finite numbers only at scale %d', (scale) => {
    const values = fieldOf((x, y) => scale * (x - y));
    const axis = { name: '<script>', low: -scale, high: scale };
    const svg = renderSurfaceChart(frame, {
      ...surface({ field: { kind: 'regression', values }, points: [] }),
      x: axis,
      y: axis,
    });
    expect(svg).not.toMatch(/NaN|Infinity|undefined|<script/);
  });

  it('draws a constant prediction, and nothing at all, without failing', () => {
    expect(isoLevels([3, 3, 3])).toEqual([]);
    const constant = surface({ field: { kind: 'regression', values: fieldOf(() => 3) } });
    expect(renderSurfaceChart(frame, constant)).not.toMatch(/NaN/);
    const none = surface({ field: { kind: 'regression', values: fieldOf(() => NaN) }, points: [] });
    expect(renderSurfaceChart(frame, none)).toContain('no predictions to show');
  });
});

describe('places of labels', () => {
  it('finds the cell furthest from the edge, as by brute force', () => {
    const isInside = (cell: number): boolean => {
      const [column, row] = [cell % 20, Math.floor(cell / 20)];
      return Math.hypot(column - 13, row - 6) < 5 || (column < 3 && row > 10);
    };
    const place = innermostCell(isInside, 20, 16)!;
    const depth = (column: number, row: number): number => {
      let least = Math.min(column + 1, row + 1, 20 - column, 16 - row);
      for (let cell = 0; cell < 320; cell++) {
        if (isInside(cell)) continue;
        least = Math.min(least, Math.abs((cell % 20) - column) + Math.abs(Math.floor(cell / 20) - row));
      }
      return isInside(row * 20 + column) ? least : 0;
    };
    let deepest = 0;
    for (let cell = 0; cell < 320; cell++)
      deepest = Math.max(deepest, depth(cell % 20, Math.floor(cell / 20)));
    expect(place.depth).toBe(deepest);
    expect(depth(place.column, place.row)).toBe(deepest);
    expect(innermostCell(() => false, 4, 4)).toBeNull();
  });

  it('puts a label on its line', () => {
    const values = fieldOf((x) => x);
    for (const { column, row, level } of isoLinePlaces(values, 40, 30, [0.25, 0.5, 0.75])) {
      expect(Math.abs(values[row * 40 + column]! - level)).toBeLessThan(1 / 40);
    }
  });
});
