import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Experiment } from '../../reproduce/experiment.js';
import { runExperiment, type ExperimentResult } from '../../reproduce/run-experiment.js';
import { inlineExecutor } from '../../src/executor/inline-executor.js';

/** Runs the quick mode of an experiment, and expects every claim of theory to hold and every figure to be whole. */
export async function quickRun(experiment: Experiment): Promise<ExperimentResult> {
  const result = await runExperiment(experiment, 'quick', {
    signal: new AbortController().signal,
    executor: inlineExecutor,
    steps: {},
    readText: (path) => readFile(join('data', path), 'utf8'),
    readBytes: (path) => readFile(join('data', path)).catch(() => null),
    onProgress: () => undefined,
    onStage: () => undefined,
    onStep: () => undefined,
  });
  const { outcome, files } = result;
  expect(outcome.checks.length).toBeGreaterThan(0);
  expect(outcome.checks.filter(({ holds }) => !holds)).toEqual([]);
  expect(outcome.setUp.length).toBeGreaterThan(0);
  for (const { name, svg } of outcome.figures) {
    expect(svg, name).toMatch(/^<svg [^>]*role="img" aria-label="[^"]{20,}"/);
    expect(svg, name).toContain('prefers-color-scheme: dark');
    expect(svg, name).not.toMatch(/NaN|undefined|Infinity/);
  }
  // What is saved is what was found: nothing is lost on the way through JSON.
  const saved = JSON.parse(files.find(({ name }) => name === 'result.json')?.text ?? '') as {
    numbers: unknown;
  };
  expect(saved.numbers).toEqual(outcome.numbers);
  return result;
}
