/**
 * The benches; what each does and its options stand at the top of its file.
 *
 *   npm run bench                     solve times of the cases, see solve-times.ts
 *   npm run bench -- breast           the cases whose name contains "breast"
 *   npm run bench -- arrangements     enumeration of cells, see arrangements.ts
 *   npm run bench -- global           global optima over all arrangements, see global.ts
 *   npm run bench -- executor         folds and searches on threads, see executor.ts
 *   npm run bench -- kernels          GFLOP/s of the dense loops, see kernels.ts (--threads N)
 *   npm run bench -- peers            against other solvers in the same run, see peers.ts
 *   npm run bench -- scaling          growth with patterns, rows and columns, see scaling.ts
 *   npm run bench -- path             regularisation paths of 100 values, see path.ts
 *   npm run bench -- images           ten classes of images, see images.ts
 *   npm run bench -- tables           reading large tables, see tables.ts (--megabytes N)
 *   npm run bench -- scores           test scores on tables against other models, see scores.ts (--data DIR)
 *   npm run bench -- profile NAME     where the time goes, see profile.ts
 *
 * Correctness first: a run that misses its tolerance is printed as such and makes the exit code 1.
 */
import { benchArrangements } from './arrangements.js';
import { benchExecutor } from './executor.js';
import { benchGlobal } from './global.js';
import { benchImages } from './images.js';
import { benchKernels } from './kernels.js';
import { benchPath } from './path.js';
import { benchPeers } from './peers.js';
import { benchProfile } from './profile.js';
import { benchScaling } from './scaling.js';
import { benchScores } from './scores.js';
import { benchTables } from './tables.js';
import { benchSolveTimes } from './solve-times.js';

const benches: Readonly<Partial<Record<string, (args: readonly string[]) => Promise<void>>>> = {
  arrangements: benchArrangements,
  executor: benchExecutor,
  global: benchGlobal,
  images: benchImages,
  kernels: benchKernels,
  path: benchPath,
  peers: benchPeers,
  profile: benchProfile,
  scaling: benchScaling,
  scores: benchScores,
  tables: benchTables,
};

const [name = '', ...rest] = process.argv.slice(2);
const chosen = benches[name];
await (chosen ? chosen(rest) : benchSolveTimes(process.argv.slice(2)));
