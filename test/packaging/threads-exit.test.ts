import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

/** Uses threads until they have helped, and then has nothing more to do. */
const PROGRAM = `
import { availableKernel } from './dist/src/kernel/choose-kernel.js';
import { sharedTeam } from './dist/src/kernel/wasm/team.js';
const [n, d, count] = [2000, 60, 100];
const workspace = availableKernel({ kernel: 'wasm', threads: 3 }).workspace({ X: new Float64Array(n * d).fill(1), n, d });
const columns = {
  masks: Array.from({ length: count }, () => new Uint32Array(Math.ceil(n / 32))),
  scales: new Float64Array(count),
  outputs: new Int32Array(count),
};
for (let round = 0; round < 2000 && sharedTeam().helped === 0; round++) {
  workspace.addForward(new Float64Array(n), columns, new Float64Array(count * d));
  await new Promise((resolve) => setTimeout(resolve, 1));
}
console.log(sharedTeam().helped > 0);
`;

describe('threads of the built library', () => {
  it('keep no process alive, asleep or not', async () => {
    const arguments_ = ['--input-type=module', '-e', PROGRAM];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, arguments_, { timeout: 50_000 });
    expect({ stdout, stderr }).toEqual({ stdout: 'true\n', stderr: '' });
  });
});
