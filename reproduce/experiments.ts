import type { Experiment } from './experiment.js';
import { sgdVsConvex } from './sgd-vs-convex/experiment.js';
import { sparsity } from './sparsity/experiment.js';

/** All experiments, in the order of the gallery. */
export const experiments: readonly Experiment[] = [sgdVsConvex, sparsity];
