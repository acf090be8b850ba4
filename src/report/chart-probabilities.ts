import * as Plot from '@observablehq/plot';

import { emptyPlotMarks } from './chart-parts.js';
import { chartColor, type ChartFrame } from './chart-theme.js';
import { countNoun, shortText } from './number-text.js';
import { renderPlot } from './plot-svg.js';
import type { ClassificationPoint } from './report-input.js';

const binCount = 20;

/** The rows of one actual class, counted in the 20 bins of [0, 1]. */
interface ClassBins {
  readonly name: string;
  readonly rowCount: number;
  readonly right: readonly number[];
  readonly wrong: readonly number[];
}

interface ProbabilityBar {
  readonly from: number;
  readonly to: number;
  readonly base: number;
  readonly top: number;
  readonly isRight: boolean;
}

/**
 * One histogram of probabilities for each actual class, each in shares of its class and all on one scale. With two
 * classes it is the probability of the second class, one half marked; with more it is the probability given to the
 * actual class. Rows predicted rightly are filled blue, wrong ones outlined in
 * orange; probabilities that are not finite are left out.
 * O(rows × classes).
 */
export function renderProbabilitiesChart(
  frame: ChartFrame,
  classes: readonly string[],
  rows: readonly ClassificationPoint[],
): string {
  const isBinary = classes.length === 2;
  const bands =
    rows.length === 0 ? [] : classes.map((name, index) => classBins(name, rows, isBinary ? 1 : index));
  const bars = probabilityBars(bands);
  const rowHeight = classes.length <= 3 ? 110 : classes.length <= 6 ? 62 : 34;
  const what = isBinary
    ? `probability of ${shortText(classes[1] ?? '', 24)}`
    : 'probability of the actual class';
  return renderPlot(frame, {
    height: Math.max(classes.length, 1) * rowHeight + 62,
    marginLeft: 112,
    marginTop: 14,
    marginRight: 20,
    marginBottom: 48,
    x: {
      domain: [0, 1],
      label: what,
      labelArrow: 'none',
      labelAnchor: 'center',
      ticks: 5,
      grid: true,
      tickFormat: (share: number) => `${Math.round(share * 100)} %`,
    },
    y: { domain: [Math.max(classes.length, 1), 0], axis: null },
    marks: [
      ...(rows.length === 0 ? emptyPlotMarks('no rows to show') : []),
      ...(isBinary && rows.length > 0
        ? [Plot.ruleX([0.5], { stroke: chartColor.text, strokeDasharray: '5,4' })]
        : []),
      Plot.rect(
        bars.filter(({ isRight }) => isRight),
        { ...barPlace, fill: () => chartColor.primal, fillOpacity: 0.8 },
      ),
      Plot.rect(
        bars.filter(({ isRight }) => !isRight),
        {
          ...barPlace,
          fill: chartColor.dual,
          fillOpacity: 0.2,
          stroke: () => chartColor.dual,
          strokeWidth: 1.5,
        },
      ),
      Plot.ruleY(bands, { y: (_: ClassBins, row: number) => row + 1, strokeOpacity: 0.4 }),
      ...bandWords(bands, rowHeight),
    ],
    color: { type: 'identity' },
  });
}

const barPlace = { x1: 'from', x2: 'to', y1: 'base', y2: 'top', insetLeft: 0.5, insetRight: 0.5 } as const;

function classBins(name: string, rows: readonly ClassificationPoint[], column: number): ClassBins {
  const right = new Array<number>(binCount).fill(0);
  const wrong = new Array<number>(binCount).fill(0);
  let rowCount = 0;
  for (const row of rows) {
    const probability = row.probability[column] ?? Number.NaN;
    if (row.actual !== name || !Number.isFinite(probability)) continue;
    const bin = Math.min(binCount - 1, Math.max(0, Math.floor(probability * binCount)));
    const counts = row.predicted === name ? right : wrong;
    counts[bin] = (counts[bin] ?? 0) + 1;
    rowCount += 1;
  }
  return { name, rowCount, right, wrong };
}

/** Stacked bars: rightly predicted rows on the band's base line, wrongly predicted ones on top of them. */
function probabilityBars(bands: readonly ClassBins[]): readonly ProbabilityBar[] {
  const shareOf = (band: ClassBins, count: number): number => count / Math.max(band.rowCount, 1);
  const totals = bands.flatMap((band) =>
    band.right.map((count, bin) => shareOf(band, count + (band.wrong[bin] ?? 0))),
  );
  const scale = 0.84 / Math.max(...totals, 1 / binCount);
  return bands.flatMap((band, row) =>
    band.right.flatMap((rightCount, bin) => {
      const from = bin / binCount;
      const to = (bin + 1) / binCount;
      const middle = row + 1 - scale * shareOf(band, rightCount);
      const top = middle - scale * shareOf(band, band.wrong[bin] ?? 0);
      const lower = { from, to, base: row + 1, top: middle, isRight: true };
      const upper = { from, to, base: middle, top, isRight: false };
      return [lower, upper].filter((bar) => bar.top < bar.base);
    }),
  );
}

/** Class name and number of rows at the left end of each band; one line where the bands are low. */
function bandWords(bands: readonly ClassBins[], rowHeight: number): Plot.Markish[] {
  const place = {
    x: () => 0,
    y: (_: ClassBins, row: number) => row + 1,
    textAnchor: 'end',
    dx: -10,
    lineAnchor: 'bottom',
  } as const;
  const isLow = rowHeight < 60;
  const names = Plot.text(bands, {
    ...place,
    text: (band: ClassBins) => shortText(band.name, 13),
    fontWeight: 600,
    dy: isLow ? -3 : -18,
  });
  const counts = Plot.text(bands, {
    ...place,
    text: (band: ClassBins) => countNoun(band.rowCount, 'row'),
    fill: chartColor.muted,
    dy: -3,
  });
  return isLow ? [names] : [names, counts];
}
