import type { ParallelJson } from '../src/network/architecture-json.js';
import type { DataPoint, ModelState, RaceState, Task } from './state.js';

/** One training problem: points as they are, a bias column is appended by the engine. */
export interface PlaygroundProblem {
  readonly task: Task;
  readonly points: readonly DataPoint[];
  readonly model: ModelState;
}

/** What is known before any solve, in milliseconds: sizes that would take long say so first. */
export interface Forecast {
  /** Activation patterns that exist; `isExact` false: an upper bound. */
  readonly patterns: number;
  readonly isExact: boolean;
  /** Dimensions of the search over all arrangements: rank × first-layer units. */
  readonly dimensions: number;
  /** Rough seconds for the whole path. */
  readonly seconds: number;
  /** A sentence where it would take long or would not be proven; null: go ahead. */
  readonly warning: string | null;
}

/** One certified solution on the path. */
export interface PathPoint {
  readonly index: number;
  readonly beta: number;
  readonly objective: number;
  readonly dualBound: number;
  readonly relativeGap: number;
  readonly networkObjective: number;
  readonly status: 'optimal' | 'time-limit' | 'iteration-limit';
  readonly scope: 'all-arrangements' | 'given-arrangements';
  /** Patterns that exist, and those in the final program. */
  readonly patternsTotal: number;
  readonly patternsHeld: number;
  /** Groups of the final program, of which `pathNorms.length` are not zero. */
  readonly groups: number;
  readonly network: ParallelJson;
  /** Path norm of each sub-network, in the order of the network. */
  readonly pathNorms: readonly number[];
  readonly iterations: number;
  readonly seconds: number;
  /** Every outer iteration: primal objective and dual bound. */
  readonly history: readonly { readonly objective: number; readonly dualBound: number }[];
}

/** To the solver worker. A new `train` cancels the one before it. */
export type EngineRequest =
  | { readonly type: 'forecast'; readonly id: number; readonly problem: PlaygroundProblem }
  | { readonly type: 'train'; readonly id: number; readonly problem: PlaygroundProblem }
  | { readonly type: 'cancel'; readonly id: number };

/** From the solver worker; `id` is that of the request. */
export type EngineNews =
  | { readonly type: 'forecast'; readonly id: number; readonly forecast: Forecast }
  | { readonly type: 'started'; readonly id: number; readonly betaMax: number }
  | {
      readonly type: 'iteration';
      readonly id: number;
      readonly index: number;
      readonly iteration: number;
      readonly objective: number;
      readonly dualBound: number;
      readonly activeGroups: number;
    }
  | { readonly type: 'point'; readonly id: number; readonly point: PathPoint }
  | { readonly type: 'done'; readonly id: number; readonly seconds: number }
  | { readonly type: 'cancelled'; readonly id: number }
  | { readonly type: 'failed'; readonly id: number; readonly message: string };

/** To the race worker: gradient descent on the objective of one β. */
export type RaceRequest =
  | {
      readonly type: 'race';
      readonly id: number;
      readonly problem: PlaygroundProblem;
      readonly beta: number;
      readonly race: RaceState;
      /** Steps. */
      readonly iterations: number;
    }
  | { readonly type: 'stop'; readonly id: number };

/** From the race worker. */
export type RaceNews =
  | {
      readonly type: 'lap';
      readonly id: number;
      readonly iteration: number;
      /** Objective (1) in float64 on the weights; null once training has diverged. */
      readonly objective: number | null;
      readonly network: ParallelJson;
    }
  | { readonly type: 'finish'; readonly id: number }
  | { readonly type: 'failed'; readonly id: number; readonly message: string };
