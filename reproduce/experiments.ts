import type { Experiment } from './experiment.js';
import { resnet } from './resnet/experiment.js';
import { sgdVsConvex } from './sgd-vs-convex/experiment.js';
import { spiralExperiment } from './spiral/experiment.js';

/** All experiments, in the order of the gallery. */
export const experiments: readonly Experiment[] = [spiralExperiment, sgdVsConvex, resnet];
