import type { Experiment } from './experiment.js';
import { sgdVsConvex } from './sgd-vs-convex/experiment.js';
import { images } from './images/experiment.js';
import { uci } from './uci/experiment.js';

/** All experiments, in the order of the gallery. */
export const experiments: readonly Experiment[] = [sgdVsConvex, uci, images];
