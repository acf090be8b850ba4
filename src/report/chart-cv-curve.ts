import * as Plot from '@observablehq/plot';

import { emptyPlotMarks, tickTextOf } from './chart-parts.js';
import { chartColor, type ChartFrame } from './chart-theme.js';
import { finiteExtent, padExtent } from './finite-extent.js';
import { decimalExponent, numberText } from './number-text.js';
import { renderPlot } from './plot-svg.js';
import type { CvCurve, CvPoint } from './report-input.js';

interface CvBar extends CvPoint {
  readonly low: number;
  readonly high: number;
}

/**
 * Cross-validated score against β on a logarithmic axis, each with a bar of one standard error, the chosen β marked.
 * Points with β ≤ 0 or without a finite mean are left out; a missing standard error has no bar. O(points).
 */
export function renderCvCurveChart(frame: ChartFrame, curve: CvCurve): string {
  const bars = curve.points
    .filter((point) => point.beta > 0 && Number.isFinite(point.beta) && Number.isFinite(point.mean))
    .map(withBar)
    .sort((a, b) => a.beta - b.beta);
  const chosen = curve.chosenBeta > 0 && Number.isFinite(curve.chosenBeta) ? curve.chosenBeta : null;
  const domain = betaDomain(
    chosen === null ? bars.map((bar) => bar.beta) : [...bars.map((bar) => bar.beta), chosen],
  );
  const range = padExtent(finiteExtent(bars.flatMap((bar) => [bar.low, bar.high])) ?? [0, 1], 0.06);
  return renderPlot(frame, {
    height: 320,
    marginLeft: 64,
    marginTop: 40,
    marginRight: 20,
    marginBottom: 48,
    x: {
      type: 'log',
      domain,
      label: 'β, log scale (stronger regularisation to the right)',
      labelArrow: 'none',
      labelAnchor: 'center',
      ticks: powerTicks(domain),
      tickFormat: (beta: number) => numberText(beta, 2),
    },
    y: {
      domain: range,
      label: `${curve.metricName}, ${curve.better} is better`,
      labelArrow: 'none',
      grid: true,
      ticks: 5,
      tickFormat: tickTextOf(range),
    },
    marks: [
      ...(bars.length === 0 ? emptyPlotMarks('no scores to show') : []),
      Plot.ruleX(bars, {
        x: 'beta',
        y1: 'low',
        y2: 'high',
        stroke: chartColor.primal,
        strokeWidth: 1.75,
        strokeOpacity: 0.5,
      }),
      Plot.lineY(bars, { x: 'beta', y: 'mean', stroke: chartColor.primal, strokeWidth: 1.5 }),
      Plot.dot(bars, { x: 'beta', y: 'mean', r: bars.length > 40 ? 2.2 : 3.2, fill: chartColor.primal }),
      ...(chosen === null ? [] : chosenMarks(chosen, domain)),
    ],
  });
}

function withBar(point: CvPoint): CvBar {
  const error = Number.isFinite(point.standardError) ? Math.abs(point.standardError) : 0;
  return { ...point, low: point.mean - error, high: point.mean + error };
}

export function betaDomain(betas: readonly number[]): [number, number] {
  const [low, high] = finiteExtent(betas) ?? [0.1, 10];
  const factor = high > low ? (high / low) ** 0.02 : 3;
  return [low / factor, high * factor];
}

/** Powers of ten inside the domain, with 2 and 5 between them where the domain is short. */
export function powerTicks([low, high]: readonly [number, number]): number[] {
  const first = decimalExponent(low);
  const last = decimalExponent(high);
  const steps = last - first < 2 ? [1, 2, 5] : [1];
  const ticks: number[] = [];
  for (let exponent = first; exponent <= last; exponent += 1) {
    for (const step of steps) ticks.push(Number(`${step}e${exponent}`));
  }
  return ticks.filter((tick) => tick >= low && tick <= high);
}

function chosenMarks(chosen: number, [low, high]: readonly [number, number]): Plot.Markish[] {
  const share = Math.log(chosen / low) / Math.log(high / low);
  const textAnchor = share < 0.25 ? 'start' : share > 0.75 ? 'end' : 'middle';
  return [
    Plot.ruleX([chosen], { stroke: chartColor.dual, strokeWidth: 1.5, strokeDasharray: '5,4' }),
    Plot.text([chosen], {
      x: (beta: number) => beta,
      frameAnchor: 'top',
      text: () => `chosen β = ${numberText(chosen, 3)}`,
      textAnchor,
      dy: -14,
      fill: chartColor.dual,
      fontWeight: 600,
    }),
  ];
}
