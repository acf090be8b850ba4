import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { kernelColumns, kernelData, randomMask } from '../../../test/fixtures/kernels.js';
import { normals } from '../../../test/fixtures/random-program.js';
import { availableKernel } from '../choose-kernel.js';
import type { DataMatrix, Workspace } from '../kernel.js';
import { compiledModule } from './compiled-modules.js';
import type { KernelExports } from './kernel-exports.js';
import { startTeamWorker, type StartWorker } from './team-worker.js';
import { Team, sharedTeam, type Region } from './team.js';

const SHAPE = { n: 1203, d: 61, count: 101, outputs: 2, single: false, seed: 5 };

/** Every operation, each large enough to be shared out; all results one after the other. */
function everything(workspace: Workspace, data: DataMatrix): Float64Array[] {
  const { n, d } = data;
  const columns = kernelColumns(SHAPE);
  const { count, outputs } = SHAPE;
  const forward = new Float64Array(outputs * n);
  workspace.addForward(forward, columns, normals(count * d, 1));
  const images = new Float64Array(count * n);
  workspace.imagesInto(images, columns, normals(count * d, 2));
  const adjoint = new Float64Array(count * d);
  workspace.adjointInto(adjoint, columns, normals(outputs * n, 3));
  const slacks = new Float64Array(n);
  workspace.signedProductInto(slacks, randomMask(n, 4), normals(d, 5));
  const H = workspace.symmetric(n);
  H.addOuterProducts(normals(n * 300, 6), 300, 0.5);
  H.addMaskedGram(columns.masks, Float64Array.from(columns.scales, Math.abs));
  H.addProduct(
    { row: 700, column: 5, rows: 400, columns: 500 },
    normals(400 * 30, 7),
    normals(500 * 30, 8),
    30,
    1,
  );
  H.scaleAndShift(normals(n, 9), 1e5);
  expect(H.factor()).toBe(-1);
  const solution = normals(n, 10);
  H.solve(solution);
  return [forward, images, adjoint, slacks, solution];
}

describe('a team of threads', () => {
  it.each([
    { threads: 2, single: false },
    { threads: 3, single: false },
    { threads: 3, single: true },
  ])(
    'gives the bits of one thread on $threads, float32 $single',
    async ({ threads, single }) => {
      const data = kernelData({ ...SHAPE, single });
      const expected = everything(availableKernel({ kernel: 'wasm' }).workspace(data), data);
      const workspace = availableKernel({ kernel: 'wasm', threads }).workspace(data);
      const before = sharedTeam().helped;
      // Workers start while the caller works alone: go on until they have done their share of several rounds.
      for (let round = 0; round < 200 && sharedTeam().helped < before + 200; round++) {
        everything(workspace, data).forEach((result, k) => {
          expect(result).toEqual(expected[k]);
        });
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      expect(sharedTeam().helped).toBeGreaterThanOrEqual(before + 200);
      workspace.dispose();
    },
    240_000,
  );

  it('goes on after a workspace was disposed of and another took its place', async () => {
    const data = kernelData(SHAPE);
    const expected = everything(availableKernel({ kernel: 'wasm' }).workspace(data), data);
    for (let time = 0; time < 5; time++) {
      const workspace = availableKernel({ kernel: 'wasm', threads: 2 }).workspace(data);
      expect(everything(workspace, data)).toEqual(expected);
      workspace.dispose();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }, 120_000);
});

describe('a team whose workers', () => {
  const CHUNKS = 40;

  /** A region that adds 1 to numbers in memory by way of `scaleAndShift`, scale 1: chunks of 48 rows of a diagonal. */
  function region(): { readonly region: Region; readonly diagonal: () => number[] } {
    const memory = new WebAssembly.Memory({ initial: 2_000, maximum: 65_536, shared: true });
    const module = compiledModule('plain', true);
    const instance = new WebAssembly.Instance(module, { env: { memory } });
    const exports = instance.exports as unknown as KernelExports;
    const order = CHUNKS * 48;
    const f64 = new Float64Array(memory.buffer);
    const [job, vector, h] = [4_096, 8_192, 65_536];
    f64[job / 8] = 1;
    new Uint32Array(memory.buffer).set([h, order, 0, 0, 0, CHUNKS, vector], job / 4 + 2);
    f64.fill(1, vector / 8, vector / 8 + order);
    const workspace = { id: 1, module, memory };
    const at = (i: number): number => {
      const panel = Math.floor(i / 12);
      const pair = h + 576 * panel * (panel + 1) + ((i % 12) >> 1) * 192 * (panel + 1);
      return f64[(pair + i * 16 + (i & 1) * 8) / 8]!;
    };
    return {
      region: {
        workspace,
        exports,
        name: 'scaleAndShift',
        job,
        chunks: CHUNKS,
        work: 1e7,
        members: 3,
        scratch: 0,
        scratchStride: 0,
      },
      diagonal: () => Array.from({ length: order }, (_, i) => at(i)),
    };
  }

  const silent = { post: () => undefined, stop: () => undefined };
  const failing: StartWorker = (onEnd) => {
    const worker = new Worker('throw new Error("no")', { eval: true });
    worker.on('error', onEnd);
    return {
      post: (message) => {
        worker.postMessage(message);
      },
      stop: () => void worker.terminate(),
    };
  };

  it.each<[string, StartWorker]>([
    [
      'cannot be started',
      () => {
        throw new Error('no threads');
      },
    ],
    ['do not exist', () => null],
    ['never answer', () => silent],
    ['fail at once', failing],
  ])('%s leaves no chunk undone', async (_, start) => {
    const team = new Team(start);
    const { region: own, diagonal } = region();
    for (let round = 1; round <= 20; round++) {
      team.run(own);
      expect(diagonal().every((value) => value === round)).toBe(true);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(team.helped).toBe(0);
  });

  it('hold on to more memory than they may are replaced', () => {
    const counts = { started: 0, stopped: 0 };
    const team = new Team(() => {
      counts.started++;
      return { ...silent, stop: () => counts.stopped++ };
    });
    for (const id of [1, 2]) {
      const { region: own } = region();
      const workspace = { ...own.workspace, id };
      team.run({ ...own, workspace });
      expect(counts).toEqual({ started: 2, stopped: 0 });
      team.detach(id);
    }
    expect(counts).toEqual({ started: 2, stopped: 2 });
    const { region: own, diagonal } = region();
    team.run(own);
    expect(counts).toEqual({ started: 4, stopped: 2 });
    expect(diagonal().every((value) => value === 1)).toBe(true);
  });

  it('stop in the middle of a region make it throw, and later ones be done without them', () => {
    let control: Int32Array | null = null;
    const stuck: StartWorker = () => ({
      ...silent,
      post: (message) => {
        // As a worker does on entering a region, which this one never leaves.
        ({ control } = (message as { start: { control: Int32Array } }).start);
        control[96 + 16] = 1;
      },
    });
    const team = new Team(stuck, 20);
    const { region: own, diagonal } = region();
    expect(() => {
      team.run({ ...own, members: 2 });
    }).toThrow(/worker thread did not finish.*threads: 1/);
    team.run({ ...own, members: 2 });
    expect(diagonal().every((value) => value === 2)).toBe(true);
  });

  it('fail inside a region make it throw', async () => {
    const team = new Team(startTeamWorker);
    const { region: own } = region();
    // Workers get another memory than the caller, in which the job's addresses lie outside.
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 65_536, shared: true });
    new Uint32Array(memory.buffer).set([2 ** 31, 4_800, 0, 0, 0, CHUNKS, 2 ** 31], 4_096 / 4 + 2);
    const broken = { ...own, workspace: { ...own.workspace, memory } };
    const rounds = async (): Promise<void> => {
      for (let round = 0; round < 2_000; round++) {
        team.run(broken);
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    };
    await expect(rounds()).rejects.toThrow(/worker thread failed.*threads: 1/);
    team.run(own);
  });
});
