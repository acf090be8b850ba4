import { describe, expect, it } from 'vitest';

import { heatOpacity, renderConfusionChart } from './chart-confusion.js';
import { isBoundCut, renderConvergenceChart } from './chart-convergence.js';
import { renderCvCurveChart } from './chart-cv-curve.js';
import { renderGapChart } from './chart-gap.js';
import { renderGroupNormsChart } from './chart-group-norms.js';
import { renderPredictedActualChart, scatterLimit } from './chart-predicted-actual.js';
import { renderProbabilitiesChart } from './chart-probabilities.js';
import { renderResidualsChart } from './chart-residuals.js';
import { renderCalibrationChart } from './chart-calibration.js';
import { renderImportancesChart } from './chart-importances.js';
import { regionShade } from './chart-surface.js';
import { classColors, themes } from './chart-theme.js';
import type { HistoryPoint, RegressionPoint } from './report-input.js';

const frame = { id: 'chart', label: 'A <b>label</b> & "quotes"' };

function step(iteration: number, objective: number, dualBound: number): HistoryPoint {
  return { iteration, seconds: iteration, objective, dualBound, activeGroups: 0 };
}

function count(svg: string, pattern: RegExp): number {
  return Array.from(svg.matchAll(pattern)).length;
}

function classRows(actual: string, predicted: string, rows: number, probability: readonly number[]) {
  return Array.from({ length: rows }, () => ({ actual, predicted, probability }));
}

describe('every chart', () => {
  const scales = [1e-300, 1e-9, 1, 1e9, 1e300];
  const charts: Readonly<Record<string, (scale: number) => string>> = {
    convergence: (s) =>
      renderConvergenceChart(frame, [step(0, 3 * s, -1e6 * s), step(1, s, -s), step(9, s, s)]),
    gap: (s) => renderGapChart(frame, [step(0, 3 * s, -1e6 * s), step(1, s, 0.5 * s), step(9, s, s)], 1e-6),
    groupNorms: (s) => renderGroupNormsChart(frame, [0, s, 0, 2 * s]),
    scatter: (s) => renderPredictedActualChart(frame, [{ actual: s, predicted: -s }], 'y'),
    residuals: (s) => renderResidualsChart(frame, [{ actual: s, predicted: 0.5 * s }], 'y'),
    cvCurve: (s) =>
      renderCvCurveChart(frame, {
        metricName: 'RMSE',
        better: 'lower',
        chosenBeta: s,
        points: [
          { beta: s, mean: s, standardError: 0 },
          { beta: 2 * s, mean: 2 * s, standardError: s },
        ],
      }),
  };

  it.each(Object.entries(charts))(
    '%s draws only finite numbers at any scale, one labelled image',
    (_, render) => {
      for (const scale of scales) {
        const svg = render(scale);
        expect(svg).not.toMatch(/NaN|Infinity|undefined|<style|<script/);
        expect(
          svg.startsWith('<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="A &lt;b&gt;label'),
        ).toBe(true);
        expect(render(scale)).toBe(svg);
      }
    },
  );

  it.each([
    ['convergence', () => renderConvergenceChart(frame, [])],
    ['gap', () => renderGapChart(frame, [], 0)],
    ['group norms', () => renderGroupNormsChart(frame, [])],
    ['scatter', () => renderPredictedActualChart(frame, [], 'y')],
    ['residuals', () => renderResidualsChart(frame, [{ actual: NaN, predicted: 1 }], 'y')],
    ['confusion', () => renderConfusionChart(frame, [], [])],
    ['probabilities', () => renderProbabilitiesChart(frame, [], [])],
    [
      'cv curve',
      () => renderCvCurveChart(frame, { metricName: 'm', better: 'lower', chosenBeta: NaN, points: [] }),
    ],
  ])('%s of nothing says that there is nothing', (_, render) => {
    expect(render()).toMatch(/>no [a-z ]+<\/text>/);
    expect(render()).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('keeps its clip paths apart from those of another chart', () => {
    const history = [step(0, 2, 0), step(1, 1, 1)];
    const svg = renderConvergenceChart({ ...frame, id: 'left' }, history);
    expect(count(svg, / id="left-\d+"/g)).toBe(count(svg, / id="/g));
    expect(count(svg, / id="/g)).toBeGreaterThan(0);
    expect(svg.replaceAll('left-', 'right-')).toBe(
      renderConvergenceChart({ ...frame, id: 'right' }, history),
    );
  });
});

describe('convergence and gap', () => {
  it('cuts a first bound that is far below, and only then says so', () => {
    expect(isBoundCut([step(0, 3, -1e9), step(1, 1, 1)])).toBe(true);
    expect(isBoundCut([step(0, 3, 0.5), step(1, 1, 1)])).toBe(false);
  });

  it('draws a gap of zero or below as a hollow dot', () => {
    const svg = renderGapChart(frame, [step(0, 2, 1), step(1, 1, 1), step(2, 1, 1 + 1e-15)], 1e-6);
    expect(count(svg, /<circle/g)).toBe(2);
  });
});

describe('group norms', () => {
  it('draws one stem for each non-zero group and counts the rest', () => {
    const svg = renderGroupNormsChart(frame, [0, 3, 0, 1, 2]);
    expect(count(svg, /<circle/g)).toBe(3);
    expect(svg).toContain('3 of 5 groups are non-zero');
    expect(svg).toContain('2 at exactly zero');
  });

  it('draws an outline instead of two thousand stems', () => {
    const svg = renderGroupNormsChart(
      frame,
      Array.from({ length: 2000 }, (_, index) => 1 + index),
    );
    expect(count(svg, /<circle/g)).toBe(0);
    expect(svg.length).toBeLessThan(60_000);
  });
});

describe('regression pictures', () => {
  const rows: readonly RegressionPoint[] = Array.from({ length: 20_000 }, (_, index) => ({
    actual: index,
    predicted: index + Math.sin(index),
  }));

  it('draws at most the limit of dots', () => {
    expect(count(renderPredictedActualChart(frame, rows, 'y'), /<circle/g)).toBe(scatterLimit);
    expect(count(renderPredictedActualChart(frame, rows.slice(0, 9), 'y'), /<circle/g)).toBe(9);
  });

  it('bins every residual, also when all are the same', () => {
    const same = Array.from({ length: 50 }, () => ({ actual: 5, predicted: 5 }));
    expect(count(renderResidualsChart(frame, same, 'y'), /<rect/g)).toBeGreaterThan(0);
    expect(renderResidualsChart(frame, rows, '<script>')).toContain('&lt;script&gt;');
  });
});

describe('importances', () => {
  it('draws a bar for each of fifteen inputs and one for the rest, largest first', () => {
    const shares = Array.from({ length: 20 }, (_, k) => ({ name: `x${k}`, share: (k + 1) / 210 }));
    const svg = renderImportancesChart(frame, shares);
    expect(count(svg, /<(?:rect|path)[^>]* fill="var/g)).toBe(16);
    expect(svg).toContain('5 others together');
    expect(svg.indexOf('>x19<')).toBeLessThan(svg.indexOf('>x5<'));
    expect(svg).not.toContain('>x4<');
    expect(renderImportancesChart(frame, [])).toMatch(/>no inputs to show</);
    expect(renderImportancesChart(frame, [{ name: '<b>', share: NaN }])).not.toMatch(/NaN|<b>/);
  });
});

describe('calibration', () => {
  it('draws a dot for each bin, and says when there is none', () => {
    const bin = { from: 0.1, to: 0.2, count: 7, predicted: 0.15, observed: 0.2, low: 0.1, high: 0.4 };
    const bins = [bin, { ...bin, from: 0.8, to: 0.9, predicted: 0.85, count: 1234 }];
    const calibration = { event: 'second class', bins, error: 0, brier: 0, rows: 1241 } as const;
    const svg = renderCalibrationChart(frame, calibration, 'it is <i>');
    expect(count(svg, /<circle/g)).toBe(2);
    expect(svg).toContain('>1,234</text>');
    expect(svg).not.toMatch(/NaN|<i>/);
    expect(renderCalibrationChart(frame, null, 'x')).toMatch(/>no rows to show</);
  });
});

describe('classification pictures', () => {
  it('writes the counts of the confusion matrix', () => {
    const rows = [
      ...classRows('a', 'a', 7, [0.9, 0.1]),
      ...classRows('a', 'b', 3, [0.4, 0.6]),
      ...classRows('?', 'b', 9, []),
    ];
    const svg = renderConfusionChart(frame, ['a', 'b'], rows);
    const counts = Array.from(svg.matchAll(/>(\d+)<\/text>/g), (match) => Number(match[1]));
    expect(counts.sort((x, y) => x - y)).toEqual([0, 0, 3, 7]);
  });

  it('stacks wrongly predicted rows on rightly predicted ones', () => {
    const rows = [
      ...classRows('a', 'a', 4, [0.9, 0.1]),
      ...classRows('a', 'b', 1, [0.9, 0.1]),
      ...classRows('b', 'b', 2, [0.1, 0.9]),
    ];
    const svg = renderProbabilitiesChart(frame, ['a', 'b'], rows);
    expect(count(svg, /<rect[^>]*--rl-primal/g)).toBe(2);
    expect(count(svg, /<rect[^>]*--rl-dual/g)).toBe(1);
  });
});

describe('contrast (WCAG AA: 4.5 to 1)', () => {
  it.each(Object.entries(themes))('%s theme: text on every ground it stands on', (_, theme) => {
    for (const ground of [theme.page, theme.surface, theme.sunken, theme.caution]) {
      expect(contrast(theme.text, ground)).toBeGreaterThanOrEqual(4.5);
    }
    for (const ink of [theme.muted, theme.primal, theme.dual]) {
      expect(contrast(ink, theme.page)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(ink, theme.surface)).toBeGreaterThanOrEqual(4.5);
    }
  });

  it.each(Object.entries(themes))('%s theme: colours of classes, and words on their regions', (_, theme) => {
    for (const color of classColorsOf(theme)) {
      expect(contrast(color, theme.page)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(color, theme.surface)).toBeGreaterThanOrEqual(4.5);
      // Three layers of shade, as where a class leads by most.
      const darkest = [1, 2, 3].reduce<string>((ground) => blend(color, ground, regionShade), theme.surface);
      expect(contrast(theme.text, darkest)).toBeGreaterThanOrEqual(4.5);
    }
  });

  it.each(Object.entries(themes))('%s theme: no two classes share a colour', (_, theme) => {
    expect(new Set(classColorsOf(theme)).size).toBe(classColors.length);
  });

  it.each(Object.entries(themes))('%s theme: counts on every shade of the confusion matrix', (_, theme) => {
    for (let percent = 0; percent <= 100; percent += 1) {
      const share = percent / 100;
      const ink = share <= 0.6 ? theme.text : theme['on-primal'];
      expect(contrast(ink, blend(theme.primal, theme.surface, heatOpacity(share)))).toBeGreaterThanOrEqual(
        4.5,
      );
    }
  });
});

function classColorsOf(theme: Readonly<Record<string, string>>): readonly string[] {
  return classColors.map((color) => theme[/--rl-([a-z-]+)/.exec(color)![1]!]!);
}

function channels(color: string): readonly number[] {
  return [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
}

function blend(over: string, under: string, opacity: number): string {
  const below = channels(under);
  const mixed = channels(over).map((value, index) =>
    Math.round(value * opacity + below[index]! * (1 - opacity)),
  );
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

function luminance(color: string): number {
  const [red, green, blue] = channels(color).map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light! + 0.05) / (dark! + 0.05);
}
