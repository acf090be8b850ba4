import * as Plot from '@observablehq/plot';

import { betaDomain, powerTicks } from './chart-cv-curve.js';
import { emptyPlotMarks, tickTextOf } from './chart-parts.js';
import { chartColor, type ChartFrame } from './chart-theme.js';
import { finiteExtent, padExtent } from './finite-extent.js';
import { countText, decimalExponent, numberText, percentTextUp } from './number-text.js';
import type { GroupTrack, PathReportInput, PathValueSummary } from './path-report-input.js';
import { renderPlot } from './plot-svg.js';

/** More lines than this hide each other: the largest are drawn. */
export const trackLimit = 150;
/** Gaps at or below are rounding; drawn there. */
const gapFloor = 1e-16;
const margins = { marginLeft: 70, marginRight: 22, marginBottom: 46 } as const;

type Axes = Pick<PathReportInput, 'axis' | 'values' | 'picks'>;

/** φ of every sub-network against β on a logarithmic axis: solid where it adds to the output, dashed where it takes away. */
export function renderPathNormsChart(frame: ChartFrame, axes: Axes, tracks: readonly GroupTrack[]): string {
  const drawn = largestTracks(tracks);
  const points = drawn.flatMap((track) => pointsOf(track, axes.values));
  const most = finiteExtent(points.map(({ norm }) => norm))?.[1] ?? 0;
  const line = {
    x: 'x',
    y: 'norm',
    z: 'group',
    strokeWidth: drawn.length > 40 ? 1 : 1.5,
    strokeOpacity: 0.75,
  } as const;
  const range: [number, number] = [0, most > 0 ? most * 1.05 : 1];
  return renderPlot(frame, {
    ...margins,
    height: 380,
    marginTop: 54,
    x: xAxis(axes),
    y: {
      domain: range,
      label: 'path norm φ of a sub-network',
      labelArrow: 'none',
      grid: true,
      ticks: 5,
      tickFormat: tickTextOf(range),
    },
    marks: [
      ...(points.length === 0 ? emptyPlotMarks('every sub-network is zero on the whole path') : []),
      Plot.line(
        points.filter(({ sign }) => sign !== -1),
        { ...line, stroke: chartColor.primal },
      ),
      Plot.line(
        points.filter(({ sign }) => sign === -1),
        { ...line, stroke: chartColor.dual, strokeDasharray: '5,3' },
      ),
      Plot.ruleY([0]),
      ...pickMarks(axes, true),
    ],
  });
}

/** How many sub-networks are not zero, against β. */
export function renderPathActiveChart(frame: ChartFrame, axes: Axes): string {
  const most = Math.max(1, ...axes.values.map(({ active }) => active));
  return renderPlot(frame, {
    ...margins,
    height: 230,
    marginTop: 24,
    x: xAxis(axes),
    y: {
      domain: [0, most * 1.08],
      label: 'sub-networks',
      labelArrow: 'none',
      grid: true,
      ticks: Math.min(5, most),
      tickFormat: countText,
    },
    marks: [
      Plot.line(axes.values, {
        x: 'x',
        y: 'active',
        curve: 'step',
        stroke: chartColor.primal,
        strokeWidth: 1.75,
      }),
      Plot.dot(axes.values, { x: 'x', y: 'active', r: 2, fill: chartColor.primal }),
      ...pickMarks(axes, false),
    ],
  });
}

/** Loss per row that the picks go by, with bars of one standard error. */
export function renderPathLossChart(frame: ChartFrame, axes: Axes, name: string): string {
  const points = axes.values.flatMap(({ x, loss }) =>
    loss !== null && Number.isFinite(loss.mean)
      ? [{ x, mean: loss.mean, error: Number.isFinite(loss.standardError) ? loss.standardError : 0 }]
      : [],
  );
  const ends = points.flatMap(({ mean, error }) => [mean - error, mean + error]);
  const range = padExtent(finiteExtent(ends) ?? [0, 1], 0.05);
  return renderPlot(frame, {
    ...margins,
    height: 300,
    marginTop: 54,
    x: xAxis(axes),
    y: {
      domain: range,
      label: `${name}, lower is better`,
      labelArrow: 'none',
      grid: true,
      ticks: 5,
      tickFormat: tickTextOf(range),
    },
    marks: [
      ...(points.length === 0 ? emptyPlotMarks('no rows were held out') : []),
      Plot.ruleX(points, {
        x: 'x',
        y1: ({ mean, error }: { readonly mean: number; readonly error: number }) => mean - error,
        y2: ({ mean, error }: { readonly mean: number; readonly error: number }) => mean + error,
        stroke: chartColor.primal,
        strokeWidth: 1.75,
        strokeOpacity: 0.5,
      }),
      Plot.line(points, { x: 'x', y: 'mean', stroke: chartColor.primal, strokeWidth: 1.5 }),
      Plot.dot(points, { x: 'x', y: 'mean', r: 2.6, fill: chartColor.primal }),
      ...pickMarks(axes, true),
    ],
  });
}

/** The score on the training rows (solid) and on the held-out rows (dashed) where there are any. */
export function renderPathScoreChart(
  frame: ChartFrame,
  axes: Axes,
  metric: PathReportInput['metric'],
): string {
  const lines = [
    { name: 'training rows', values: seriesOf(axes.values, ({ train }) => train), color: chartColor.primal },
    {
      name: 'held-out rows',
      values: seriesOf(axes.values, ({ heldOut }) => heldOut),
      color: chartColor.dual,
    },
  ].filter(({ values }) => values.length > 0);
  const range = padExtent(
    finiteExtent(lines.flatMap(({ values }) => values.map(({ y }) => y))) ?? [0, 1],
    0.06,
  );
  return renderPlot(frame, {
    ...margins,
    height: 260,
    marginTop: 40,
    x: xAxis(axes),
    y: {
      domain: range,
      label: `${metric.name}, ${metric.better} is better`,
      labelArrow: 'none',
      grid: true,
      ticks: 5,
      tickFormat: tickTextOf(range),
    },
    marks: [
      ...(lines.length === 0 ? emptyPlotMarks('no scores to show') : []),
      ...lines.flatMap(({ name, values, color }, k) => [
        Plot.line(values, {
          x: 'x',
          y: 'y',
          stroke: color,
          strokeWidth: 1.75,
          ...(k > 0 ? { strokeDasharray: '6,4' } : {}),
        }),
        Plot.text([`${k > 0 ? '╌╌' : '──'} ${name}`], {
          frameAnchor: 'top-right',
          text: String,
          dx: -150 * (lines.length - 1 - k),
          dy: -22,
          fill: color,
          fontWeight: 600,
        }),
      ]),
      ...pickMarks(axes, false),
    ],
  });
}

/** The relative gap that every value was certified to, on a logarithmic axis, with the tolerance. */
export function renderPathGapChart(frame: ChartFrame, axes: Axes, tolerance: number): string {
  const points = axes.values
    .filter(({ relativeGap }) => Number.isFinite(relativeGap))
    .map(({ x, relativeGap }) => ({ x, gap: Math.max(relativeGap, gapFloor) }));
  const [low, high] = finiteExtent([...points.map(({ gap }) => gap), tolerance]) ?? [1e-9, 1e-6];
  const domain: [number, number] = [low / 4, high * 12];
  return renderPlot(frame, {
    ...margins,
    height: 210,
    marginTop: 24,
    x: xAxis(axes),
    y: {
      type: 'log',
      domain,
      label: 'relative gap',
      labelArrow: 'none',
      grid: true,
      ticks: gapTicks(domain),
      tickFormat: (gap: number) => numberText(gap, 1),
    },
    marks: [
      Plot.dot(points, { x: 'x', y: 'gap', r: 2.4, fill: chartColor.primal }),
      Plot.ruleY([tolerance], { stroke: chartColor.dual, strokeDasharray: '2,3', strokeWidth: 1.5 }),
      Plot.text([tolerance], {
        y: (value: number) => value,
        frameAnchor: 'right',
        text: () => `tolerance ${percentTextUp(tolerance)}`,
        dx: -6,
        dy: -9,
        fill: chartColor.dual,
        fontWeight: 600,
        stroke: chartColor.surface,
        strokeWidth: 4,
      }),
    ],
  });
}

function xAxis({ axis, values }: Axes): Plot.ScaleOptions {
  const domain = betaDomain(values.map(({ x }) => x));
  const what = axis === 'beta' ? 'β' : 'β / β max of each output';
  return {
    type: 'log',
    domain,
    label: `${what}, log scale (stronger regularisation to the right)`,
    labelArrow: 'none',
    labelAnchor: 'center',
    ticks: powerTicks(domain),
    tickFormat: (beta: number) => numberText(beta, 2),
  };
}

/** Vertical lines at the picks, with their names above the frame where `isNamed`. */
function pickMarks({ values, picks }: Axes, isNamed: boolean): Plot.Markish[] {
  if (picks === null) return [];
  const isOne = picks.best === picks.oneStandardError;
  const marks = [
    { name: isOne ? 'best, and within one standard error' : 'best', at: picks.best, dash: '5,4', row: 0 },
    ...(isOne ? [] : [{ name: 'one standard error', at: picks.oneStandardError, dash: '1,4', row: 1 }]),
  ];
  const [low, high] = betaDomain(values.map(({ x }) => x));
  return marks.flatMap(({ name, at, dash, row }): Plot.Markish[] => {
    const x = values[at]?.x;
    if (x === undefined) return [];
    const share = Math.log(x / low) / Math.log(high / low);
    const rule = Plot.ruleX([x], {
      stroke: chartColor.text,
      strokeWidth: 1.5,
      strokeDasharray: dash,
      strokeLinecap: 'round',
    });
    if (!isNamed) return [rule];
    const label = Plot.text([x], {
      x: (value: number) => value,
      frameAnchor: 'top',
      text: () => `${name}: ${numberText(x, 3)}`,
      textAnchor: share < 0.3 ? 'start' : share > 0.7 ? 'end' : 'middle',
      dy: -27 + 14 * row,
      fontWeight: 600,
    });
    return [rule, label];
  });
}

function largestTracks(tracks: readonly GroupTrack[]): readonly GroupTrack[] {
  const largest = (track: GroupTrack): number => finiteExtent(track.norms)?.[1] ?? 0;
  return [...tracks].sort((a, b) => largest(b) - largest(a) || a.group - b.group).slice(0, trackLimit);
}

interface TrackPoint {
  readonly x: number;
  readonly norm: number;
  readonly group: number;
  readonly sign: GroupTrack['sign'];
}

/** Where a sub-network is not zero, and one zero on both sides of that, so that lines start on the axis. */
function pointsOf(
  { norms, group, sign }: GroupTrack,
  values: readonly PathValueSummary[],
): readonly TrackPoint[] {
  return values.flatMap(({ x }, at) => {
    const near = [norms[at - 1], norms[at], norms[at + 1]];
    return near.some((norm) => norm !== undefined && norm > 0)
      ? [{ x, norm: norms[at] ?? 0, group, sign }]
      : // A gap in the line.
        [{ x, norm: NaN, group, sign }];
  });
}

function seriesOf(
  values: readonly PathValueSummary[],
  of: (value: PathValueSummary) => number | null,
): readonly { readonly x: number; readonly y: number }[] {
  return values.flatMap((value) => {
    const y = of(value);
    return y !== null && Number.isFinite(y) ? [{ x: value.x, y }] : [];
  });
}

function gapTicks([low, high]: readonly [number, number]): number[] {
  const first = decimalExponent(low);
  const last = decimalExponent(high);
  const stride = Math.max(1, Math.ceil((last - first) / 5));
  const ticks: number[] = [];
  for (let exponent = last; exponent > first; exponent -= stride) ticks.push(Number(`1e${exponent}`));
  return ticks;
}
