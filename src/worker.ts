/** What a worker of this library runs: started by the pool of src/executor, never imported. */
import { crossValidationFold } from './estimator/cross-validation-fold.js';
import { outputFit } from './estimator/output-fit.js';
import { serveTasks } from './executor/serve-tasks.js';
import { searchPart } from './pricing/search-part.js';

serveTasks([crossValidationFold, outputFit, searchPart]);
