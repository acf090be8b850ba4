/**
 * What a worker of this library runs: started by the pool of src/executor, never imported. A task is loaded when it is first
 * asked for.
 */
import { serveTasks } from './executor/serve-tasks.js';

serveTasks({
  'cross-validation-fold': async () =>
    (await import('./estimator/cross-validation-fold.js')).crossValidationFold,
  'out-of-fold': async () => (await import('./estimator/out-of-fold.js')).outOfFold,
  'output-fit': async () => (await import('./estimator/output-fit.js')).outputFit,
  'path-part': async () => (await import('./training/path-part.js')).pathPart,
  'search-part': async () => (await import('./pricing/search-part.js')).searchPart,
  solve: async () => (await import('./problem/solve-all.js')).solveOne,
});
