import * as Plot from '@observablehq/plot';
import { chartColor, classColors } from '../../src/report/chart-theme.js';
import { emptyPlotMarks, tickTextOf } from '../../src/report/chart-parts.js';
import { numberText } from '../../src/report/number-text.js';
import type { PathPoint } from '../protocol.js';
import { betaAt, pathLength } from '../state.js';
import { pathLines } from '../view/path-lines.js';
import { draw } from './draw.js';

/** Path norms of the sub-networks along the path, from β_max on the left; the β shown is marked. */
export function pathChart(
  points: readonly PathPoint[],
  shown: PathPoint | null,
  highlight: number | null,
  width: number,
): Element {
  const lines = linesOf(points);
  const places = lines.flatMap(({ sign, places: own }, line) =>
    own.map((place) => ({ ...place, sign, line })),
  );
  const pointed = places.find(
    ({ step, subNetworks }) => step === shown?.index && highlight !== null && subNetworks.includes(highlight),
  )?.line;
  const most = Math.max(...places.map(({ norm }) => norm), 1e-12);
  const betaMax = points[0]?.beta ?? 1;
  const color = ({ sign }: { sign: number }): string => classColors[sign > 0 ? 0 : 1];
  return draw({
    width,
    height: 190,
    marginLeft: 52,
    marginRight: 14,
    marginTop: 10,
    marginBottom: 38,
    x: {
      domain: [0, pathLength - 1],
      label: 'β, falling in equal ratios',
      labelArrow: 'none',
      labelAnchor: 'center',
      ticks: [0, 10, 20, 30],
      tickFormat: (step: number) => numberText(betaAt(betaMax, step), 2),
    },
    y: { domain: [0, most * 1.05], label: null, ticks: 4, tickFormat: tickTextOf([0, most]), grid: true },
    marks: [
      ...(places.length === 0 ? emptyPlotMarks('every group is zero so far') : []),
      ...(shown ? [Plot.ruleX([shown.index], { stroke: chartColor.text, strokeWidth: 1.25 })] : []),
      Plot.line(places, {
        x: 'step',
        y: 'norm',
        z: 'line',
        stroke: color,
        strokeWidth: 1.4,
        strokeOpacity: pointed === undefined ? 0.75 : 0.2,
        sort: 'step',
      }),
      Plot.line(
        places.filter(({ line }) => line === pointed),
        { x: 'step', y: 'norm', stroke: color, strokeWidth: 3, sort: 'step' },
      ),
      Plot.dot(
        places.filter(({ step }) => step === shown?.index),
        { x: 'step', y: 'norm', fill: color, r: 3, stroke: chartColor.surface, strokeWidth: 1 },
      ),
    ],
  });
}

const followed = new WeakMap<readonly PathPoint[], ReturnType<typeof pathLines>>();

/** Followed once for each set of points: moving the slider draws again, but changes none. */
function linesOf(points: readonly PathPoint[]): ReturnType<typeof pathLines> {
  const known = followed.get(points) ?? pathLines(points);
  followed.set(points, known);
  return known;
}
