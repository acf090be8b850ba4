import * as Plot from '@observablehq/plot';
import { chartColor, classColors } from '../../src/report/chart-theme.js';
import { numberText } from '../../src/report/number-text.js';
import { renderPlot } from '../../src/report/plot-svg.js';
import { standalone, type LegendEntry, type Panel } from './standalone.js';

export interface Axis {
  /** With its unit: `time (s)`, `β / β_max`. */
  readonly label: string;
  readonly scale?: 'linear' | 'log';
  /** Default: what the data need, the same in all panels. */
  readonly domain?: readonly [number, number];
}

export interface Point {
  readonly x: number;
  readonly y: number;
  /** A spread around y, drawn as a band (lines) or a whisker (dots). */
  readonly low?: number;
  readonly high?: number;
}

/** One line. Series of one name share a colour and an entry of the legend. */
export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
  /** Dashes as in SVG; default a full line. */
  readonly dash?: string;
  /** Lines among many, thin and pale. */
  readonly isFaint?: boolean;
  /** Mark the points, with a line through them or without. */
  readonly marks?: 'none' | 'line' | 'only';
}

/** A horizontal line across a panel: a bound, an optimum. */
export interface Rule {
  readonly name: string;
  readonly y: number;
}

export interface LinePanel {
  readonly title?: string;
  readonly series: readonly Series[];
  readonly rules?: readonly Rule[];
}

export interface LineFigure {
  /** Unique: prefix of the ids inside. */
  readonly id: string;
  /** What is seen, for a reader who cannot see it. */
  readonly label: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly panels: readonly LinePanel[];
  readonly columns?: number;
  /** Of a panel, in px; default by the number of columns. */
  readonly width?: number;
  readonly height?: number;
  /** Whether each panel has a y axis of its own; default false. */
  readonly ownY?: boolean;
}

/** Lines against a common x axis, one panel or several, as a standalone SVG document. */
export function lineFigure(figure: LineFigure): string {
  const { panels, columns = Math.min(3, panels.length) } = figure;
  const width = figure.width ?? (columns === 1 ? 620 : columns === 2 ? 400 : 300);
  const height = figure.height ?? (columns === 1 ? 340 : 270);
  const colors = colorsOf(panels);
  const shared = domainOf(figure.y, panels);
  const x = xScale(figure.x, panels, width);
  const drawn = panels.map((panel, at): Panel => {
    const domain = figure.ownY === true ? domainOf(figure.y, [panel]) : shared;
    const options: Plot.PlotOptions = {
      height,
      marginLeft: 64,
      marginRight: 24,
      marginTop: 24,
      marginBottom: 42,
      x,
      y: {
        type: figure.y.scale ?? 'linear',
        domain,
        label: figure.y.label,
        labelArrow: 'none',
        grid: true,
        ticks: figure.y.scale === 'log' ? logTicks(domain) : 5,
        tickFormat: (value: number) => numberText(value, 4),
      },
      marks: [
        ...(panel.rules ?? []).flatMap((rule) => ruleMarks(rule, colors)),
        ...panel.series.flatMap((series) => seriesMarks(series, colors)),
      ],
    };
    const svg = renderPlot({ id: `${figure.id}-${at}`, label: panel.title ?? figure.label, width }, options);
    return { svg, width, height, ...(panel.title === undefined ? {} : { title: panel.title }) };
  });
  return standalone({ label: figure.label, panels: drawn, columns, legend: legendOf(panels, colors) });
}

function xScale(
  { label, scale, domain }: Axis,
  panels: readonly LinePanel[],
  width: number,
): Plot.ScaleOptions {
  const values = panels.flatMap(({ series }) => series.flatMap(({ points }) => points.map(({ x }) => x)));
  const range = domain ?? extent(values);
  return {
    type: scale ?? 'linear',
    domain: [...range],
    label,
    labelArrow: 'none',
    labelAnchor: 'center',
    ticks: scale === 'log' ? logTicks(range) : Math.round(width / 75),
    tickFormat: (value: number) => numberText(value, 3),
  };
}

/** Powers of ten, and 2 and 5 times them where the axis is short. */
function logTicks([low, high]: readonly [number, number]): number[] {
  const decades = Math.log10(high / low);
  const step = Math.max(1, Math.ceil(decades / 7));
  const factors = decades < 1.5 ? [1, 2, 5] : decades < 2.5 ? [1, 3] : [1];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power += step) {
    for (const factor of factors) ticks.push(factor * 10 ** power);
  }
  return ticks.filter((tick) => tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9));
}

function domainOf(axis: Axis, panels: readonly LinePanel[]): [number, number] {
  if (axis.domain) return [...axis.domain];
  const values = panels.flatMap(({ series, rules = [] }) => [
    ...series.flatMap(({ points }) => points.flatMap(({ y, low = y, high = y }) => [y, low, high])),
    ...rules.map(({ y }) => y),
  ]);
  const [low, high] = extent(axis.scale === 'log' ? values.filter((value) => value > 0) : values);
  if (axis.scale === 'log') return [low / 1.15, high * 1.15];
  const room = 0.06 * (high - low || Math.abs(high) || 1);
  // Counts and shares start at 0 where 0 is near.
  return [low >= 0 && low < 0.3 * high ? 0 : low - room, high + room];
}

function extent(values: readonly number[]): [number, number] {
  const finite = values.filter(Number.isFinite);
  return finite.length === 0 ? [0, 1] : [Math.min(...finite), Math.max(...finite)];
}

/** Rules take the text colour, series the colours of classes in the order of their first appearance. */
function colorsOf(panels: readonly LinePanel[]): ReadonlyMap<string, string> {
  const names = new Set(panels.flatMap(({ series }) => series.map(({ name }) => name)));
  return new Map(
    [...names].map((name, k) => [name, classColors[k % classColors.length] ?? chartColor.primal]),
  );
}

function legendOf(panels: readonly LinePanel[], colors: ReadonlyMap<string, string>): LegendEntry[] {
  const entries = new Map<string, LegendEntry>();
  for (const { series, rules = [] } of panels) {
    for (const { name, dash, marks } of series) {
      const color = colors.get(name) ?? chartColor.primal;
      entries.set(name, {
        name,
        color,
        ...(marks === 'only' ? { dash: null } : dash === undefined ? {} : { dash }),
      });
    }
    for (const { name } of rules) {
      if (!entries.has(name)) entries.set(name, { name, color: chartColor.text, dash: ruleDash });
    }
  }
  return [...entries.values()];
}

const ruleDash = '7,4';

function ruleMarks({ name, y }: Rule, colors: ReadonlyMap<string, string>): Plot.Markish[] {
  const stroke = colors.get(name) ?? chartColor.text;
  return [Plot.ruleY([y], { stroke, strokeWidth: 2, strokeDasharray: ruleDash })];
}

function seriesMarks(series: Series, colors: ReadonlyMap<string, string>): Plot.Markish[] {
  const color = colors.get(series.name) ?? chartColor.primal;
  const points = series.points.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
  const spread = points.filter(({ low, high }) => low !== undefined && high !== undefined);
  const only = series.marks === 'only';
  const marks: Plot.Markish[] = [];
  if (spread.length > 0) {
    marks.push(
      only
        ? Plot.ruleX(spread, {
            x: 'x',
            y1: 'low',
            y2: 'high',
            stroke: color,
            strokeOpacity: 0.6,
            strokeWidth: 2,
            clip: true,
          })
        : Plot.areaY(spread, { x: 'x', y1: 'low', y2: 'high', fill: color, fillOpacity: 0.14, clip: true }),
    );
  }
  if (!only) {
    marks.push(
      Plot.lineY(points, {
        x: 'x',
        y: 'y',
        stroke: color,
        strokeWidth: series.isFaint === true ? 1.1 : 2.2,
        strokeOpacity: series.isFaint === true ? 0.65 : 1,
        ...(series.dash === undefined ? {} : { strokeDasharray: series.dash }),
        clip: true,
      }),
    );
  }
  if (series.marks === 'line' || only) {
    marks.push(
      Plot.dot(points, {
        x: 'x',
        y: 'y',
        r: 3.6,
        fill: color,
        stroke: chartColor.surface,
        strokeWidth: 0.8,
        clip: true,
      }),
    );
  }
  return marks;
}
