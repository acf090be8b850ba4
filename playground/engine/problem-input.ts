import type { Rows } from '../../src/arrangement/sub-network-pattern.js';
import { RelucentError } from '../../src/error.js';
import type { ProblemInput } from '../../src/problem/problem-input.js';
import type { PlaygroundProblem } from '../protocol.js';

/** Length of an input row, the bias included: (x, y, 1) for classes, (x, 1) for a number. */
export function inputLength({ task }: Pick<PlaygroundProblem, 'task'>): 2 | 3 {
  return task === 'classes' ? 3 : 2;
}

/** The input rows of a problem, row-major with their bias, and its targets: ±1 or numbers. */
export function trainingRows(problem: Pick<PlaygroundProblem, 'task' | 'points'>): {
  readonly rows: Rows;
  readonly y: Float64Array;
} {
  const { task, points } = problem;
  const d = inputLength(problem);
  const X = new Float64Array(points.length * d);
  points.forEach(({ x, y }, i) => {
    X.set(task === 'classes' ? [x, y, 1] : [x, 1], i * d);
  });
  const y = Float64Array.from(points, (point) => (task === 'classes' ? point.label : point.y));
  return { rows: { X, n: points.length, d }, y };
}

/**
 * What `solve` of the library is given for one β.
 * @throws RelucentError for points that leave nothing to learn
 */
export function problemInput(problem: PlaygroundProblem, beta: number): ProblemInput {
  checkPoints(problem);
  const { depth, widths, formulation, loss, patterns } = problem.model;
  const { rows, y } = trainingRows(problem);
  return {
    X: { values: rows.X, rows: rows.n, columns: rows.d },
    y,
    beta,
    depth,
    widths,
    formulation,
    loss,
    patterns,
  };
}

/** @throws RelucentError for points that leave nothing to learn */
export function checkPoints({ task, points }: PlaygroundProblem): void {
  if (points.length === 0)
    throw invalid('expected at least one, got none; draw some, or take one of the sets');
  if (task === 'number') return;
  const labels = new Set(points.map(({ label }) => label));
  if (labels.has(0)) throw invalid('expected labels −1 and +1 for classes, got 0; give every point a class');
  if (labels.size < 2) {
    const [only = 0] = labels;
    throw invalid(
      `expected both classes, got only ${only > 0 ? '+1' : '−1'}; draw at least one point of the other class`,
    );
  }
}

function invalid(message: string): RelucentError {
  return new RelucentError('invalid-problem', 'points', message);
}
