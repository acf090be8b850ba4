import type { Experiment } from './experiment.js';
import { images } from './images/experiment.js';
import { lowRank } from './low-rank/experiment.js';
import { polynomial } from './polynomial/experiment.js';
import { resnet } from './resnet/experiment.js';
import { sgdVsConvex } from './sgd-vs-convex/experiment.js';
import { sparsity } from './sparsity/experiment.js';
import { spiralExperiment } from './spiral/experiment.js';
import { uci } from './uci/experiment.js';

/** All experiments, in the order of the gallery. */
export const experiments: readonly Experiment[] = [
  spiralExperiment,
  sgdVsConvex,
  uci,
  lowRank,
  polynomial,
  sparsity,
  images,
  resnet,
];
