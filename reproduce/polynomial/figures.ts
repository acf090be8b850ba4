import type { Figure } from '../experiment.js';
import { lineFigure, type Axis, type Point } from '../figure/line-figure.js';
import { measuresOf, patternsAt } from './claims.js';
import { median } from '../statistics.js';
import type { Measured, Trial } from './measure.js';
import type { Sweep } from './plans.js';

/** The sizes of sweeps along n or d, with half a mark of room on both sides. */
function sizeAxis(label: string, along: Sweep['along'], sweeps: readonly Sweep[]): Axis {
  const sizes = sweeps.filter((sweep) => sweep.along === along).flatMap((sweep) => sweep.sizes);
  const values = sizes.map((size) => size[along]);
  return { label, scale: 'log', domain: [Math.min(...values) / 1.15, Math.max(...values) * 1.15] };
}

/** Seconds of a data set: the median of its repeats. */
export function secondsOf({ seconds }: Trial): number {
  return median(seconds);
}

/** Time against n beside the growth of the number of patterns. */
export function timeFigure(sweeps: readonly Sweep[], measured: readonly Measured[]): Figure {
  const caption =
    'Time of a whole solve over all activation patterns, to a proven relative gap of 10⁻⁶, against the number of rows n at fixed rank: median and range over the data sets. Dashed, from the same first point: how the number of patterns grows, which is what a program that lists them all would hold. Both scales are logarithmic.';
  const shown = sweeps.filter(({ along }) => along === 'n');
  const times = shown.flatMap((sweep) =>
    measuresOf(sweep, measured).flatMap(({ trials }) => trials.map(secondsOf)),
  );
  return {
    name: 'time',
    title: 'Time against the number of rows',
    caption,
    svg: lineFigure({
      id: 'time',
      label: caption,
      columns: 2,
      x: sizeAxis('rows n', 'n', sweeps),
      // Patterns leave the picture where they grow out of proportion.
      y: { label: 'time (s)', scale: 'log', domain: [Math.min(...times) / 1.3, 20 * Math.max(...times)] },
      panels: shown.map((sweep) => {
        const sizes = measuresOf(sweep, measured);
        const time = line(sweep, sizes, secondsOf);
        const patterns = sizes.map((size) => ({ x: size.n, y: patternsAt(sweep, size) }));
        const scale = (time[0]?.y ?? NaN) / (patterns[0]?.y ?? NaN);
        return {
          title: sweep.name,
          series: [
            { name: 'time of a solve', marks: 'line', points: time },
            {
              name: 'growth of the number of patterns',
              dash: '7,4',
              points: patterns.map(({ x, y }) => ({ x, y: scale * y })),
            },
          ],
        };
      }),
    }),
  };
}

/** What is counted: patterns that exist, regions a search takes, patterns the program holds. */
export function countsFigure(sweeps: readonly Sweep[], measured: readonly Measured[]): Figure {
  const caption =
    'Counts of the same solves: activation patterns that exist, regions of weights that one search over all of them bounds, and patterns that the program holds at the end; medians over the data sets. Patterns of three layers are bounded by a formula. Both scales are logarithmic.';
  return {
    name: 'counts',
    title: 'Patterns that exist, regions searched, patterns held',
    caption,
    svg: lineFigure({
      id: 'counts',
      label: caption,
      columns: 2,
      ownY: true,
      x: sizeAxis('rows n', 'n', sweeps),
      y: { label: 'count', scale: 'log' },
      panels: sweeps
        .filter(({ along }) => along === 'n')
        .map((sweep) => {
          const sizes = measuresOf(sweep, measured);
          return {
            title: sweep.name,
            series: [
              { name: 'regions of a search', marks: 'line', points: line(sweep, sizes, regionsOfSearch) },
              {
                name: 'patterns that exist',
                dash: '7,4',
                points: sizes.map((size) => ({ x: size.n, y: patternsAt(sweep, size) })),
              },
              {
                name: 'patterns held',
                marks: 'line',
                dash: '2,3',
                points: line(sweep, sizes, ({ patternsHeld }) => patternsHeld),
              },
            ],
          };
        }),
    }),
  };
}

/** Time against d. */
export function dimensionFigure(sweeps: readonly Sweep[], measured: readonly Measured[]): Figure {
  const caption =
    'Time of a whole solve against the number of columns d at fixed rank and n: median and range over the data sets. Dotted: growth in proportion to d. The number of patterns is the same for every d.';
  return {
    name: 'dimension',
    title: 'Time against the number of columns',
    caption,
    svg: lineFigure({
      id: 'dimension',
      label: caption,
      x: sizeAxis('columns d', 'd', sweeps),
      y: { label: 'time (s)', scale: 'log' },
      panels: sweeps
        .filter(({ along }) => along === 'd')
        .map((sweep) => {
          const time = line(sweep, measuresOf(sweep, measured), secondsOf);
          const last = time.at(-1) ?? { x: NaN, y: NaN };
          return {
            title: sweep.name,
            series: [
              { name: 'time of a solve', marks: 'line', points: time },
              {
                name: 'in proportion to d',
                dash: '2,4',
                points: time.slice(-4).map(({ x }) => ({ x, y: (last.y * x) / last.x })),
              },
            ],
          };
        }),
    }),
  };
}

/** Regions of one search, a mean over those of a solve. */
export function regionsOfSearch({ regions, verifications }: Trial): number {
  return regions / Math.max(1, verifications);
}

function line({ along }: Sweep, sizes: readonly Measured[], quantity: (trial: Trial) => number): Point[] {
  return sizes.map((size) => {
    const values = size.trials.map(quantity);
    return { x: size[along], y: median(values), low: Math.min(...values), high: Math.max(...values) };
  });
}
