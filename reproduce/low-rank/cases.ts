import type { Mode } from '../experiment.js';
import { fromTable, synthetic, type Case, type TableCase } from './data.js';

/** What each mode solves: problems, and β as shares of β_max. */
export interface Plan {
  readonly cases: readonly Case[];
  readonly shares: readonly number[];
}

export const plans: Readonly<Record<Mode, Plan>> = {
  quick: {
    shares: [0.3, 0.1],
    cases: [
      syntheticCase(24, 3),
      tableCase('auto-mpg', 'squared', {
        file: 'auto-mpg.csv',
        target: 'mpg',
        inputs: ['weight', 'horsepower'],
      }),
      tableCase('breast cancer', 'logistic', {
        file: 'breast-cancer.csv',
        target: 'diagnosis',
        inputs: ['mean_radius', 'mean_texture'],
      }),
      deepCase(8, 2),
    ],
  },
  full: {
    shares: [0.3, 0.1, 0.03],
    cases: [
      syntheticCase(60, 5),
      tableCase('auto-mpg', 'squared', {
        file: 'auto-mpg.csv',
        target: 'mpg',
        inputs: ['displacement', 'horsepower', 'weight', 'acceleration'],
      }),
      tableCase('breast cancer', 'logistic', {
        file: 'breast-cancer.csv',
        target: 'diagnosis',
        inputs: ['mean_radius', 'mean_texture', 'mean_smoothness', 'mean_concave_points'],
      }),
      deepCase(20, 3),
    ],
  },
};

function syntheticCase(n: number, d: number): Case {
  return {
    name: 'synthetic',
    title: 'synthetic, two layers',
    loss: 'absolute',
    depth: 2,
    widths: [],
    score: 'R²',
    about: `n = ${n} rows of d = ${d} independent normal columns with standard deviations 1, 0.4, 0.16 … (seed 1); target: three ReLU neurons plus noise of standard deviation 0.2`,
    load: () => Promise.resolve(synthetic({ n, d, decay: 0.4, seed: 1 })),
  };
}

function deepCase(n: number, d: number): Case {
  return {
    name: 'deep',
    title: 'synthetic, three layers',
    loss: 'absolute',
    depth: 3,
    widths: [2],
    score: 'R²',
    about: `n = ${n} rows of d = ${d} columns made in the same way (seed 2), sub-networks of three layers with m₁ = 2 first-layer neurons`,
    load: () => Promise.resolve(synthetic({ n, d, decay: 0.4, seed: 2 })),
  };
}

function tableCase(name: string, loss: 'squared' | 'logistic', table: TableCase): Case {
  return {
    name,
    title: name,
    loss,
    depth: 2,
    widths: [],
    score: loss === 'squared' ? 'R²' : 'accuracy',
    about: `${table.inputs.join(', ')} of data/${table.file} and a bias, target ${table.target}; columns${loss === 'squared' ? ' and target' : ''} standardised on the training rows, 30 % of the rows held out (seed 0)`,
    load: (lab) => fromTable(lab, table),
  };
}
