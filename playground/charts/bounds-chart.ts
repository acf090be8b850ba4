import * as Plot from '@observablehq/plot';
import { chartColor } from '../../src/report/chart-theme.js';
import { finiteExtent } from '../../src/report/finite-extent.js';
import { boundMarks, emptyPlotMarks, iterationAxis, tickTextOf } from '../../src/report/chart-parts.js';
import type { BoundPair } from '../training-run.js';
import { draw } from './draw.js';

/** Objective and dual bound against the iteration, the gap between them shaded. */
export function boundsChart(history: readonly BoundPair[], width: number): Element {
  const points = history.map((pair, i) => ({ ...pair, iteration: i + 1 }));
  const bounded = points.filter(({ dualBound }) => Number.isFinite(dualBound));
  const domain = domainOf(points);
  return draw({
    width,
    height: 170,
    marginLeft: 52,
    marginRight: 12,
    marginTop: 10,
    marginBottom: 34,
    x: iterationAxis(points),
    y: { domain, label: null, ticks: 4, tickFormat: tickTextOf(domain), grid: true },
    marks: [
      ...(points.length === 0 ? emptyPlotMarks('nothing yet') : []),
      ...boundMarks(points, bounded),
      ...names(points, domain),
    ],
  });
}

/** From the last bound to the first objective, and as far below: first bounds may be −1e9. */
function domainOf(points: readonly BoundPair[]): [number, number] {
  const [low, high] = finiteExtent(points.map(({ objective }) => objective)) ?? [0, 1];
  const bounds = points.map(({ dualBound }) => dualBound).filter(Number.isFinite);
  const reach = Math.max(high - low, Math.abs(high) * 0.02, 1e-12);
  const bottom = Math.max(Math.min(...bounds, low), low - 1.5 * reach);
  const room = 0.08 * (high - bottom);
  return [bottom - room, high + room];
}

function names(points: readonly BoundPair[], [low, high]: readonly [number, number]): Plot.Markish[] {
  const last = points.at(-1);
  if (!last) return [];
  const isLow = (last.objective - low) / (high - low) < 0.35;
  return [
    Plot.text(['objective'], {
      frameAnchor: 'top-right',
      text: String,
      fill: chartColor.primal,
      fontWeight: 600,
      dy: isLow ? 4 : 90,
      stroke: chartColor.surface,
      strokeWidth: 4,
    }),
    Plot.text(['╌ dual bound'], {
      frameAnchor: 'top-right',
      text: String,
      fill: chartColor.dual,
      fontWeight: 600,
      dy: isLow ? 20 : 106,
      stroke: chartColor.surface,
      strokeWidth: 4,
    }),
  ];
}
