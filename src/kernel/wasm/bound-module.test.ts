import { describe, expect, it } from 'vitest';
import { kernelData } from '../../../test/fixtures/kernels.js';
import { normals } from '../../../test/fixtures/random-program.js';
import { availableKernel } from '../choose-kernel.js';
import { bindModule, giveBack } from './bound-module.js';

describe('a shared memory', () => {
  it('is taken over once it was given back, by the same build only, and never by two', () => {
    const first = bindModule('plain', true);
    giveBack(first);
    expect(bindModule('plain', false)).not.toBe(first);
    expect(bindModule('plain', true)).toBe(first);
    expect(bindModule('plain', true)).not.toBe(first);
  });

  it('shows nothing of the workspace that had it before', () => {
    const kernel = availableKernel({ kernel: 'wasm', threads: 2 });
    const large = kernelData({ n: 300, d: 20, count: 0, outputs: 1, single: false, seed: 1 });
    const before = kernel.workspace({ ...large, X: large.X.map(() => NaN) });
    const broken = before.symmetric(100);
    broken.addOuterProducts(normals(100, 2).fill(NaN), 1, 1);
    before.dispose();
    const data = kernelData({ n: 65, d: 7, count: 0, outputs: 1, single: false, seed: 3 });
    const results = [1, 2].map((threads) => {
      const workspace = availableKernel({ kernel: 'wasm', threads }).workspace(data);
      const columns = {
        masks: [Uint32Array.of(5, 9, 1)],
        scales: Float64Array.of(2),
        outputs: Int32Array.of(0),
      };
      const adjoint = new Float64Array(7);
      workspace.adjointInto(adjoint, columns, normals(65, 4));
      const H = workspace.symmetric(65);
      H.addMaskedGram(columns.masks, columns.scales);
      H.scaleAndShift(normals(65, 5), 9);
      H.factor();
      const b = normals(65, 6);
      H.solve(b);
      return [adjoint, b];
    });
    expect(results[1]).toEqual(results[0]);
    expect(results[0]?.flatMap((values) => [...values]).every(Number.isFinite)).toBe(true);
  });
});
