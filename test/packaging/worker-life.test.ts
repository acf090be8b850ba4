import { execFile } from 'node:child_process';
import { describe, expect, it } from 'vitest';

/** Runs a module given as text in a process of its own; what it printed, or how it ended. */
function run(script: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const args = ['--input-type=module', '--eval', script];
    execFile(process.execPath, args, { timeout: 30_000 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${error.message}\n${stderr}`));
      else resolve(stdout);
    });
  });
}

const problem = '{ X: [[1, 2], [2, -1], [-1, 1]], y: [1, 2, 3], beta: 0.1, patterns: "all" }';

describe('a process with workers', () => {
  it('lives until their work is done, and ends though nobody closes them', async () => {
    const script = `
      import { openExecutor, solve, solveAll } from './dist/src/index.js';
      const problem = ${problem};
      const results = await solveAll([problem, problem], { executor: openExecutor(2) });
      const alone = await solve(problem);
      console.log(results.map(({ objective }) => objective === alone.objective).join());
    `;
    expect(await run(script)).toBe('true,true\n');
  });

  it('ends at once when they were aborted', async () => {
    const script = `
      import { openExecutor, solveAll } from './dist/src/index.js';
      const controller = new AbortController();
      const problem = { ...${problem}, maxIterations: 100 };
      const run = solveAll(Array(1000).fill(problem), {
        executor: openExecutor(2),
        signal: controller.signal,
        onProgress: () => controller.abort('enough'),
      });
      console.log(await run.catch((reason) => reason));
    `;
    expect(await run(script)).toBe('enough\n');
  });
});
