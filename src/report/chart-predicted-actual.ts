import * as Plot from '@observablehq/plot';

import { emptyPlotMarks, tickTextOf } from './chart-parts.js';
import { chartColor, type ChartFrame } from './chart-theme.js';
import { finiteExtent, padExtent } from './finite-extent.js';
import { shortText } from './number-text.js';
import { renderPlot } from './plot-svg.js';
import type { RegressionPoint } from './report-input.js';
import { subsample } from './subsample.js';

/** The most points that a scatter draws; a caption has to say so when there are more rows. */
export const scatterLimit = 1500;

/**
 * Predicted against actual value with the diagonal of perfect prediction; both axes have the same range. At most
 * `scatterLimit` rows are drawn, evenly spaced over the rows. O(rows).
 */
export function renderPredictedActualChart(
  frame: ChartFrame,
  rows: readonly RegressionPoint[],
  targetName: string,
): string {
  const finite = rows.filter((row) => Number.isFinite(row.actual) && Number.isFinite(row.predicted));
  const points = subsample(finite, scatterLimit);
  const values = points.flatMap((point) => [point.actual, point.predicted]);
  const domain = padExtent(finiteExtent(values) ?? [0, 1], 0.04);
  const opacity = points.length > 400 ? 0.35 : 0.6;
  const name = shortText(targetName, 24);
  const axis = {
    domain,
    labelArrow: 'none',
    labelAnchor: 'center',
    grid: true,
    ticks: 6,
    tickFormat: tickTextOf(domain),
  } as const;
  return renderPlot(frame, {
    height: 420,
    marginLeft: 66,
    marginTop: 14,
    marginRight: 14,
    marginBottom: 48,
    x: { ...axis, label: `actual ${name}` },
    y: { ...axis, label: `predicted ${name}` },
    marks: [
      ...(points.length === 0 ? emptyPlotMarks('no rows to show') : []),
      Plot.line([domain[0], domain[1]], {
        x: (value: number) => value,
        y: (value: number) => value,
        stroke: chartColor.muted,
        strokeDasharray: '5,4',
      }),
      Plot.dot(points, {
        x: 'actual',
        y: 'predicted',
        r: points.length > 400 ? 2.2 : 3.2,
        fill: chartColor.primal,
        fillOpacity: opacity,
      }),
      Plot.text([domain[1]], {
        x: (value: number) => value,
        y: (value: number) => value,
        text: () => 'perfect prediction',
        textAnchor: 'end',
        rotate: -(Math.atan2(420 - 62, 480 - 80) * 180) / Math.PI,
        dx: -14,
        dy: -1,
        fill: chartColor.muted,
        stroke: chartColor.surface,
        strokeWidth: 4,
      }),
    ],
  });
}
