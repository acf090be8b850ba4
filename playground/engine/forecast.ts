import { patternCount } from '../../src/arrangement/group-count.js';
import { hyperplanesOf } from '../../src/arrangement/hyperplanes.js';
import { countText, durationText } from '../../src/report/number-text.js';
import type { Forecast, PlaygroundProblem } from '../protocol.js';
import { checkPoints, trainingRows } from './problem-input.js';

/** Seconds from which on a path says first that it will take long. */
const LONG = 10;
/** Dimensions up to which a search over all arrangements gets to its end in minutes. */
const PROVABLE_DIMENSIONS = 6;

/**
 * What a path will take, without solving anything.
 *
 * Seconds are fitted to paths of 31 values of β in Node 20: right to within a
 * factor of three for most data, more for some.
 *
 * @throws RelucentError for points that leave nothing to learn
 */
export function forecastPath(problem: PlaygroundProblem): Forecast {
  checkPoints(problem);
  const { rows } = trainingRows(problem);
  const { widths, patterns } = problem.model;
  const leaves = widths.reduce((product, m) => product * m, 1);
  const dimensions = hyperplanesOf(rows).rank * leaves;
  const { count, exact } = patternCount(rows, widths);
  const isAll = patterns === 'all';
  const slowdown = problem.model.loss === 'absolute' ? ABSOLUTE : 1;
  const seconds =
    slowdown * (isAll ? searchSeconds(rows.n, dimensions) : sampleSeconds(rows.n, leaves, patterns.sample));
  return {
    patterns: isAll ? count : Math.min(count, patterns.sample),
    isExact: isAll && exact,
    dimensions,
    seconds,
    warning: warningOf(problem, dimensions, seconds),
  };
}

/** A loss with kinks everywhere takes more Newton steps. */
const ABSOLUTE = 5;

/** Measured: 0.2 to 0.8 s in 2 dimensions, 1.5 to 12 s in 3, 10 to 20 s in 4; ten times as long for every further one. */
function searchSeconds(n: number, dimensions: number): number {
  if (dimensions <= 2) return 0.1 + 0.004 * n;
  if (dimensions === 3) return 0.5 + 0.05 * n;
  return 15 * 10 ** (dimensions - 4) * (0.5 + n / 80);
}

/** Measured: in proportion to the size of the program. */
function sampleSeconds(n: number, leaves: number, sample: number): number {
  return 0.3 + 1.6e-5 * n * leaves * sample;
}

function warningOf(problem: PlaygroundProblem, dimensions: number, seconds: number): string | null {
  const isAll = problem.model.patterns === 'all';
  if (isAll && dimensions > PROVABLE_DIMENSIONS) {
    return (
      `All arrangements are a search in ${dimensions} dimensions here, and beyond ${PROVABLE_DIMENSIONS} none gets to its end: ` +
      'it will take very long, and the bound will hold but be loose. Sample the arrangements, or take fewer layers or units.'
    );
  }
  if (seconds <= LONG) return null;
  const points = countText(problem.points.length);
  const about = durationText(Math.round(seconds));
  const instead = isAll
    ? 'sample the arrangements, or take fewer layers or units'
    : 'take fewer of them, or a smaller sample';
  return `The whole path will take about ${about} with ${points} points. You can cancel at any time; to be quicker, ${instead}.`;
}
