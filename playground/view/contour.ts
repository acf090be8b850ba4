import type { Place, Polyline } from './frame.js';
import { columnPlace, rowPlace, type Grid } from './grid.js';
import { between } from './hyperplane.js';

/** One crossing of the contour through a square: the two edges it joins. */
interface Crossing {
  readonly from: number;
  readonly to: number;
}

/**
 * Where the values of a grid change sign, by marching squares with linear interpolation; a saddle is told apart by its
 * mean. Pieces are joined: one polyline for each contour, closed ones end where they start. O(nodes).
 */
export function zeroContour(grid: Grid): readonly Polyline[] {
  const places = new Map<number, Place>();
  const crossings: Crossing[] = [];
  for (let row = 0; row + 1 < grid.rows; row++) {
    for (let column = 0; column + 1 < grid.columns; column++) {
      crossings.push(...crossingsOf(grid, row, column, places));
    }
  }
  return joined(crossings, places);
}

function crossingsOf(grid: Grid, row: number, column: number, places: Map<number, Place>): Crossing[] {
  const { columns, values } = grid;
  const corner = row * columns + column;
  // Clockwise from the top left.
  const nodes = [corner, corner + 1, corner + columns + 1, corner + columns];
  const found = nodes.map((node) => values[node] ?? NaN);
  if (found.some((value) => Number.isNaN(value))) return [];
  const edges: number[] = [];
  nodes.forEach((node, k) => {
    const next = nodes[(k + 1) % 4] ?? node;
    const here = found[k] ?? 0;
    const there = found[(k + 1) % 4] ?? 0;
    if (here >= 0 === there >= 0) return;
    // Right and down edges of each node are numbered 2·node and 2·node + 1: neighbours share them.
    const edge = 2 * Math.min(node, next) + (k % 2);
    places.set(edge, between(nodePlace(grid, node), nodePlace(grid, next), here / (here - there)));
    edges.push(edge);
  });
  const [a, b, c, d] = edges;
  if (a === undefined || b === undefined) return [];
  if (c === undefined || d === undefined) return [{ from: a, to: b }];
  const mean = found.reduce((sum, value) => sum + value, 0) / 4;
  // Four crossings: the middle belongs with the corners of its own sign.
  return mean >= 0 === (found[0] ?? 0) >= 0
    ? [
        { from: a, to: b },
        { from: c, to: d },
      ]
    : [
        { from: d, to: a },
        { from: b, to: c },
      ];
}

function nodePlace({ frame, columns, rows }: Grid, node: number): Place {
  return {
    x: columnPlace(frame, node % columns, columns),
    y: rowPlace(frame, Math.floor(node / columns), rows),
  };
}

function joined(crossings: readonly Crossing[], places: ReadonlyMap<number, Place>): readonly Polyline[] {
  const at = new Map<number, number[]>();
  crossings.forEach(({ from, to }, k) => {
    for (const edge of [from, to]) at.set(edge, [...(at.get(edge) ?? []), k]);
  });
  const used = new Set<number>();
  const walk = (start: number): number[] => {
    const edges = [start];
    for (let edge = start; ;) {
      const next = at.get(edge)?.find((k) => !used.has(k));
      const crossing = next === undefined ? undefined : crossings[next];
      if (next === undefined || !crossing) return edges;
      used.add(next);
      edge = crossing.from === edge ? crossing.to : crossing.from;
      edges.push(edge);
    }
  };
  // Open contours first, from an end on the border; what is left is closed.
  const ends = [...at].filter(([, list]) => list.length === 1).map(([edge]) => edge);
  const lines = [...ends, ...at.keys()].map(walk).filter((edges) => edges.length > 1);
  return lines.map((edges) => edges.flatMap((edge) => places.get(edge) ?? []));
}
