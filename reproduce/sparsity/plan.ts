import type { Lab, Mode } from '../experiment.js';
import type { Training } from './beta-grid.js';
import { carSetting, normalSetting, type Setting } from './data.js';
import type { TeacherKind } from './teacher.js';

/** Sizes of one mode. */
export interface Plan {
  readonly settings: readonly {
    readonly of: (lab: Lab) => Promise<Setting>;
    /** β / β_max, from 1 down. */
    readonly ratios: readonly number[];
    readonly training: Training;
  }[];
  readonly kinds: readonly TeacherKind[];
  readonly sizes: readonly number[];
  readonly trials: number;
  /** Teachers that Adam looks for too. */
  readonly descent: {
    readonly kind: string;
    readonly sizes: readonly number[];
    readonly trials: number;
    readonly training: Training;
  };
}

const clean = { noise: 0, ratio: 1e-4, within: 0.01 } as const;

const single2: TeacherKind = { name: 'd = 2, 1 neuron', depth: 2, d: 2, subNetworks: 1, ...clean };
const double3: TeacherKind = { name: 'd = 3, 2 neurons', depth: 2, d: 3, subNetworks: 2, ...clean };
const deep: TeacherKind = { name: 'three layers', depth: 3, d: 2, subNetworks: 1, ...clean };

export const plans: Record<Mode, Plan> = {
  quick: {
    settings: [
      {
        of: () => Promise.resolve(normalSetting(6)),
        ratios: [1, 0.1, 0.01],
        training: { subNetworks: 10, seeds: 3, iterations: 200, rates: [0.03] },
      },
    ],
    kinds: [single2, deep],
    sizes: [4, 32],
    trials: 4,
    descent: {
      kind: single2.name,
      sizes: [32],
      trials: 2,
      training: { subNetworks: 5, seeds: 3, iterations: 200, rates: [0.03] },
    },
  },
  full: {
    settings: [
      {
        of: () => Promise.resolve(normalSetting(12)),
        ratios: Array.from({ length: 10 }, (_, k) => 10 ** (-k / 3)),
        training: { subNetworks: 30, seeds: 10, iterations: 2000, rates: [0.01, 0.03] },
      },
      {
        of: carSetting,
        ratios: Array.from({ length: 5 }, (_, k) => 10 ** (-k / 2)),
        training: { subNetworks: 30, seeds: 5, iterations: 1000, rates: [0.01, 0.03] },
      },
    ],
    kinds: [
      single2,
      { ...single2, name: 'd = 2, 2 neurons', subNetworks: 2 },
      { ...single2, name: 'd = 2, 3 neurons', subNetworks: 3 },
      double3,
      { ...double3, name: 'd = 3, 3 neurons', subNetworks: 3 },
      deep,
      { ...double3, name: 'd = 3, 2 neurons, noise', noise: 0.05, ratio: 1e-2, within: 0.05 },
    ],
    sizes: [4, 6, 8, 12, 16, 24, 32, 48, 64],
    trials: 16,
    descent: {
      kind: double3.name,
      sizes: [8, 16, 64],
      trials: 6,
      training: { subNetworks: 10, seeds: 5, iterations: 2500, rates: [0.01, 0.03] },
    },
  },
};
