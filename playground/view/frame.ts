import { domain, type DataPoint, type Task } from '../state.js';

/** The part of the plane that is drawn; y grows upwards. */
export interface Frame {
  readonly xLow: number;
  readonly xHigh: number;
  readonly yLow: number;
  readonly yHigh: number;
}

/** A place in the plane. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** A line from place to place. */
export type Polyline = readonly Place[];

/** What the plane shows: the domain on both axes, and with a number as target as much above and below as the targets need. */
export function frameOf(task: Task, points: readonly DataPoint[]): Frame {
  const [low, high] = domain;
  if (task === 'classes') return { xLow: low, xHigh: high, yLow: low, yHigh: high };
  const targets = points.map(({ y }) => y).filter(Number.isFinite);
  const least = Math.min(low, ...targets);
  const most = Math.max(high, ...targets);
  const room = 0.06 * (most - least);
  return {
    xLow: low,
    xHigh: high,
    yLow: least < low ? least - room : low,
    yHigh: most > high ? most + room : high,
  };
}

/** A place in units of a picture of that size, its origin at the top left. */
export function toPicture(frame: Frame, { x, y }: Place, width: number, height: number): Place {
  return {
    x: ((x - frame.xLow) / (frame.xHigh - frame.xLow)) * width,
    y: ((frame.yHigh - y) / (frame.yHigh - frame.yLow)) * height,
  };
}

/** The inverse of {@link toPicture}. */
export function fromPicture(frame: Frame, { x, y }: Place, width: number, height: number): Place {
  return {
    x: frame.xLow + (x / width) * (frame.xHigh - frame.xLow),
    y: frame.yHigh - (y / height) * (frame.yHigh - frame.yLow),
  };
}

/** A polyline as the `d` of an SVG path, to a hundredth of a unit. */
export function pathText(line: Polyline, closed = false): string {
  const places = line.map(({ x, y }) => `${round(x)} ${round(y)}`);
  return `M${places.join('L')}${closed ? 'Z' : ''}`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
