import * as Plot from '@observablehq/plot';
import { chartColor, classColors } from '../../src/report/chart-theme.js';
import { renderPlot } from '../../src/report/plot-svg.js';
import { numberText } from '../../src/report/number-text.js';
import { standalone } from './standalone.js';

/** One mark: a value of a series in a category, with the spread around it. */
export interface CategoryValue {
  readonly category: string;
  readonly series: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface CategoryFigure {
  /** Unique: prefix of the ids inside. */
  readonly id: string;
  /** What is seen, for a reader who cannot see it. */
  readonly label: string;
  /** Of the axis of values, with its unit. */
  readonly x: string;
  readonly values: readonly CategoryValue[];
  readonly width?: number;
}

/** Room for the names of categories, px a letter and at the edge. */
const LETTER = 7;
const BAND = 15;

/** Dots with whiskers, a band for each category with a line for each of its series, as a standalone SVG document. */
export function categoryFigure({ id, label, x, values, width = 720 }: CategoryFigure): string {
  const categories = [...new Set(values.map(({ category }) => category))];
  const names = [...new Set(values.map(({ series }) => series))];
  const color = (name: string): string =>
    classColors[names.indexOf(name) % classColors.length] ?? chartColor.primal;
  const height = 50 + categories.length * (names.length * BAND + 12);
  const marks = {
    y: 'series',
    fy: 'category',
    stroke: ({ series }: CategoryValue) => color(series),
  } as const;
  const svg = renderPlot(
    { id, label, width },
    {
      height,
      marginLeft: 18 + LETTER * Math.max(...categories.map((name) => name.length)),
      marginRight: 16,
      marginTop: 8,
      marginBottom: 42,
      x: {
        label: x,
        labelArrow: 'none',
        labelAnchor: 'center',
        grid: true,
        nice: true,
        tickFormat: (value: number) => numberText(value, 3),
      },
      y: { domain: names, axis: null, padding: 0.2 },
      fy: { domain: categories, axis: 'left', label: null, padding: 0.12, tickSize: 0 },
      color: { type: 'identity' },
      marks: [
        Plot.frame({ stroke: chartColor.muted, strokeOpacity: 0.25 }),
        Plot.ruleY(values, { ...marks, x1: 'low', x2: 'high', strokeWidth: 2, strokeOpacity: 0.6 }),
        Plot.dot(values, {
          x: 'value',
          y: 'series',
          fy: 'category',
          r: 4,
          fill: ({ series }: CategoryValue) => color(series),
          stroke: chartColor.surface,
          strokeWidth: 0.8,
        }),
      ],
    },
  );
  return standalone({
    label,
    panels: [{ svg, width, height }],
    legend: names.map((name) => ({ name, color: color(name), dash: null })),
  });
}
