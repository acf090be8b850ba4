import { describe, expect, it } from 'vitest';

import {
  certificateSentences,
  certificateVerdict,
  networkObjectiveSentence,
  scopeSentence,
  weakestOutput,
} from './certificate-words.js';
import type { ModelSummary, OutputSummary, ScoreSummary } from './report-input.js';
import { bestRow, scoreSentences } from './score-words.js';

const model: ModelSummary = {
  depth: 2,
  widths: [],
  formulation: 'relu',
  lossName: 'squared',
  beta: 1,
  betaMax: 10,
  betaChoice: 'given',
  subNetworks: 3,
  groupsTotal: 40,
};

function output(objective: number, dualBound: number, changes: Partial<OutputSummary> = {}): OutputSummary {
  return {
    label: 'y',
    objective,
    dualBound,
    gap: objective - dualBound,
    relativeGap: (objective - dualBound) / Math.abs(objective),
    tolerance: 1e-3,
    scope: 'given-arrangements',
    networkObjective: objective,
    status: 'optimal',
    iterations: 1,
    seconds: 1,
    history: [],
    groupNorms: [],
    ...changes,
  };
}

const words = (certified: OutputSummary, of = model): string => certificateSentences(certified, of).join(' ');

describe('certificate in words', () => {
  it('trusts the numbers, not the status', () => {
    expect(certificateVerdict(output(10, 9.995))).toBe('within-tolerance');
    expect(certificateVerdict(output(10, 9))).toBe('above-tolerance');
    expect(certificateVerdict(output(10, 10 + 1e-12))).toBe('within-tolerance');
    expect(certificateVerdict(output(10, 10.1))).toBe('invalid');
    expect(certificateVerdict(output(10, 9.999, { networkObjective: 9.9 }))).toBe('invalid');
    expect(certificateVerdict(output(10, -Infinity))).toBe('none');
  });

  it('states the claim and its limit', () => {
    const text = words(output(10, 9, { status: 'time-limit' }));
    expect(text).toContain('No network on these activation patterns can have an objective below 9.000.');
    expect(text).toContain('within 10\u00a0%');
    expect(text).toContain('does not meet');
    expect(text).toContain('time-limit');
  });

  it('names what the bound covers, by scope and formulation', () => {
    const gated: ModelSummary = { ...model, formulation: 'gated' };
    expect(words(output(10, 9.999, { scope: 'all-arrangements' }))).toContain('whatever its weights');
    expect(words(output(10, 9.999), gated)).toContain('No gated network on these gates');
    expect(scopeSentence(output(10, 9.999), gated)).toContain('not a claim about all arrangements');
    for (const formulation of ['relu', 'gated'] as const) {
      const given = output(10, 9.999);
      expect(
        words(given, { ...model, formulation }) + scopeSentence(given, { ...model, formulation }),
      ).not.toMatch(/global|every network of this form/);
    }
  });

  it('reports the exported network on its own', () => {
    expect(networkObjectiveSentence(output(10, 9.99), model)).toContain('the same');
    expect(
      networkObjectiveSentence(output(10, 9.99, { networkObjective: 11 }), {
        ...model,
        formulation: 'gated',
      }),
    ).toContain('gated program');
    expect(words(output(10, 9.99, { networkObjective: 9 }))).toContain('do not rely');
  });

  it('leads with the weakest certificate', () => {
    const outputs = [output(10, 9.9), output(10, 9), output(10, 9.5)];
    expect(weakestOutput(outputs)).toBe(outputs[1]);
    const broken = output(10, 11);
    expect(weakestOutput([...outputs, output(10, -Infinity), broken])).toBe(broken);
    expect(weakestOutput([])).toBeUndefined();
  });
});

describe('scores in words', () => {
  const scores: ScoreSummary = {
    metrics: [{ name: 'RMSE', better: 'lower' }],
    rows: [
      { name: 'relucent network', role: 'network', train: [1], test: [2] },
      { name: 'linear model', role: 'yardstick', train: [3], test: [1.5] },
      { name: 'constant predictor', role: 'yardstick', train: [4], test: [2] },
    ],
  };

  it('says plainly who is ahead on the test rows', () => {
    const [linear, constant] = scoreSentences(scores);
    expect(linear).toEqual({
      text: 'On the test rows the linear model beats the network: RMSE 2.0000 against 1.5000.',
      isBehind: true,
    });
    expect(constant!.text).toContain('ties with');
  });

  it('marks one best row, and none for a tie', () => {
    expect(bestRow(scores, 0, 'test')).toBe(1);
    expect(
      bestRow({ ...scores, rows: scores.rows.map((row) => ({ ...row, test: [7] })) }, 0, 'test'),
    ).toBeNull();
  });
});
