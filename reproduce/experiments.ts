import type { Experiment } from './experiment.js';
import type { ExperimentName } from './titles.js';

/** Loaded when they are run: the command line starts with every verb, and what draws figures takes a while to load. */
const loaders: Readonly<Record<ExperimentName, () => Promise<Experiment>>> = {
  spiral: async () => (await import('./spiral/experiment.js')).spiralExperiment,
  'sgd-vs-convex': async () => (await import('./sgd-vs-convex/experiment.js')).sgdVsConvex,
  uci: async () => (await import('./uci/experiment.js')).uci,
  'low-rank': async () => (await import('./low-rank/experiment.js')).lowRank,
  polynomial: async () => (await import('./polynomial/experiment.js')).polynomial,
  sparsity: async () => (await import('./sparsity/experiment.js')).sparsity,
  images: async () => (await import('./images/experiment.js')).images,
  resnet: async () => (await import('./resnet/experiment.js')).resnet,
};

export function loadExperiment(name: ExperimentName): Promise<Experiment> {
  return loaders[name]();
}
