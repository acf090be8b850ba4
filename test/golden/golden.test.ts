import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ProblemInput } from '../../src/problem/problem-input.js';
import { solve } from '../../src/problem/solve.js';
import { expectClose } from '../fixtures/close.js';
import { GOLDEN_ALL, GOLDEN_DEEP_GAP, GOLDEN_GAP, GOLDEN_OBJECTIVE, GOLDEN_RELU_GAP, ROUNDED_DATA, WEAK_DUALITY } from '../tolerances.js';

interface Optimum {
  readonly objective: number;
  readonly dualBound: number;
  readonly activeGroups?: number;
}

interface Golden {
  readonly problem: ProblemInput;
  readonly expected: Optimum & { readonly relu?: Optimum; readonly patterns?: number };
}

function golden(name: string): Golden {
  return JSON.parse(readFileSync(new URL(`${name}.json`, import.meta.url), 'utf8')) as Golden;
}

describe.each(['gated2-n60d4P20', 'gated2-n150d8P60'])('%s', (name) => {
  const { problem, expected } = golden(name);

  it('has the optimum of the reference, certified', async () => {
    const result = await solve({ ...problem, tolerance: GOLDEN_GAP });
    expect(result.status).toBe('optimal');
    expect(result.relativeGap).toBeLessThanOrEqual(GOLDEN_GAP);
    expectClose([result.objective], [expected.objective], GOLDEN_OBJECTIVE);
    expect(result.dualBound).toBeLessThanOrEqual(expected.objective * (1 + WEAK_DUALITY));
    expect(result.objective).toBeGreaterThanOrEqual(expected.dualBound * (1 - WEAK_DUALITY));
    expectClose([result.networkObjective], [result.objective], GOLDEN_OBJECTIVE);
    expect(result.certificate.scope).toBe('given-arrangements');
    expect(result.certificate.patternsPriced).toBe(result.certificate.patternsTotal);
  });

  it('is certified and reconstructed in the ReLU formulation on the same gates', async () => {
    const result = await solve({ ...problem, formulation: 'relu', tolerance: GOLDEN_RELU_GAP });
    expect(result.status).toBe('optimal');
    expect(result.relativeGap).toBeLessThanOrEqual(GOLDEN_RELU_GAP);
    expectClose([result.networkObjective], [result.objective], GOLDEN_OBJECTIVE);
    expect(result.objective).toBeGreaterThanOrEqual(expected.dualBound); // gated is a relaxation
  });
});

describe.each([
  { name: 'relu2-all-n12d2', tolerance: GOLDEN_GAP },
  { name: 'relu2-all-n14d3', tolerance: GOLDEN_GAP },
  { name: 'relu2-all-n20d2', tolerance: GOLDEN_GAP },
  { name: 'relu2-exact-T1', tolerance: GOLDEN_GAP },
  { name: 'relu3-all-n5d2m2', tolerance: GOLDEN_DEEP_GAP },
])('$name', ({ name, tolerance }) => {
  it('has the optimum of the reference over all arrangements, certified', async () => {
    const { problem, expected } = golden(name);
    const result = await solve({ ...problem, tolerance });
    expect(result.status).toBe('optimal');
    expect(result.relativeGap).toBeLessThanOrEqual(tolerance);
    expectClose([result.objective], [expected.objective], GOLDEN_ALL);
    expectClose([result.networkObjective], [result.objective], GOLDEN_OBJECTIVE);
    const { scope, patternsTotal, patternsTotalExact, patternsHeld } = result.certificate;
    expect(scope).toBe('all-arrangements');
    expect(patternsHeld).toBeLessThanOrEqual(patternsTotal);
    if (expected.patterns === undefined) return;
    expect(patternsTotalExact).toBe(true);
    expect(patternsTotal).toBe(expected.patterns);
  });
});

describe('P1', () => {
  const { problem, expected } = golden('P1');

  it.each([
    { formulation: 'gated' as const, optimum: expected },
    { formulation: 'relu' as const, optimum: expected.relu! },
  ])(
    'has the optimum and the active groups of the reference: $formulation',
    async ({ formulation, optimum }) => {
      const result = await solve({ ...problem, formulation, tolerance: GOLDEN_RELU_GAP });
      expect(result.status).toBe('optimal');
      expectClose([result.objective], [optimum.objective], ROUNDED_DATA);
      expectClose([result.dualBound], [optimum.dualBound], ROUNDED_DATA);
      expect(result.activeGroups).toBe(optimum.activeGroups);
      expect(result.subNetworks).toBe(optimum.activeGroups);
      expectClose([result.networkObjective], [result.objective], GOLDEN_OBJECTIVE);
    },
  );
});
