import { patternCount } from '../../src/arrangement/group-count.js';
import { hyperplanesOf } from '../../src/arrangement/hyperplanes.js';
import type { Forecast, PlaygroundProblem } from '../protocol.js';
import { trainingRows } from './problem-input.js';

export function forecastPath(problem: PlaygroundProblem): Forecast {
  const { rows } = trainingRows(problem);
  const { widths, patterns } = problem.model;
  const dimensions = hyperplanesOf(rows).rank * widths.reduce((product, m) => product * m, 1);
  const count = patternCount(rows, widths);
  return {
    patterns: patterns === 'all' ? count.count : Math.min(count.count, patterns.sample),
    isExact: count.exact && patterns === 'all',
    dimensions,
    seconds: 0,
    warning: null,
  };
}
