import { forward, type ParallelNetwork } from '../../src/network/network.js';
import { regressionScores } from '../../src/training/regression-scores.js';
import { trainingRows } from '../engine/problem-input.js';
import type { DataPoint, Task } from '../state.js';

/** Share of points on the right side of the boundary (classes) or R² (number), on the points trained on. */
export function trainScore(network: ParallelNetwork, points: readonly DataPoint[], task: Task): number {
  const { rows, y } = trainingRows({ task, points });
  const outputs = forward(network, rows);
  if (task === 'classes') {
    // An output of 0 decides for neither class.
    const right = points.filter(({ label }, i) => (outputs[i] ?? 0) * label > 0).length;
    return right / points.length;
  }
  return regressionScores(outputs, y).rSquared;
}
