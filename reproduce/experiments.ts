import type { Experiment } from './experiment.js';
import { lowRank } from './low-rank/experiment.js';
import { polynomial } from './polynomial/experiment.js';
import { sgdVsConvex } from './sgd-vs-convex/experiment.js';

/** All experiments, in the order of the gallery. */
export const experiments: readonly Experiment[] = [sgdVsConvex, lowRank, polynomial];
