import * as Plot from '@observablehq/plot';

import { emptyPlotMarks, tickTextOf } from './chart-parts.js';
import { chartColor, classColors, type ChartFrame } from './chart-theme.js';
import { finiteExtent } from './finite-extent.js';
import { numberText, shortText } from './number-text.js';
import { renderPlot } from './plot-svg.js';
import type { ClassificationField, DecisionSurface, RegressionField, SurfacePoint } from './report-input.js';
import { innermostCell, isoLinePlaces } from './surface-labels.js';
import { subsample } from './subsample.js';

/** The most rows drawn as points; a caption has to say so when there are more. */
export const surfacePointLimit = 400;
/** Regions of more classes cannot be told apart in one picture. */
export const surfaceClassLimit = classColors.length;
/** Leads of the most probable class over the next from which a region is shaded darker. */
export const surfaceLeads = [0.5, 0.9] as const;

const symbols = ['circle', 'triangle', 'square', 'diamond', 'star', 'wye'] as const;
/** Opacity of one layer of a region; where its class leads by most, three lie on each other. */
export const regionShade = 0.16;
const halo = { stroke: chartColor.surface, strokeWidth: 4 } as const;

/**
 * What the network predicts over two inputs. Classification: the region of each class, darker where its lead in
 * probability is larger, its name inside, and the rows as one symbol for each class, hollow where predicted wrongly.
 * Regression: iso-lines of the prediction, labelled, and the rows as dots. O(cells · classes + points).
 */
export function renderSurfaceChart(frame: ChartFrame, surface: DecisionSurface): string {
  const { x, y, field } = surface;
  const points = subsample(surface.points.filter(isFinitePoint(surface)), surfacePointLimit);
  const classes = field.kind === 'classification' ? field.classes : [];
  const legend = classes.length > 0 && points.length > 0;
  const axis = (of: DecisionSurface['x']): Plot.ScaleOptions => ({
    domain: [of.low, of.high],
    label: shortText(of.name, 40),
    labelArrow: 'none',
    labelAnchor: 'center',
    ticks: 6,
    tickFormat: tickTextOf([of.low, of.high]),
  });
  const hasField = field.kind === 'regression' ? field.values.some(Number.isFinite) : classes.length > 0;
  return renderPlot(frame, {
    height: 420,
    marginLeft: 70,
    marginTop: legend ? 40 : 16,
    marginRight: 18,
    marginBottom: 48,
    x: axis(x),
    y: axis(y),
    marks: [
      ...(hasField ? [] : emptyPlotMarks('no predictions to show')),
      ...(field.kind === 'regression' ? isoMarks(surface, field) : regionMarks(surface, field)),
      ...(field.kind === 'regression' ? rowDots(points) : classDots(points, classes)),
      ...(field.kind === 'regression' ? isoLabels(surface, field) : regionNames(surface, field)),
      Plot.frame({ strokeOpacity: 0.4 }),
      ...(legend ? legendMarks(classes, frame.width ?? 480) : []),
    ],
    color: { type: 'identity' },
    opacity: { type: 'identity' },
    symbol: { type: 'identity' },
  });
}

function isFinitePoint({ x, y }: DecisionSurface): (point: SurfacePoint) => boolean {
  return (point) => point.x >= x.low && point.x <= x.high && point.y >= y.low && point.y <= y.high;
}

/**
 * Everything above each level, so that shades add up: the higher the value, the more ink. The grid is continued by a cell on
 * each side, cut off by the frame: a contour ends where its grid does, and would draw the frame as a line of its own.
 */
function contour(
  { x, y, columns, rows }: DecisionSurface,
  values: readonly number[],
  levels: readonly number[],
  style: Plot.ContourOptions,
): Plot.Markish {
  const cellWidth = (x.high - x.low) / columns;
  const cellHeight = (y.high - y.low) / rows;
  return Plot.contour(continued(values, columns, rows), {
    width: columns + 2,
    height: rows + 2,
    x1: x.low - cellWidth,
    x2: x.high + cellWidth,
    y1: y.low - cellHeight,
    y2: y.high + cellHeight,
    thresholds: [...levels],
    clip: true,
    ...style,
  });
}

function continued(values: readonly number[], columns: number, rows: number): number[] {
  const near = (at: number, count: number): number => Math.min(count - 1, Math.max(0, at - 1));
  return Array.from({ length: (columns + 2) * (rows + 2) }, (_, cell) => {
    const column = near(cell % (columns + 2), columns);
    const row = near(Math.floor(cell / (columns + 2)), rows);
    return values[row * columns + column] ?? NaN;
  });
}

/** Round levels inside the range of the field, about seven. */
export function isoLevels(values: readonly number[]): readonly number[] {
  const extent = finiteExtent(values);
  if (extent === null || !(extent[1] > extent[0])) return [];
  const rough = (extent[1] - extent[0]) / 7;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10) * power;
  const first = Math.floor(extent[0] / step) + 1;
  const levels: number[] = [];
  for (let k = first; k * step < extent[1] && levels.length < 20; k += 1) levels.push(k * step);
  return levels;
}

function isoMarks(surface: DecisionSurface, { values }: RegressionField): Plot.Markish[] {
  const levels = isoLevels(values);
  if (levels.length === 0) return [];
  return [
    contour(surface, values, levels, {
      fill: chartColor.primal,
      fillOpacity: 0.12,
      stroke: chartColor.primal,
      strokeOpacity: 0.55,
      strokeWidth: 1,
    }),
  ];
}

function isoLabels(surface: DecisionSurface, { values }: RegressionField): Plot.Markish[] {
  const levels = isoLevels(values);
  const text = tickTextOf([levels[0] ?? 0, levels.at(-1) ?? 1]);
  const places = isoLinePlaces(values, surface.columns, surface.rows, levels);
  return [
    Plot.text(places, {
      ...placeChannels(surface),
      text: ({ level }: { readonly level: number }) => text(level),
      fontWeight: 600,
      fill: chartColor.primal,
      ...halo,
    }),
  ];
}

function regionMarks(surface: DecisionSurface, field: ClassificationField): Plot.Markish[] {
  return field.classes.flatMap((_, k) => {
    const lead = leadOf(field, k);
    const color = classColors[k % classColors.length] ?? chartColor.primal;
    if (!lead.some((value) => value > 0)) return [];
    return [
      contour(surface, lead, [0, ...surfaceLeads], { fill: color, fillOpacity: regionShade }),
      contour(surface, lead, [0], { fill: 'none', stroke: color, strokeWidth: 1.5 }),
    ];
  });
}

/** Probability of class k less the largest other one, for each cell. */
function leadOf({ probability }: ClassificationField, k: number): number[] {
  return (probability[k] ?? []).map((value, cell) => {
    const others = probability.map((other, j) => (j === k ? -Infinity : (other[cell] ?? 0)));
    return value - Math.max(...others);
  });
}

function regionNames(surface: DecisionSurface, field: ClassificationField): Plot.Markish[] {
  const names = field.classes.flatMap((name, k) => {
    const lead = leadOf(field, k);
    const place = innermostCell((cell) => (lead[cell] ?? 0) > 0, surface.columns, surface.rows);
    // A sliver holds no word.
    return place === null || place.depth < 3 ? [] : [{ ...place, name: shortText(name, 16) }];
  });
  return [
    Plot.text(names, {
      ...placeChannels(surface),
      text: 'name',
      fontSize: 14,
      fontWeight: 700,
      fill: chartColor.text,
      ...halo,
    }),
  ];
}

function placeChannels({ x, y, columns, rows }: DecisionSurface): {
  readonly x: (place: { readonly column: number }) => number;
  readonly y: (place: { readonly row: number }) => number;
} {
  return {
    x: ({ column }) => x.low + ((column + 0.5) / columns) * (x.high - x.low),
    y: ({ row }) => y.low + ((row + 0.5) / rows) * (y.high - y.low),
  };
}

function rowDots(points: readonly SurfacePoint[]): Plot.Markish[] {
  return [
    Plot.dot(points, {
      x: 'x',
      y: 'y',
      r: points.length > 200 ? 1.8 : 2.4,
      fill: chartColor.text,
      fillOpacity: 0.55,
    }),
  ];
}

function classDots(points: readonly SurfacePoint[], classes: readonly string[]): Plot.Markish[] {
  const style = (k: number): { readonly color: string; readonly symbol: (typeof symbols)[number] } => ({
    color: classColors[k] ?? chartColor.muted,
    symbol: symbols[k] ?? 'circle',
  });
  const shared = { x: 'x', y: 'y', r: points.length > 200 ? 3 : 3.8 } as const;
  return classes.flatMap((name, k) => {
    const own = points.filter(({ actual }) => actual === name);
    const { color, symbol } = style(k);
    return [
      Plot.dot(
        own.filter(({ isRight }) => isRight !== false),
        { ...shared, symbol, fill: color, stroke: chartColor.surface, strokeWidth: 0.8 },
      ),
      Plot.dot(
        own.filter(({ isRight }) => isRight === false),
        { ...shared, r: shared.r + 1, symbol, fill: chartColor.surface, stroke: color, strokeWidth: 2 },
      ),
    ];
  });
}

function legendMarks(classes: readonly string[], width: number): Plot.Markish[] {
  const room = (width - 88) / Math.max(classes.length, 1);
  return classes.flatMap((name, k) => {
    const place = { frameAnchor: 'top-left', dy: -22, dx: 6 + k * Math.min(room, 130) } as const;
    return [
      Plot.dot([name], {
        ...place,
        symbol: symbols[k] ?? 'circle',
        fill: classColors[k] ?? chartColor.muted,
        r: 4,
      }),
      Plot.text([shortText(name, Math.max(3, Math.floor((Math.min(room, 130) - 22) / 7)))], {
        ...place,
        dx: place.dx + 10,
        dy: -22,
        lineAnchor: 'middle',
        textAnchor: 'start',
        text: String,
      }),
    ];
  });
}

/** The range of the predictions of a picture in words. */
export function fieldRangeText({ values }: RegressionField): string {
  const extent = finiteExtent(values);
  return extent === null
    ? 'no predictions'
    : `from ${numberText(extent[0], 3)} to ${numberText(extent[1], 3)}`;
}
