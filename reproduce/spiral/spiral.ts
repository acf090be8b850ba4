import type { Rows } from '../../src/arrangement/sub-network-pattern.js';
import { forward, type ParallelNetwork } from '../../src/network/network.js';
import { normalGenerator } from '../../src/random.js';

/** Two arms, one the other turned by half a turn. */
export interface Spiral {
  readonly points: readonly SpiralPoint[];
  /** Rows (x₁, x₂, 1): the bias is a column. */
  readonly rows: Rows;
  /** ±1, the arm of each point. */
  readonly arms: Float64Array;
}

export interface SpiralPoint {
  readonly x1: number;
  readonly x2: number;
  readonly arm: 1 | -1;
}

export interface SpiralOptions {
  readonly perArm: number;
  /** Turns of each arm about the origin. */
  readonly turns: number;
  /** Standard deviation of normal noise on both coordinates. */
  readonly noise: number;
  readonly seed: number;
}

/** Arms of radius 0.15 to 1, the radius growing with the angle; points evenly along the angle. */
export function spiral({ perArm, turns, noise, seed }: SpiralOptions): Spiral {
  const normal = normalGenerator(seed);
  const points = Array.from({ length: perArm }, (_, i) => {
    const share = (i + 0.5) / perArm;
    const angle = 2 * Math.PI * turns * share;
    const radius = 0.15 + 0.85 * share;
    return ([1, -1] as const).map((arm): SpiralPoint => {
      const x1 = arm * radius * Math.cos(angle) + noise * normal();
      return { x1, x2: arm * radius * Math.sin(angle) + noise * normal(), arm };
    });
  }).flat();
  return { points, rows: rowsOf(points), arms: Float64Array.from(points, ({ arm }) => arm) };
}

export function rowsOf(points: readonly { readonly x1: number; readonly x2: number }[]): Rows {
  return { X: Float64Array.from(points.flatMap(({ x1, x2 }) => [x1, x2, 1])), n: points.length, d: 3 };
}

/** Share of points on the right side of f = 0. */
export function accuracy(network: ParallelNetwork, { rows, arms }: Spiral): number {
  const f = forward(network, rows);
  return f.reduce((count, value, i) => count + Number(value * (arms[i] ?? 0) > 0), 0) / rows.n;
}
