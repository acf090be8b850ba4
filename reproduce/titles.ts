/** What each experiment is about, in one line, in the order of the gallery. */
export const titles = {
  spiral: 'Two-class spiral: weight decay and path regularisation',
  'sgd-vs-convex': 'Gradient descent against the certified optimum',
  uci: "The paper's UCI data sets",
  'low-rank': 'Rank-κ approximation against its bound',
  polynomial: 'Solve time against n and d at fixed rank',
  sparsity: 'Sparsity: active sub-networks against β, and planted networks found again',
  images: 'Images: certified gated networks and Adam',
  resnet: 'A residual network, certified',
} as const;

export type ExperimentName = keyof typeof titles;
export const experimentNames = Object.keys(titles) as readonly ExperimentName[];
