import { domain, type DataPoint } from '../state.js';

/** Own points at most: what `solve` and a link can take. */
export const mostOwnPoints = 300;

/** Coordinates of own points are whole multiples of this, so that a link holds exactly what is shown. */
export const gridStep = 1e-3;
/** Largest target of a number, in either direction: what 16 bits of a link hold, rounded down. */
export const largestTarget = 32;

/** A coordinate on the grid. */
export function onGrid(value: number): number {
  // Adding 0 makes −0 a plain 0.
  return Math.round(value / gridStep) / Math.round(1 / gridStep) + 0;
}

/** An input: inside the domain and on the grid. */
function inputOnGrid(value: number): number {
  const [least, most] = domain;
  return onGrid(Math.min(most, Math.max(least, value)));
}

/** An own point as it is kept: x, and for classes y, inside the domain; all on the grid. */
export function ownPoint({ x, y, label }: DataPoint): DataPoint {
  const up =
    label === 0 ? onGrid(Math.min(largestTarget, Math.max(-largestTarget, y))) : inputOnGrid(y);
  return { x: inputOnGrid(x), y: up, label };
}
