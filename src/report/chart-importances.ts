import * as Plot from '@observablehq/plot';

import { emptyPlotMarks } from './chart-parts.js';
import { chartColor, type ChartFrame } from './chart-theme.js';
import { countNoun, numberText, shortText } from './number-text.js';
import { renderPlot } from './plot-svg.js';
import type { Importance } from './report-input.js';

/** More bars than this are one bar together. */
const barLimit = 15;
const rowHeight = 26;
const noBreakSpace = '\u00a0';

interface Bar extends Importance {
  readonly isRest: boolean;
}

/**
 * Bars of the shares of the inputs, largest first; beyond 15 inputs the smallest are one bar. A share that is not finite
 * counts as zero. O(i log i) for i inputs.
 */
export function renderImportancesChart(frame: ChartFrame, importances: readonly Importance[]): string {
  const bars = importanceBars(importances);
  const most = bars.reduce((high, { share }) => Math.max(high, share), 0) || 1;
  return renderPlot(frame, {
    height: Math.max(bars.length, 2) * rowHeight + 46,
    marginLeft: 190,
    marginTop: 8,
    marginRight: 54,
    marginBottom: 38,
    x: {
      domain: [0, most],
      label: 'share of the path norm',
      labelArrow: 'none',
      labelAnchor: 'center',
      grid: true,
      ticks: 5,
      tickFormat: (share: number) => `${numberText(100 * share, 3)} %`,
    },
    y: { domain: bars.map((_, row) => row), axis: null, padding: 0.25 },
    marks: [
      ...(bars.length === 0 ? emptyPlotMarks('no inputs to show') : []),
      Plot.barX(bars, {
        y: (_: Bar, row: number) => row,
        x: 'share',
        fill: ({ isRest }: Bar) => (isRest ? chartColor.muted : chartColor.primal),
        fillOpacity: 0.8,
        rx: 2,
      }),
      Plot.text(bars, {
        y: (_: Bar, row: number) => row,
        x: () => 0,
        text: ({ name, isRest }: Bar) => (isRest ? name : shortText(name, 25)),
        textAnchor: 'end',
        dx: -8,
      }),
      Plot.text(bars, {
        y: (_: Bar, row: number) => row,
        x: 'share',
        text: ({ share }: Bar) => shareText(share),
        textAnchor: 'start',
        dx: 6,
        fill: chartColor.muted,
      }),
    ],
    color: { type: 'identity' },
  });
}

/** A share for reading: `12 %`, `0.4 %`, and `0` only for zero. */
export function shareText(share: number): string {
  if (share > 0 && share < 5e-4) return `<${noBreakSpace}0.1${noBreakSpace}%`;
  return `${numberText(100 * share, share < 0.1 ? 2 : 3)}${noBreakSpace}%`;
}

function importanceBars(importances: readonly Importance[]): readonly Bar[] {
  const sorted = importances
    .map(({ name, share }) => ({ name, share: Number.isFinite(share) ? share : 0, isRest: false }))
    .sort((a, b) => b.share - a.share);
  if (sorted.length <= barLimit + 1) return sorted;
  const rest = sorted.slice(barLimit);
  const share = rest.reduce((sum, bar) => sum + bar.share, 0);
  return [
    ...sorted.slice(0, barLimit),
    { name: `${countNoun(rest.length, 'other')} together`, share, isRest: true },
  ];
}
