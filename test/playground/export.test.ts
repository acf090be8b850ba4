import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readNetworkFile } from '../../src/certify/network-file.js';
import { parallelFromJson } from '../../src/network/architecture-json.js';
import { forward } from '../../src/network/network.js';
import { solve } from '../../src/problem/solve.js';
import { madePoints, taskOf } from '../../playground/data/made-sets.js';
import { ownPoint } from '../../playground/data/own-points.js';
import { problemInput } from '../../playground/engine/problem-input.js';
import { pathPoint } from '../../playground/engine/train-path.js';
import { exportedFile, exportForms, refusalOf } from '../../playground/export/exported-file.js';
import type { Exported } from '../../playground/export/model-files.js';
import type { DataSetName, ModelState } from '../../playground/state.js';
import { relucent, scratch } from '../cli/run-cli.js';
import { matrixFeed, runOnnx } from '../fixtures/run-onnx.js';

async function exported(set: DataSetName, model: ModelState): Promise<Exported> {
  const points = madePoints({ set, n: 16, noise: 0.1, seed: 2 }).map(ownPoint);
  const problem = { task: taskOf(set), points, model };
  const result = await solve(problemInput(problem, 0.05));
  return { problem, point: pathPoint(3, 0.05, result), betaMax: 9 };
}

const sample = { sample: 40, seed: 0 };
const cases: readonly [DataSetName, ModelState][] = [
  ['moons', { depth: 2, widths: [], formulation: 'relu', loss: 'logistic', patterns: 'all' }],
  ['xor', { depth: 3, widths: [2], formulation: 'relu', loss: 'squared-hinge', patterns: sample }],
  ['circles', { depth: 3, widths: [2], formulation: 'gated', loss: 'logistic', patterns: sample }],
  ['moons', { depth: 4, widths: [2, 2], formulation: 'relu', loss: 'squared', patterns: sample }],
  ['sine', { depth: 2, widths: [], formulation: 'relu', loss: 'huber', patterns: 'all' }],
];

describe.each(cases)('the network of %s, %o', (set, model) => {
  const made = exported(set, model);
  /** Rows that it was not trained on, and what the network says about them. */
  async function expected(): Promise<{ rows: number[][]; f: number[] }> {
    const { problem, point } = await made;
    const rows = [[0.3, -0.2], [-0.9, 0.4], [1, 1], [0, 0]].map((row) => row.slice(0, problem.task === 'classes' ? 2 : 1)); // prettier-ignore
    const X = Float64Array.from(rows.flatMap((row) => [...row, 1]));
    const d = (rows[0]?.length ?? 0) + 1;
    return { rows, f: [...forward(parallelFromJson(point.network), { X, n: rows.length, d })] };
  }

  it('is the same in every form', async () => {
    const own = await made;
    const { rows, f } = await expected();
    expect(f.some((value) => Math.abs(value) > 0.01)).toBe(true);
    const isClassifier = own.problem.task === 'classes' && model.loss === 'logistic';

    const onnx = await runOnnx((await exportedFile('onnx', own)).content as Uint8Array, matrixFeed(rows));
    if (isClassifier) {
      expect(onnx['label']?.data).toEqual(f.map((value) => (value > 0 ? 1 : -1)));
      f.forEach((value, i) => {
        expect(Number(onnx['probabilities']?.data[2 * i + 1])).toBeCloseTo(1 / (1 + Math.exp(-value)), 10);
      });
    } else {
      f.forEach((value, i) => {
        expect(Number(onnx['prediction']?.data[i])).toBeCloseTo(value, 10);
      });
    }

    const folder = scratch();
    const path = join(folder, 'network.mjs');
    writeFileSync(path, (await exportedFile('js', own)).content);
    const module = (await import(path)) as {
      predict: (row: readonly number[]) => number;
      predictProba?: (row: readonly number[]) => number[];
    };
    rows.forEach((row, i) => {
      const value = f[i] ?? 0;
      if (!isClassifier) expect(module.predict(row)).toBeCloseTo(value, 10);
      else {
        expect(module.predict(row)).toBe(value > 0 ? 1 : -1);
        expect(module.predictProba?.(row)[1]).toBeCloseTo(1 / (1 + Math.exp(-value)), 10);
      }
    });

    for (const form of ['parallel', 'mlp'] as const) {
      if (refusalOf(form, own.problem) !== null) {
        await expect(exportedFile(form, own)).rejects.toThrow(/expected/);
        continue;
      }
      const { network } = readNetworkFile(JSON.parse((await exportedFile(form, own)).content as string));
      const X = Float64Array.from(rows.flatMap((row) => [...row, 1]));
      const again = forward(network, { X, n: rows.length, d: (rows[0]?.length ?? 0) + 1 });
      f.forEach((value, i) => {
        expect(again[i]).toBeCloseTo(value, 10);
      });
    }
  });

  it('has no form that is left out or refused without a reason', async () => {
    const own = await made;
    const gated = exportForms.filter((form) => refusalOf(form, own.problem) !== null);
    expect(gated).toEqual(model.formulation === 'gated' ? ['mlp'] : []);
  });
});

it('relucent certify reads the network and the data, and proves the same optimum', async () => {
  const own = await exported('moons', { depth: 2, widths: [], formulation: 'relu', loss: 'logistic', patterns: 'all' }); // prettier-ignore
  const files = scratch({
    'network.json': (await exportedFile('parallel', own)).content,
    'data.csv': (await exportedFile('csv', own)).content,
  });
  const { code, stdout, stderr } = await relucent(['certify', 'network.json', 'data.csv', '--json'], {
    cwd: files,
  });
  expect({ code, stderr: stderr.includes('expected') }).toEqual({ code: 0, stderr: false });
  const said = JSON.parse(stdout) as { objective: number; dualBound: number };
  expect(said.objective).toBeCloseTo(own.point.networkObjective, 9);
  expect(Math.abs(said.dualBound - own.point.objective)).toBeLessThan(1e-5 * own.point.objective);
});
