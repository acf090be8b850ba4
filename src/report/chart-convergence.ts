import * as Plot from '@observablehq/plot';

import { chartColor, type ChartFrame } from './chart-theme.js';
import { finiteExtent } from './finite-extent.js';
import { numberText } from './number-text.js';
import { renderPlot } from './plot-svg.js';
import { boundMarks, emptyPlotMarks, iterationAxis, thinHistory, tickTextOf } from './chart-parts.js';
import type { HistoryPoint } from './report-input.js';

/**
 * The primal objective and the dual bound against the iteration, the gap between them shaded.
 *
 * The vertical axis is cut below where the first bounds are far under everything else (a first bound may be -1e9);
 * the line then enters from the lower edge. Points without a finite objective or bound are left out. O(history).
 */
export function renderConvergenceChart(frame: ChartFrame, history: readonly HistoryPoint[]): string {
  const points = thinHistory(history.filter((point) => Number.isFinite(point.objective)));
  const bounded = boundedPoints(points);
  const domain = verticalDomain(points, bounded);
  const last = points.at(-1);
  const lastBounded = bounded.at(-1);
  return renderPlot(frame, {
    height: 290,
    marginLeft: 58,
    marginTop: 26,
    marginRight: 18,
    marginBottom: 40,
    x: iterationAxis(history),
    y: {
      domain,
      label: 'objective',
      labelArrow: 'none',
      ticks: 5,
      tickFormat: tickTextOf(domain),
      grid: true,
      nice: false,
    },
    marks: [
      ...(last === undefined ? emptyPlotMarks('no objective was recorded') : []),
      ...boundMarks(points, bounded),
      ...(last === undefined
        ? []
        : endMark(last.iteration, last.objective, chartColor.primal, 'objective', -1)),
      ...(lastBounded === undefined
        ? []
        : endMark(lastBounded.iteration, lastBounded.dualBound, chartColor.dual, 'dual bound', 1)),
    ],
  });
}

/** True when the first bounds are so far down that the picture cuts them off: a caption has to say so. */
export function isBoundCut(history: readonly HistoryPoint[]): boolean {
  const points = thinHistory(history.filter((point) => Number.isFinite(point.objective)));
  const bounded = boundedPoints(points);
  const bounds = finiteExtent(bounded.map((point) => point.dualBound));
  return bounds !== null && bounds[0] < verticalDomain(points, bounded)[0];
}

function boundedPoints(points: readonly HistoryPoint[]): readonly HistoryPoint[] {
  return points.filter((point) => Number.isFinite(point.dualBound));
}

/** As far below the last bound as the objective starts above it, and a little room for the two labels. */
function verticalDomain(points: readonly HistoryPoint[], bounded: readonly HistoryPoint[]): [number, number] {
  const objectives = finiteExtent(points.map((point) => point.objective));
  if (objectives === null) return [0, 1];
  const high = objectives[1];
  const bounds = finiteExtent(bounded.map((point) => point.dualBound));
  const lastBound = bounded.at(-1)?.dualBound ?? objectives[0];
  const floor = Math.min(lastBound, objectives[0]);
  const reach = Math.max(high - floor, Math.abs(high) * 1e-3, 1e-300);
  const low = Math.max(bounds?.[0] ?? floor, floor - reach);
  const room = 0.14 * Math.max(high - low, reach);
  return [Math.min(low, floor) - room, high + room];
}

function endMark(x: number, y: number, color: string, name: string, side: -1 | 1): Plot.Markish[] {
  return [
    Plot.dot([{ x, y }], { x: 'x', y: 'y', r: 3.5, fill: color, stroke: chartColor.surface, clip: false }),
    Plot.text([{ x, y }], {
      x: 'x',
      y: 'y',
      text: () => `${name} ${numberText(y, 5)}`,
      textAnchor: 'end',
      dx: 4,
      dy: side * 15,
      fill: color,
      fontWeight: 600,
      stroke: chartColor.surface,
      strokeWidth: 4,
    }),
  ];
}
