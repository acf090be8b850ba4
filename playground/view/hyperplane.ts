import type { Frame, Place, Polyline } from './frame.js';

/** {(x, y): a·x + b·y + c = 0}. */
export interface Line {
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/** The hyperplane of first-layer weights (x, y, bias), or (x, bias) with one input: there it is a kink, a vertical line. */
export function lineOf(weights: ArrayLike<number>): Line {
  const [a = 0, b = 0, c = 0] = Array.from(weights);
  return weights.length === 2 ? { a, b: 0, c: b } : { a, b, c };
}

/** a·x + b·y + c. */
export function sideOf({ a, b, c }: Line, { x, y }: Place): number {
  return a * x + b * y + c;
}

/** The part of a line inside the frame, or null where it runs outside. */
export function segmentOf(line: Line, frame: Frame): Polyline | null {
  const corners = cornersOf(frame);
  const ends: Place[] = [];
  corners.forEach((corner, k) => {
    const next = corners[(k + 1) % corners.length] ?? corner;
    const before = sideOf(line, corner);
    const after = sideOf(line, next);
    if (before === 0 && after === 0) return;
    // Half-open, so that a line through a corner meets the border there once.
    if (before < 0 === after < 0) return;
    ends.push(between(corner, next, before / (before - after)));
  });
  const [start, end] = ends;
  return start && end && ends.length === 2 ? [start, end] : null;
}

/** The corners, anticlockwise from the lower left. */
export function cornersOf({ xLow, xHigh, yLow, yHigh }: Frame): readonly Place[] {
  return [
    { x: xLow, y: yLow },
    { x: xHigh, y: yLow },
    { x: xHigh, y: yHigh },
    { x: xLow, y: yHigh },
  ];
}

/** The place that share of the way from `from` to `to`. */
export function between(from: Place, to: Place, share: number): Place {
  return { x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y) };
}

/** The part of a convex polygon on the side where the line's value is ≥ 0; null where nothing of an area is left. */
export function halfOf(polygon: Polyline, line: Line): Polyline | null {
  const kept: Place[] = [];
  polygon.forEach((place, k) => {
    const next = polygon[(k + 1) % polygon.length] ?? place;
    const here = sideOf(line, place);
    const there = sideOf(line, next);
    if (here >= 0) kept.push(place);
    if (here >= 0 !== there >= 0 && here !== 0 && there !== 0)
      kept.push(between(place, next, here / (here - there)));
  });
  return kept.length >= 3 && areaOf(kept) > 1e-12 ? kept : null;
}

/** Area of a simple polygon. */
export function areaOf(polygon: Polyline): number {
  let twice = 0;
  polygon.forEach((place, k) => {
    const next = polygon[(k + 1) % polygon.length] ?? place;
    twice += place.x * next.y - next.x * place.y;
  });
  return Math.abs(twice) / 2;
}
