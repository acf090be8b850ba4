import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kernelColumns, kernelData } from '../../../test/fixtures/kernels.js';
import { fixed, normals } from '../../../test/fixtures/random-program.js';
import { availableKernel } from '../choose-kernel.js';
import { WorkspaceMemory } from './workspace-memory.js';

const SHAPE = { n: 40, d: 3, count: 4, outputs: 2, single: false, seed: 1 };
const kernel = availableKernel({ kernel: 'wasm' });

describe('a workspace in WebAssembly memory', () => {
  it('throws whatever is called after it was disposed of', () => {
    const workspace = kernel.workspace(kernelData(SHAPE));
    const H = workspace.symmetric(3);
    workspace.dispose();
    const columns = kernelColumns(SHAPE);
    const gone = /^workspace: expected one that is in use, got one that was disposed of; make a new one$/;
    expect(() => {
      workspace.addForward(new Float64Array(80), columns, normals(12, 1));
    }).toThrow(gone);
    expect(() => {
      workspace.adjointInto(new Float64Array(12), columns, normals(80, 1));
    }).toThrow(gone);
    expect(() => {
      workspace.imagesInto(new Float64Array(160), columns, normals(12, 1));
    }).toThrow(gone);
    expect(() => {
      workspace.signedProductInto(new Float64Array(40), new Uint32Array(2), normals(3, 1));
    }).toThrow(gone);
    expect(() => workspace.symmetric(2)).toThrow(gone);
    expect(() => {
      H.clear();
    }).toThrow(gone);
    expect(() => H.factor()).toThrow(gone);
    workspace.dispose();
  });

  it('throws where a symmetric matrix is used that a later one replaced', () => {
    const workspace = kernel.workspace(kernelData(SHAPE));
    const first = workspace.symmetric(3);
    const second = workspace.symmetric(4);
    expect(() => {
      first.clear();
    }).toThrow(/^symmetric: .* was replaced by a later one/);
    second.clear();
  });

  it('names the argument that does not fit, and what would', () => {
    const data = kernelData(SHAPE);
    const workspace = kernel.workspace(data);
    const columns = kernelColumns(SHAPE);
    const [out, z, v] = [new Float64Array(80), normals(12, 1), normals(80, 2)];
    const short =
      (columns_: Partial<typeof columns>): (() => void) =>
      () => {
        workspace.addForward(out, { ...columns, ...columns_ }, z);
      };
    expect(() => kernel.workspace({ ...data, n: 41 })).toThrow(/^X: expected at least 123 numbers, got 120/);
    expect(short({ scales: z.subarray(0, 3) })).toThrow(
      /^columns\.scales: expected at least 4 numbers, got 3/,
    );
    expect(short({ outputs: new Int32Array(3) })).toThrow(/^columns\.outputs: expected at least 4/);
    expect(short({ outputs: Int32Array.of(0, 1, -1, 0) })).toThrow(/^columns\.outputs\[2\]: .* got -1/);
    expect(short({ outputs: Int32Array.of(0, 1, 2, 0) })).toThrow(
      /^out: expected at least 120 numbers, got 80/,
    );
    expect(short({ masks: [...columns.masks.slice(1), new Uint32Array(1)] })).toThrow(
      /^columns\.masks\[3\]: /,
    );
    expect(() => {
      workspace.addForward(out, columns, z.subarray(1));
    }).toThrow(/^z: expected at least 12/);
    expect(() => {
      workspace.adjointInto(out, columns, v.subarray(1));
    }).toThrow(/^v: expected at least 80/);
    expect(() => {
      workspace.imagesInto(out, columns, z);
    }).toThrow(/^out: expected at least 160/);
    const H = workspace.symmetric(39);
    expect(() => {
      H.addMaskedGram([], normals(0, 1));
    }).toThrow(/^order: expected a matrix of order n = 40, got 39/);
    expect(() => {
      H.addProduct({ row: 30, column: 0, rows: 10, columns: 1 }, v, v, 1, 1);
    }).toThrow(/^at: .*order 39/);
    expect(() => {
      H.solve(v.subarray(0, 38));
    }).toThrow(/^b: expected at least 39 numbers, got 38/);
    const square = workspace.symmetric(40);
    expect(() => {
      square.addMaskedGram(columns.masks.slice(0, 1), Float64Array.of(-1));
    }).toThrow(/^weights\[0\]: .*≥ 0, got -1/);
  });

  it('says what does not fit in 4 GiB, and works on afterwards', () => {
    const workspace = kernel.workspace(kernelData(SHAPE));
    expect(() => workspace.symmetric(33_000)).toThrow(
      /^symmetric matrix of order 33000: .*WebAssembly memory \(4 GiB.* needs 4\.0\d GiB; solve/,
    );
    const H = workspace.symmetric(5);
    H.scaleAndShift(new Float64Array(5), 1);
    expect(H.factor()).toBe(-1);
  });
});

describe('the allocator', () => {
  it('never hands out a byte twice, and takes back what is released', () => {
    const steps = fc.array(fc.record({ bytes: fc.nat(5_000), release: fc.nat(9) }), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (all) => {
        const memory = new WorkspaceMemory(new WebAssembly.Memory({ initial: 1 }));
        const first = memory.allocate(1, 'a', 'b');
        const held: { address: number; bytes: number }[] = [];
        for (const { bytes, release } of all) {
          const address = memory.allocate(bytes, 'a', 'b');
          expect(address % 64).toBe(0);
          expect(address + bytes).toBeLessThanOrEqual(memory.u8.length);
          for (const other of held) {
            expect(address + bytes <= other.address || other.address + other.bytes <= address).toBe(true);
          }
          held.push({ address, bytes });
          const dropped = held.splice(release, 1)[0];
          if (dropped) memory.release(dropped.address);
        }
        for (const { address } of held) memory.release(address);
        expect(memory.allocate(1_000_000, 'a', 'b')).toBe(first + 64);
      }),
      fixed(100),
    );
  });

  it('refuses to release what it did not give', () => {
    expect(() => {
      new WorkspaceMemory(new WebAssembly.Memory({ initial: 1 })).release(64);
    }).toThrow(RangeError);
  });
});
