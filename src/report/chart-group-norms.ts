import * as Plot from '@observablehq/plot';

import { emptyPlotMarks, tickTextOf } from './chart-parts.js';
import { chartColor, type ChartFrame } from './chart-theme.js';
import { countText } from './number-text.js';
import { renderPlot } from './plot-svg.js';
import { subsample } from './subsample.js';

/** Above this many non-zero groups single stems touch each other: an area of the same outline is drawn instead. */
const stemLimit = 120;
const areaLimit = 800;

/**
 * Norms of the non-zero groups, largest first; the groups at exactly zero are only counted, in the words above.
 * A norm that is not finite counts as zero. O(g log g) for g groups.
 */
export function renderGroupNormsChart(frame: ChartFrame, groupNorms: readonly number[]): string {
  const norms = groupNorms.filter((norm) => Number.isFinite(norm) && norm > 0).sort((a, b) => b - a);
  const bars = norms.map((norm, index) => ({ rank: index + 1, norm }));
  const zeroCount = groupNorms.length - norms.length;
  const words = `${countText(norms.length)} of ${countText(groupNorms.length)} groups are non-zero`;
  return renderPlot(frame, {
    height: 260,
    marginLeft: 58,
    marginTop: 44,
    marginRight: 18,
    marginBottom: 40,
    x: {
      domain: [0.4, Math.max(norms.length, 4) + 0.6],
      label: 'rank of the group',
      labelArrow: 'none',
      ticks: Math.min(8, norms.length),
      tickFormat: (rank: number) => (Number.isInteger(rank) ? countText(rank) : ''),
    },
    y: {
      domain: [0, (norms[0] ?? 1) * 1.06],
      label: 'group norm',
      labelArrow: 'none',
      grid: true,
      ticks: 5,
      tickFormat: tickTextOf([0, norms[0] ?? 1]),
    },
    marks: [
      ...(norms.length === 0
        ? emptyPlotMarks(groupNorms.length === 0 ? 'no groups' : 'every group is exactly zero')
        : []),
      ...(norms.length <= stemLimit ? stemMarks(bars) : outlineMarks(bars)),
      Plot.ruleY([0]),
      Plot.text([words], {
        frameAnchor: 'top-right',
        text: String,
        dy: -34,
        fontWeight: 600,
        fill: chartColor.primal,
      }),
      Plot.text([`${countText(zeroCount)} at exactly zero`], {
        frameAnchor: 'top-right',
        text: String,
        dy: -18,
        fill: chartColor.muted,
      }),
    ],
  });
}

interface GroupBar {
  readonly rank: number;
  readonly norm: number;
}

function stemMarks(bars: readonly GroupBar[]): Plot.Markish[] {
  const radius = bars.length <= 40 ? 3.5 : 2;
  return [
    Plot.ruleX(bars, {
      x: 'rank',
      y1: 0,
      y2: 'norm',
      stroke: chartColor.primal,
      strokeWidth: 1.5,
      strokeOpacity: 0.55,
    }),
    Plot.dot(bars, { x: 'rank', y: 'norm', r: radius, fill: chartColor.primal }),
  ];
}

function outlineMarks(bars: readonly GroupBar[]): Plot.Markish[] {
  const drawn = subsample(bars, areaLimit);
  return [
    Plot.areaY(drawn, { x: 'rank', y: 'norm', fill: chartColor.primal, fillOpacity: 0.22 }),
    Plot.lineY(drawn, { x: 'rank', y: 'norm', stroke: chartColor.primal, strokeWidth: 1.75 }),
  ];
}
