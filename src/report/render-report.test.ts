import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { parseHTML } from 'linkedom';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { renderReport } from './render-report.js';
import type {
  ClassificationPredictions,
  DecisionSurface,
  HistoryPoint,
  OutputSummary,
  ReportInput,
} from './report-input.js';

/** Where to leave the pages for a look at them: `RELUCENT_REPORT_GALLERY=/tmp/gallery npx vitest run src/report`. */
const gallery = process.env['RELUCENT_REPORT_GALLERY'];

const hostile = `<script>alert('x')</script>&"><img src=x onerror=1>`;

/** A fixed sequence in (0, 1): fixtures need spread, not randomness. */
function spread(index: number): number {
  const value = Math.sin(index * 12.9898 + 4.1) * 43758.5453;
  return value - Math.floor(value);
}

function bell(index: number): number {
  return [0, 1, 2, 3, 4, 5].reduce((sum, part) => sum + spread(index * 7 + part), 0) - 3;
}

function history(iterations: number, objective: number): readonly HistoryPoint[] {
  return Array.from({ length: iterations }, (_, iteration) => ({
    iteration,
    seconds: iteration * 0.02,
    objective: objective * (1 + 2.5 * Math.exp(-iteration / 14)),
    dualBound:
      objective *
      (1 - (iteration === 0 ? 40 : 1.2) * Math.exp(-iteration / 10) * (1 + 0.2 * spread(iteration))),
    activeGroups: Math.min(37, iteration),
  }));
}

function output(label: string, changes: Partial<OutputSummary> = {}): OutputSummary {
  const objective = 48.120736;
  const steps = history(140, objective);
  const last = steps.at(-1)!;
  const gap = last.objective - last.dualBound;
  return {
    label,
    objective: last.objective,
    dualBound: last.dualBound,
    gap,
    relativeGap: gap / last.objective,
    tolerance: 1e-3,
    scope: 'given-arrangements',
    networkObjective: last.objective * (1 + 3e-12),
    status: 'optimal',
    iterations: 139,
    seconds: 2.78,
    history: steps,
    groupNorms: Array.from({ length: 500 }, (_, index) => (index % 14 === 3 ? 2.4 * spread(index) ** 2 : 0)),
    ...changes,
  };
}

function binaryPredictions(rows: number): ClassificationPredictions {
  return {
    kind: 'classification',
    rowsFrom: 'test',
    classes: ['benign', 'malignant'],
    rows: Array.from({ length: rows }, (_, index) => {
      const isMalignant = index % 8 < 3;
      const probability = 1 / (1 + Math.exp(-(isMalignant ? 3.1 : -3.3) - 3.2 * bell(index)));
      return {
        actual: isMalignant ? 'malignant' : 'benign',
        predicted: probability > 0.5 ? 'malignant' : 'benign',
        probability: [1 - probability, probability],
      };
    }),
  };
}

function manyClassPredictions(count: number, rows: number): ClassificationPredictions {
  const classes = Array.from({ length: count }, (_, index) =>
    count > 5 ? `class ${index + 1}` : ['setosa', 'versicolor', 'virginica', 'aphylla', 'pumila'][index]!,
  );
  return {
    kind: 'classification',
    rowsFrom: 'test',
    classes,
    rows: Array.from({ length: rows }, (_, index) => {
      const actual = index % count;
      const probability = classes.map(
        (_, k) => (k === actual ? 0.3 + 0.9 * spread(index) : 0.8 * spread(index * 31 + k)) / 1,
      );
      const sum = probability.reduce((a, b) => a + b, 0);
      const predicted = probability.indexOf(Math.max(...probability));
      return {
        actual: classes[actual]!,
        predicted: classes[predicted]!,
        probability: probability.map((p) => p / sum),
      };
    }),
  };
}

function classificationReport(changes: Partial<ReportInput> = {}): ReportInput {
  return {
    title: 'breast-cancer.csv → diagnosis',
    sourceName: 'breast-cancer.csv',
    targetName: 'diagnosis',
    task: 'classification',
    date: '2025-03-14',
    version: '0.1.0',
    commandLine: 'relucent train data/breast-cancer.csv --target diagnosis --out out/breast-cancer',
    table: {
      rows: 569,
      columns: 31,
      trainRows: 426,
      testRows: 143,
      notes: [
        '30 numeric columns were standardised with the mean and deviation of the training rows.',
        'A column of ones was added (bias).',
      ],
    },
    model: {
      depth: 2,
      widths: [],
      formulation: 'relu',
      lossName: 'logistic',
      beta: 0.8123,
      betaMax: 93.4,
      betaChoice: 'chosen by 5-fold cross-validation, the one-standard-error rule',
      subNetworks: 35,
      groupsTotal: 500,
    },
    outputs: [output('diagnosis')],
    scores: {
      metrics: [
        { name: 'accuracy', better: 'higher' },
        { name: 'log loss', better: 'lower' },
      ],
      rows: [
        { name: 'relucent network', role: 'network', train: [0.9906, 0.0412], test: [0.9651, 0.0893] },
        { name: 'linear model', role: 'yardstick', train: [0.9883, 0.0511], test: [0.972, 0.0931] },
        { name: 'constant predictor', role: 'yardstick', train: [0.6268, 0.6607], test: [0.6294, 0.6591] },
      ],
    },
    predictions: binaryPredictions(143),
    cvCurve: {
      metricName: 'log loss',
      better: 'lower',
      chosenBeta: 93.4 * 10 ** (-3 * 0.68),
      points: Array.from({ length: 26 }, (_, index) => {
        const share = index / 25;
        return {
          beta: 93.4 * 10 ** (-3 * share),
          mean: 0.09 + 0.55 * (1 - share) ** 4 + 0.15 * Math.max(0, share - 0.7) ** 1.5,
          standardError: 0.012 + 0.006 * spread(index),
        };
      }),
    },
    options: [
      { name: 'seed', value: '0' },
      { name: 'threads', value: '4' },
    ],
    ...changes,
  };
}

function regressionReport(rows: number, changes: Partial<ReportInput> = {}): ReportInput {
  return classificationReport({
    title: 'auto-mpg.csv → mpg',
    sourceName: 'auto-mpg.csv',
    targetName: 'mpg',
    task: 'regression',
    scores: {
      metrics: [
        { name: 'R²', better: 'higher' },
        { name: 'RMSE', better: 'lower' },
      ],
      rows: [
        { name: 'relucent network', role: 'network', train: [0.912, 2.31], test: [0.883, 2.64] },
        { name: 'linear model', role: 'yardstick', train: [0.823, 3.28], test: [0.811, 3.36] },
        { name: 'constant predictor', role: 'yardstick', train: [0, 7.81], test: [-0.004, 7.73] },
      ],
    },
    predictions: {
      kind: 'regression',
      rowsFrom: 'test',
      rows: Array.from({ length: rows }, (_, index) => {
        const actual = 9 + 36 * spread(index) ** 1.4;
        return { actual, predicted: 23 + 0.92 * (actual - 23) + 2.6 * bell(index) };
      }),
    },
    ...changes,
  });
}

const last = output('x').history.at(-1)!;

/** A surface of two inputs with these classes. */
function surface(classes: readonly string[], name: string): DecisionSurface {
  const cells = Array.from({ length: 20 * 16 }, (_, cell) => (cell % 20) / 20);
  const raw = classes.map((_, k) => cells.map((x) => Math.exp(-8 * (x - (k + 0.5) / classes.length) ** 2)));
  const sums = cells.map((_, cell) => raw.reduce((sum, values) => sum + values[cell]!, 0));
  return {
    x: { name, low: -1, high: 3 },
    y: { name: `${name} too`, low: 10, high: 20 },
    columns: 20,
    rows: 16,
    held: ['the other 28 numbers at their training means', `${name} = ${name}`],
    field: {
      kind: 'classification',
      classes,
      probability: raw.map((values) => values.map((value, cell) => value / sums[cell]!)),
    },
    points: Array.from({ length: 50 }, (_, index) => ({
      x: 4 * spread(index) - 1,
      y: 10 + 10 * spread(index + 99),
      actual: classes[index % classes.length]!,
      isRight: index % 7 > 0,
    })),
    pointsFrom: 'test',
  };
}

const reports: Readonly<Record<string, ReportInput>> = {
  binary: classificationReport(),
  regression: regressionReport(98),
  'three-classes': classificationReport({
    outputs: ['setosa', 'versicolor', 'virginica'].map((name) => output(name, { scope: 'all-arrangements' })),
    predictions: manyClassPredictions(3, 150),
  }),
  'twenty-classes': classificationReport({
    outputs: Array.from({ length: 20 }, (_, index) => output(`class ${index + 1}`)),
    predictions: manyClassPredictions(20, 2000),
  }),
  'twenty-thousand-rows': regressionReport(20_000, {
    outputs: [output('mpg', { groupNorms: Array.from({ length: 2000 }, (_, index) => spread(index)) })],
  }),
  'no-test-rows': regressionReport(60, {
    predictions: { kind: 'regression', rowsFrom: 'train', rows: [{ actual: 1, predicted: 1 }] },
    scores: {
      metrics: [{ name: 'R²', better: 'higher' }],
      rows: [
        { name: 'relucent network', role: 'network', train: [0.9], test: null },
        { name: 'linear model', role: 'yardstick', train: [0.9], test: null },
      ],
    },
    cvCurve: undefined,
  }),
  'one-iteration-zero-network': classificationReport({
    outputs: [
      output('y', {
        objective: 295.2,
        dualBound: 295.2,
        gap: 0,
        relativeGap: 0,
        networkObjective: 295.2,
        iterations: 0,
        history: [{ iteration: 0, seconds: 0, objective: 295.2, dualBound: 295.2, activeGroups: 0 }],
        groupNorms: new Array<number>(500).fill(0),
      }),
    ],
    cvCurve: {
      metricName: 'accuracy',
      better: 'higher',
      chosenBeta: 0,
      points: [{ beta: 0, mean: 0.5, standardError: NaN }],
    },
  }),
  'rounding-gap': classificationReport({
    outputs: [
      output('y', {
        gap: -1e-14,
        relativeGap: -2e-16,
        dualBound: last.objective + 1e-14,
        history: [...history(20, 3), { ...last, iteration: 20, dualBound: last.objective + 1e-14 }],
      }),
    ],
  }),
  'no-bound': classificationReport({
    model: { ...classificationReport().model, formulation: 'gated', depth: 4, widths: [2, 3], betaMax: null },
    outputs: [
      output('y', {
        dualBound: -Infinity,
        gap: Infinity,
        relativeGap: NaN,
        status: 'time-limit',
        networkObjective: 60,
        history: [
          { iteration: 0, seconds: 0, objective: NaN, dualBound: -Infinity, activeGroups: 0 },
          { iteration: 1, seconds: 0, objective: 5, dualBound: -Infinity, activeGroups: 0 },
        ],
        groupNorms: [],
      }),
    ],
    predictions: { kind: 'classification', rowsFrom: 'test', classes: ['a', 'b'], rows: [] },
  }),
  hostile: classificationReport({
    title: hostile,
    sourceName: hostile,
    targetName: hostile,
    date: hostile,
    version: hostile,
    commandLine: hostile,
    table: { ...classificationReport().table!, notes: [hostile] },
    model: { ...classificationReport().model, lossName: hostile, betaChoice: hostile },
    outputs: [output(hostile, { status: hostile }), output('b', { status: hostile })],
    scores: {
      metrics: [{ name: hostile, better: 'higher' }],
      rows: [{ name: hostile, role: 'network', train: [1], test: [1] }],
    },
    predictions: {
      kind: 'classification',
      rowsFrom: 'test',
      classes: [hostile, 'b'],
      rows: [{ actual: hostile, predicted: 'b', probability: [0.2, 0.8] }],
    },
    cvCurve: { ...classificationReport().cvCurve!, metricName: hostile },
    options: [{ name: hostile, value: hostile }],
    importances: [
      { name: hostile, share: 0.75 },
      { name: '__proto__', share: 0.25 },
    ],
    surface: surface([hostile, 'b'], hostile),
  }),
  'six-classes': classificationReport({
    surface: surface(['one', 'two', 'three', 'four', 'five', 'six'], 'petal length'),
    importances: [{ name: 'petal length', share: 1 }],
  }),
  'seven-classes': classificationReport({
    surface: surface(['1', '2', '3', '4', '5', '6', '7'], 'petal length'),
    importances: [],
  }),
  'model-file': classificationReport({
    table: null,
    commandLine: '',
    scores: undefined,
    predictions: undefined,
    cvCurve: undefined,
    outputs: [output('diagnosis', { history: [] })],
    surface: null,
    importances: Array.from({ length: 40 }, (_, k) => ({ name: `column ${k}`, share: 1 / 40 })),
  }),
};

describe.each(Object.entries(reports))('report: %s', (name, input) => {
  beforeEach(() => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  const page = renderReport(input);
  const { document } = parseHTML(page);

  it('draws nothing that is not a number, without a warning', () => {
    expect(page).not.toMatch(/NaN|Infinity|undefined|\[object/);
    expect(renderReport(input)).toBe(page);
    expect(console.warn).not.toHaveBeenCalled();
    if (gallery !== undefined) {
      mkdirSync(gallery, { recursive: true });
      writeFileSync(join(gallery, `${name}.html`), page);
    }
  });

  it('runs and loads nothing', () => {
    expect(page).not.toMatch(/<script/i);
    expect(document.querySelectorAll('script, img, link, iframe, [src], [onerror]').length).toBe(0);
    expect(page.replaceAll('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(/https?:|@import/);
  });

  it('gives each picture a label and each figure a caption', () => {
    const figures = document.querySelectorAll('figure');
    expect(figures.length).toBeGreaterThanOrEqual(input.table === null ? 2 : 4);
    for (const figure of Array.from(figures)) {
      expect(figure.querySelectorAll('figcaption').length).toBe(1);
      expect(figure.querySelector('figcaption')!.textContent.trim().length).toBeGreaterThan(20);
      expect(figure.querySelectorAll('svg').length).toBeGreaterThanOrEqual(1);
    }
    for (const svg of Array.from(document.querySelectorAll('svg'))) {
      expect(svg.getAttribute('role')).toBe('img');
      expect(svg.getAttribute('aria-label')!.length).toBeGreaterThan(20);
    }
  });

  it('has unique ids, and every reference to one is met', () => {
    const ids = Array.from(document.querySelectorAll('[id]'), (element) => element.id);
    expect(new Set(ids).size).toBe(ids.length);
    const references = Array.from(
      page.matchAll(/url\(#([^)]+)\)|aria-labelledby="([^"]+)"/g),
      (match) => match[1] ?? match[2]!,
    );
    expect(references.filter((reference) => !ids.includes(reference))).toEqual([]);
  });

  it('has headings in order and scopes on header cells', () => {
    const levels = Array.from(document.querySelectorAll('h1, h2, h3, h4'), (heading) =>
      Number(heading.tagName.slice(1)),
    );
    expect(levels[0]).toBe(1);
    levels.slice(1).forEach((level, index) => {
      expect(level - levels[index]!).toBeLessThanOrEqual(1);
      expect(level).toBeGreaterThan(1);
    });
    for (const cell of Array.from(document.querySelectorAll('th')))
      expect(cell.getAttribute('scope')).toMatch(/^(col|row|colgroup)$/);
  });

  it('defines every colour it uses in both themes', () => {
    const used = new Set(Array.from(page.matchAll(/var\((--rl-[a-z-]+)/g), (match) => match[1]!));
    const [light = '', dark = ''] = Array.from(
      page.matchAll(/color-scheme: (?:light|dark); ([^}]*)}/g),
      (match) => match[1]!,
    );
    for (const property of used) {
      expect(light).toContain(`${property}:`);
      expect(dark).toContain(`${property}:`);
    }
  });
});

describe('words of the report', () => {
  it('shows hostile text as text, in titles, labels and pictures', () => {
    const { document } = parseHTML(renderReport(reports['hostile']!));
    expect(document.querySelector('h1')!.textContent).toBe(hostile);
    expect(document.querySelector('code')!.textContent).toBe(hostile);
    expect(document.querySelector('title')!.textContent).toContain('<script>');
  });

  it('says when the scatter shows only some of the rows', () => {
    const page = renderReport(reports['twenty-thousand-rows']!);
    expect(page).toContain('1,500 of 20,000 test rows');
    expect(page.length).toBeLessThan(600_000);
  });

  it('never calls given arrangements a global optimum', () => {
    const page = renderReport(reports['binary']!);
    expect(page).not.toMatch(/global/i);
    expect(page).toContain('not a claim about all arrangements');
  });

  it('says why there is no picture of two inputs', () => {
    expect(renderReport(reports['seven-classes']!)).toContain('at most 6 classes');
    expect(renderReport(reports['model-file']!)).toContain('fewer than two of the inputs are numbers');
    expect(renderReport(reports['six-classes']!)).toContain('id="surface-');
  });

  it('says how large the pages are', () => {
    // Sizes stated in docs/guide/command-line.md.
    expect(renderReport(reports['binary']!).length).toBeLessThan(150_000);
    expect(renderReport(reports['six-classes']!).length).toBeLessThan(150_000);
  });

  it('can be read without colour: other colours, the same words and shapes', () => {
    const { document } = parseHTML(renderReport(reports['six-classes']!));
    const svg = Array.from(document.querySelectorAll('svg')).find((one) =>
      one.getAttribute('aria-label')!.startsWith('Predicted class'),
    )!;
    const shapes = new Set(
      Array.from(svg.querySelectorAll('g[fill^="var(--rl-class"] path'), (path) => path.getAttribute('d')),
    );
    expect(shapes.size).toBeGreaterThanOrEqual(6);
    for (const name of ['one', 'six']) expect(svg.textContent).toContain(name);
  });

  it('says that there are no test rows', () => {
    const page = renderReport(reports['no-test-rows']!);
    expect(page).toContain('There are no test rows');
    expect(page).toContain('ties with the linear model');
  });
});
