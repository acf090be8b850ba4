import { describe, expect, it } from 'vitest';

import { jsonText } from './json-text.js';
import { escapeMarkdown, markdownCode, markdownTable } from './markdown.js';
import { renderMarkdown } from './render-markdown.js';
import { renderReport } from './render-report.js';
import type { ReportInput } from './report-input.js';
import { reportFromJson, reportToJson } from './report-json.js';

const hostile = "<script>alert('x')</script> | `code` [link](https://x.test) ![i](x) *b* \n# h";

function report(changes: Partial<ReportInput> = {}): ReportInput {
  return {
    title: hostile,
    sourceName: hostile,
    targetName: hostile,
    task: 'classification',
    date: 'today',
    version: '0',
    commandLine: '``` ; rm',
    table: { rows: 2, columns: 2, trainRows: 1, testRows: 1, notes: [hostile] },
    model: {
      depth: 2,
      widths: [],
      formulation: 'relu',
      lossName: 'logistic',
      beta: 1,
      betaMax: null,
      betaChoice: 'given',
      subNetworks: 1,
      groupsTotal: 2,
    },
    outputs: [
      {
        label: hostile,
        objective: 1,
        dualBound: -Infinity,
        gap: Infinity,
        relativeGap: NaN,
        tolerance: 1e-6,
        scope: 'given-arrangements',
        networkObjective: 1,
        status: 'time-limit',
        iterations: 1,
        seconds: 1,
        history: [{ iteration: 0, seconds: 0, objective: 1, dualBound: -Infinity, activeGroups: 0 }],
        groupNorms: [1, 0],
      },
    ],
    scores: {
      metrics: [{ name: hostile, better: 'higher' }],
      rows: [{ name: hostile, role: 'network', train: [NaN], test: null }],
    },
    predictions: {
      kind: 'classification',
      rowsFrom: 'test',
      classes: [hostile, 'b'],
      rows: [{ actual: hostile, predicted: 'b', probability: [0.2, 0.8] }],
    },
    importances: [
      { name: hostile, share: 1 },
      { name: '__proto__', share: 0 },
    ],
    surface: {
      x: { name: hostile, low: 0, high: 1 },
      y: { name: hostile, low: 0, high: 1 },
      columns: 2,
      rows: 2,
      held: [hostile],
      field: {
        kind: 'classification',
        classes: [hostile, 'b'],
        probability: [
          [1, 0, 1, 0],
          [0, 1, 0, 1],
        ],
      },
      points: [{ x: 0.5, y: 0.5, actual: hostile, isRight: false }],
      pointsFrom: 'test',
    },
    options: [{ name: hostile, value: hostile }],
    ...changes,
  };
}

describe('report as JSON', () => {
  it('comes back as the same page and the same text', () => {
    const back = reportFromJson(JSON.parse(jsonText(reportToJson(report()))));
    expect(renderReport(back)).toBe(renderReport(report()));
    expect(renderMarkdown(back)).toBe(renderMarkdown(report()));
  });

  it('may lack what a model file lacks', () => {
    const bare = report({ table: null, commandLine: '', scores: undefined, predictions: undefined });
    const back = reportFromJson(JSON.parse(jsonText(reportToJson(bare))));
    expect(renderReport(back)).toBe(renderReport(bare));
    expect(renderReport(back)).toContain('made from a model file');
    expect(renderReport(back)).not.toContain('How well it predicts');
  });

  it.each([
    ['a field of another type', { title: 3 }, /^report\.title: expected/],
    ['a grid that is too short', { surface: { ...report().surface!, columns: 3 } }, /grid/],
    ['an unknown field', { more: 1 }, /^report: expected/],
    ['no output', { outputs: [] }, /^report\.outputs: expected/],
  ])('refuses %s, naming it', (_, changes, message) => {
    const json = { ...reportToJson(report()), report: { ...report(), ...changes } };
    expect(() => reportFromJson(JSON.parse(JSON.stringify(json)))).toThrow(message);
  });

  it('refuses a newer version', () => {
    expect(() => reportFromJson({ ...reportToJson(report()), version: 2 })).toThrow(/at most 1, got 2/);
  });

  it('writes lists of numbers on one line, and the same data', () => {
    const data = { a: [1, -2.5e-7, null], b: ['[\n1,\n2\n]'], c: [[1], []], d: { e: [1, 'x'] } };
    expect(JSON.parse(jsonText(data))).toEqual(data);
    expect(jsonText(data)).toContain('"a": [1,-2.5e-7,null]');
  });
});

describe('report as Markdown', () => {
  const text = renderMarkdown(report());

  it('shows text from outside as text', () => {
    expect(text).not.toMatch(/<script|\]\(https|[^\\]!\[|[^\\]`code/);
    expect(text.match(/^# /gm)).toHaveLength(1);
    expect(text).not.toMatch(/NaN|Infinity|undefined|\[object/);
  });

  it('has tables with as many cells in each row as in the header', () => {
    const cells = (line: string): number => line.replaceAll('\\|', '').split('|').length;
    const tables = text.split('\n\n').filter((part) => part.startsWith('|'));
    expect(tables.length).toBeGreaterThanOrEqual(5);
    for (const table of tables) {
      const lines = table.split('\n');
      for (const line of lines) expect(cells(line)).toBe(cells(lines[0]!));
    }
  });

  it('fences code that holds fences', () => {
    expect(markdownCode('```')).toBe('````\n```\n````');
    expect(escapeMarkdown('a_b|c\nd')).toBe('a\\_b\\|c d');
    expect(markdownTable(['a'], [['x|y']], () => true)).toBe('| a |\n| ---: |\n| x\\|y |');
  });
});
