import { forward, type ParallelNetwork } from '../../src/network/network.js';
import type { DataPoint, Task } from '../state.js';

/** Share of points on the right side of the boundary (classes) or R² (number), on the points trained on. */
export function trainScore(network: ParallelNetwork, points: readonly DataPoint[], task: Task): number {
  const n = points.length;
  const isPlane = task === 'classes';
  const X = Float64Array.from(points.flatMap(({ x, y }) => (isPlane ? [x, y, 1] : [x, 1])));
  const outputs = forward(network, { X, n, d: isPlane ? 3 : 2 });
  if (isPlane) {
    // An output of 0 decides for neither class.
    const right = points.filter(({ label }, i) => (outputs[i] ?? 0) * label > 0).length;
    return right / n;
  }
  const mean = points.reduce((sum, { y }) => sum + y, 0) / n;
  const total = points.reduce((sum, { y }) => sum + (y - mean) ** 2, 0);
  const left = points.reduce((sum, { y }, i) => sum + (y - (outputs[i] ?? 0)) ** 2, 0);
  return total === 0 ? NaN : 1 - left / total;
}
