import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** A statement of numpy, and the statements that make its operands. */
export interface NumpyCase {
  readonly setup: string;
  readonly statement: string;
  readonly flops: number;
}

/** Fastest of the turns within a second of each statement, in seconds of processor time, or by the clock for threads. */
const SCRIPT = `
import json, sys, time
clock = time.process_time if sys.argv[2] == '1' else time.perf_counter
import numpy as np
normal = np.random.default_rng(0).standard_normal
def seconds(case):
    own = {'np': np, 'normal': lambda *shape: normal(shape)}
    exec(case['setup'], own)
    code = compile(case['statement'], 'case', 'eval')
    best, end, turns = float('inf'), time.perf_counter() + 1, 0
    while turns < 3 or time.perf_counter() < end:
        start = clock()
        eval(code, own)
        best = min(best, clock() - start)
        turns += 1
    return best
print(json.dumps([seconds(case) for case in json.loads(sys.argv[1])]))
`;

/** GFLOP/s of numpy on so many threads, or null where no python3 of this machine has it. */
export async function openblasGflops(
  cases: readonly NumpyCase[],
  threads: number,
): Promise<readonly number[] | null> {
  const python = await pythonWithNumpy();
  if (python === null) return null;
  const count = String(threads);
  const env = { ...process.env, OPENBLAS_NUM_THREADS: count, OMP_NUM_THREADS: count, MKL_NUM_THREADS: count };
  const { stdout } = await promisify(execFile)(python, ['-c', SCRIPT, JSON.stringify(cases), count], { env });
  const seconds = JSON.parse(stdout) as number[];
  return cases.map(({ flops }, place) => flops / (seconds[place] ?? NaN) / 1e9);
}

async function pythonWithNumpy(): Promise<string | null> {
  for (const python of ['python3', '/usr/bin/python3']) {
    try {
      await promisify(execFile)(python, ['-c', 'import numpy']);
      return python;
    } catch {
      // Absent, or without numpy: the next one may have it.
    }
  }
  return null;
}
