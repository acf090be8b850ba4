import * as Plot from '@observablehq/plot';

import { emptyPlotMarks } from './chart-parts.js';
import { chartColor, defaultChartWidth, type ChartFrame } from './chart-theme.js';
import { countText, shortText } from './number-text.js';
import { renderPlot } from './plot-svg.js';
import type { ClassificationPoint } from './report-input.js';

/** One cell of a confusion matrix; `share` is the count over all rows of that actual class. */
interface ConfusionCell {
  readonly actual: number;
  readonly predicted: number;
  readonly count: number;
  readonly share: number;
}

/**
 * Confusion matrix: rows are actual classes, columns predicted ones, each cell holds its count of rows and is shaded
 * by the share of its actual class, so that a rare class is as readable as a common one. Counts are written for up to
 * 24 classes. A row whose class is not in `classes` is left out. O(rows + classes²).
 */
export function renderConfusionChart(
  frame: ChartFrame,
  classes: readonly string[],
  rows: readonly ClassificationPoint[],
): string {
  const cells = confusionCells(classes, rows);
  const width = frame.width ?? defaultChartWidth;
  const marginLeft = classes.length > 12 ? 96 : 104;
  const side = (width - marginLeft - 12) / Math.max(classes.length, 1);
  const height = Math.min(Math.max(side, 18), 96) * classes.length;
  const isTilted = classes.length > 6 || classes.some((name) => Array.from(name).length * 7.5 > side);
  const marginTop = isTilted ? 104 : 48;
  const axis = { domain: classes.map((_, index) => index), label: null, tickSize: 0, padding: 0.04 } as const;
  const name = (index: number): string => shortText(classes[index] ?? '', 13);
  return renderPlot(frame, {
    height: Math.max(height, 40) + marginTop + 12,
    marginLeft,
    marginTop,
    marginRight: 12,
    marginBottom: 12,
    x: { ...axis, axis: 'top', tickFormat: name, ...(isTilted ? { tickRotate: -50 } : {}) },
    y: { ...axis, tickFormat: name },
    marks: [
      ...(cells.length === 0 ? emptyPlotMarks('no rows to show') : []),
      Plot.cell(cells, {
        x: 'predicted',
        y: 'actual',
        fill: chartColor.primal,
        fillOpacity: (cell: ConfusionCell) => heatOpacity(cell.share),
        rx: 3,
      }),
      ...(classes.length <= 24 ? countMarks(cells, classes.length) : []),
      Plot.text(['predicted →'], {
        ...cornerText,
        text: String,
        dx: 0,
        dy: 4 - marginTop,
        textAnchor: 'start',
      }),
      Plot.text(['actual ↓'], { ...cornerText, text: String, dx: -8, dy: -16, textAnchor: 'end' }),
    ],
    opacity: { type: 'identity' },
  });
}

const cornerText = { frameAnchor: 'top-left', fill: chartColor.muted, lineAnchor: 'top' } as const;

/**
 * Opacity of a cell's shade. It jumps at a share of 0.6, where the count's colour turns, because between 0.45 and
 * 0.86 neither colour has the contrast of 4.5 to 1 in both themes (asserted in the tests).
 */
export function heatOpacity(share: number): number {
  return share <= heatTurn ? 0.06 + share * 0.64 : 0.86 + (share - heatTurn) * 0.35;
}

const heatTurn = 0.6;

function countMarks(cells: readonly ConfusionCell[], classCount: number): Plot.Markish[] {
  const words = {
    x: 'predicted',
    y: 'actual',
    text: (cell: ConfusionCell) => countText(cell.count),
    fontSize: classCount <= 6 ? 16 : classCount <= 12 ? 12 : 9.5,
    fontWeight: 600,
  } as const;
  const seen = classCount <= 6 ? cells : cells.filter((cell) => cell.count > 0);
  return [
    Plot.text(
      seen.filter((cell) => cell.share <= heatTurn),
      { ...words, fill: chartColor.text },
    ),
    Plot.text(
      seen.filter((cell) => cell.share > heatTurn),
      { ...words, fill: chartColor.onPrimal },
    ),
  ];
}

function confusionCells(
  classes: readonly string[],
  rows: readonly ClassificationPoint[],
): readonly ConfusionCell[] {
  const size = classes.length;
  const indexOf = new Map(classes.map((name, index) => [name, index]));
  const counts = new Array<number>(size * size).fill(0);
  const totals = new Array<number>(size).fill(0);
  for (const row of rows) {
    const actual = indexOf.get(row.actual);
    const predicted = indexOf.get(row.predicted);
    if (actual === undefined || predicted === undefined) continue;
    counts[actual * size + predicted] = (counts[actual * size + predicted] ?? 0) + 1;
    totals[actual] = (totals[actual] ?? 0) + 1;
  }
  return counts.map((count, index) => {
    const actual = Math.floor(index / size);
    return { actual, predicted: index % size, count, share: count / Math.max(totals[actual] ?? 0, 1) };
  });
}
