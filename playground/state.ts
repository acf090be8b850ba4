import type { LossName } from '../src/loss/index.js';

/** Names of the built-in sets: two classes in the plane, or a number against one input. */
export const planeSets = ['spiral', 'moons', 'circles', 'xor', 'gaussians'] as const;
export const lineSets = ['sine', 'steps', 'hinge'] as const;
export type DataSetName = (typeof planeSets)[number] | (typeof lineSets)[number];

/** What is learnt: two classes in the plane, or a number from one input. */
export type Task = 'classes' | 'number';

/** A point as drawn. Classes: x, y are the inputs, label −1 or +1. Number: x is the input, y the target, label 0. */
export interface DataPoint {
  readonly x: number;
  readonly y: number;
  readonly label: -1 | 0 | 1;
}

/** Where the points come from: made from sliders, or drawn, dragged, pasted. */
export type DataState =
  | {
      readonly kind: 'made';
      readonly set: DataSetName;
      readonly n: number;
      readonly noise: number;
      readonly seed: number;
    }
  | { readonly kind: 'own'; readonly task: Task; readonly points: readonly DataPoint[] };

export interface ModelState {
  /** Layers, 2 to 4. */
  readonly depth: 2 | 3 | 4;
  /** [m₁ … m_{L−2}] as in a problem of `solve`: depth − 2 entries. */
  readonly widths: readonly number[];
  readonly formulation: 'relu' | 'gated';
  /** Classes: logistic, squared-hinge, squared. Number: squared, huber, absolute. */
  readonly loss: Exclude<LossName, 'softmax'>;
  /** Every activation pattern that exists, or those of so many random sub-networks. Gated takes a sample only. */
  readonly patterns: 'all' | { readonly sample: number; readonly seed: number };
}

export interface RaceState {
  readonly optimiser: 'sgd' | 'adam';
  readonly rate: number;
  readonly seed: number;
  /** K sub-networks. */
  readonly subNetworks: number;
}

/** All that a link to the page holds: see `url.ts`. */
export interface PlaygroundState {
  readonly data: DataState;
  readonly model: ModelState;
  /** Which of the `pathLength` values of β is shown: 0 is β_max, where the zero network is optimal. */
  readonly betaIndex: number;
  readonly race: RaceState;
}

/** Values of β on the slider, from β_max down to `pathRatio`·β_max in equal ratios. */
export const pathLength = 31;
export const pathRatio = 1e-3;

/** β of a place on the slider. */
export function betaAt(betaMax: number, index: number): number {
  return betaMax * pathRatio ** (index / (pathLength - 1));
}

/** The inputs of the plane and of the line run over this range on every axis that is an input. */
export const domain = [-1.2, 1.2] as const;
