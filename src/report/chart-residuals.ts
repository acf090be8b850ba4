import * as Plot from '@observablehq/plot';

import { emptyPlotMarks, tickTextOf } from './chart-parts.js';
import { chartColor, type ChartFrame } from './chart-theme.js';
import { finiteExtent, padExtent } from './finite-extent.js';
import { countText, shortText } from './number-text.js';
import { renderPlot } from './plot-svg.js';
import type { RegressionPoint } from './report-input.js';

interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/**
 * Histogram of the residuals, actual − predicted, over all rows, zero marked. Bins have equal width and one edge at
 * zero; their number is 2·rows^(1/3) (Rice), between 8 and 40. O(rows).
 */
export function renderResidualsChart(
  frame: ChartFrame,
  rows: readonly RegressionPoint[],
  targetName: string,
): string {
  const residuals = rows.map((row) => row.actual - row.predicted).filter((value) => Number.isFinite(value));
  const bins = residualBins(residuals);
  const most = bins.reduce((high, bin) => Math.max(high, bin.count), 1);
  const domain: [number, number] = [bins[0]?.from ?? -1, bins.at(-1)?.to ?? 1];
  return renderPlot(frame, {
    height: 420,
    marginLeft: 58,
    marginTop: 34,
    marginRight: 14,
    marginBottom: 48,
    x: {
      domain,
      label: `residual of ${shortText(targetName, 24)}, actual − predicted`,
      labelArrow: 'none',
      labelAnchor: 'center',
      ticks: 6,
      tickFormat: tickTextOf(domain),
    },
    y: {
      domain: [0, most * 1.05],
      label: 'rows',
      labelArrow: 'none',
      grid: true,
      ticks: Math.min(6, most),
      tickFormat: countText,
    },
    marks: [
      ...(residuals.length === 0 ? emptyPlotMarks('no rows to show') : []),
      Plot.rectY(bins, {
        x1: 'from',
        x2: 'to',
        y: 'count',
        fill: chartColor.primal,
        fillOpacity: 0.75,
        inset: 0.5,
      }),
      Plot.ruleY([0]),
      Plot.ruleX([0], { stroke: chartColor.text, strokeDasharray: '5,4' }),
      ...sideWords(),
    ],
  });
}

function residualBins(residuals: readonly number[]): readonly Bin[] {
  const extent = finiteExtent(residuals);
  if (extent === null) return [];
  const [low, high] = padExtent([Math.min(extent[0], 0), Math.max(extent[1], 0)], 0);
  const wanted = Math.min(40, Math.max(8, Math.ceil(2 * Math.cbrt(residuals.length))));
  const width = (high - low) / wanted;
  const first = Math.floor(low / width);
  const counts = new Array<number>(Math.ceil(high / width) - first + 1).fill(0);
  for (const residual of residuals) {
    const index = Math.floor(residual / width) - first;
    counts[index] = (counts[index] ?? 0) + 1;
  }
  while (counts.length > 1 && counts.at(-1) === 0) counts.pop();
  return counts.map((count, index) => ({
    from: (first + index) * width,
    to: (first + index + 1) * width,
    count,
  }));
}

function sideWords(): Plot.Markish[] {
  const side = { x: () => 0, frameAnchor: 'top', dy: -16, fill: chartColor.muted } as const;
  return [
    Plot.text(['← predicted too high'], { ...side, text: String, textAnchor: 'end', dx: -8 }),
    Plot.text(['predicted too low →'], { ...side, text: String, textAnchor: 'start', dx: 8 }),
  ];
}
