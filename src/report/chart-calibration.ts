import * as Plot from '@observablehq/plot';

import type { Calibration, CalibrationBin } from './calibration.js';
import { emptyPlotMarks } from './chart-parts.js';
import { chartColor, type ChartFrame } from './chart-theme.js';
import { countText, shortText } from './number-text.js';
import { renderPlot } from './plot-svg.js';

/** Height of the strip of counts under the diagram, in units of the share axis. */
const strip = 0.24;
const stripGap = 0.06;

/**
 * Reliability diagram: for each bin the observed share against the mean predicted probability with a 95 % interval, the
 * diagonal of perfect calibration, and under it how many rows each bin holds. O(bins).
 *
 * @param event what has the probability, for the axes
 */
export function renderCalibrationChart(
  frame: ChartFrame,
  calibration: Calibration | null,
  event: string,
): string {
  const bins = calibration?.bins ?? [];
  const most = bins.reduce((high, { count }) => Math.max(high, count), 1);
  const floor = -strip - stripGap;
  const name = shortText(event, 30);
  return renderPlot(frame, {
    height: 600,
    marginLeft: 66,
    marginTop: 26,
    marginRight: 20,
    marginBottom: 48,
    x: {
      domain: [0, 1],
      label: `predicted probability that ${name}`,
      labelArrow: 'none',
      labelAnchor: 'center',
      ticks: [0, 0.25, 0.5, 0.75, 1],
      tickFormat: percent,
    },
    y: {
      domain: [floor, 1.03],
      label: 'observed share',
      labelArrow: 'none',
      ticks: [0, 0.25, 0.5, 0.75, 1],
      tickFormat: percent,
    },
    marks: [
      ...(bins.length === 0 ? emptyPlotMarks('no rows to show') : []),
      Plot.gridY([0, 0.25, 0.5, 0.75, 1], { strokeOpacity: 0.1 }),
      Plot.line([0, 1], {
        x: (value: number) => value,
        y: (value: number) => value,
        stroke: chartColor.muted,
        strokeDasharray: '5,4',
      }),
      Plot.ruleX(bins, {
        x: 'predicted',
        y1: 'low',
        y2: 'high',
        stroke: chartColor.primal,
        strokeWidth: 1.75,
        strokeOpacity: 0.5,
      }),
      Plot.line(bins, { x: 'predicted', y: 'observed', stroke: chartColor.primal, strokeWidth: 1.25 }),
      Plot.dot(bins, { x: 'predicted', y: 'observed', r: 4, fill: chartColor.primal }),
      Plot.rect(bins, {
        x1: 'from',
        x2: 'to',
        y1: () => floor,
        y2: ({ count }: CalibrationBin) => floor + (strip - 0.07) * (count / most),
        fill: chartColor.primal,
        fillOpacity: 0.55,
        insetLeft: 1,
        insetRight: 1,
      }),
      Plot.text(bins, {
        x: ({ from, to }: CalibrationBin) => (from + to) / 2,
        y: ({ count }: CalibrationBin) => floor + (strip - 0.07) * (count / most),
        text: ({ count }: CalibrationBin) => countText(count),
        dy: -8,
        fontSize: 11,
      }),
      Plot.ruleY([floor]),
      ...(bins.length === 0 ? [] : sideWords(floor)),
    ],
  });
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

function sideWords(floor: number): Plot.Markish[] {
  return [
    Plot.text(['rows'], {
      x: () => 0,
      y: () => floor,
      text: String,
      textAnchor: 'end',
      dx: -10,
      dy: -8,
      fill: chartColor.muted,
    }),
    Plot.text(['happens more often'], {
      x: () => 0.03,
      y: () => 0.97,
      text: String,
      textAnchor: 'start',
      fill: chartColor.muted,
    }),
    Plot.text(['happens less often'], {
      x: () => 0.97,
      y: () => 0.05,
      text: String,
      textAnchor: 'end',
      fill: chartColor.muted,
    }),
  ];
}
