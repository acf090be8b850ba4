import { descend } from '../../reproduce/baseline/descend.js';
import type { Shape } from '../../reproduce/baseline/shape.js';
import { RelucentError } from '../../src/error.js';
import type { ParallelNetwork } from '../../src/network/network.js';
import { inputLength, trainingRows } from '../engine/problem-input.js';
import type { PlaygroundProblem } from '../protocol.js';
import type { RaceState } from '../state.js';

/** One race of gradient descent. */
export interface Race {
  readonly problem: PlaygroundProblem;
  readonly beta: number;
  readonly race: RaceState;
  /** Steps. */
  readonly iterations: number;
}

export interface RaceHooks {
  /** Stops within some tens of milliseconds: the promise rejects with its reason. */
  readonly signal?: AbortSignal;
  /** A point of the curve; the objective is infinite once training has diverged. */
  readonly onLap?: (iteration: number, objective: number, network: ParallelNetwork) => void;
}

/** Steps up to which every one is on the curve; later ones grow apart by this share of the steps before them. */
const EVERY_STEP = 20;
/** Steps between two laps, at most. */
const LONGEST_LAP = 100;

/**
 * Gradient descent from one initialisation on exactly problem (1) of the path at one β, full batches at a constant rate:
 * K fully connected ReLU sub-networks of the widths of the model, with one unit in the last hidden layer.
 *
 * @throws RelucentError for a gated model, whose objective is another one
 */
export async function runRace(
  { problem, beta, race, iterations }: Race,
  hooks: RaceHooks = {},
): Promise<void> {
  const { signal, onLap } = hooks;
  const { formulation, loss, widths } = problem.model;
  if (formulation === 'gated') {
    throw new RelucentError(
      'unsupported',
      'race',
      'expected the formulation "relu", got "gated": gradient descent trains ReLU networks, and their objective is another one; choose ReLU',
    );
  }
  const { rows, y } = trainingRows(problem);
  const shape: Shape = {
    inputs: inputLength(problem),
    widths: [...widths, 1],
    subNetworks: race.subNetworks,
    outputs: 1,
  };
  await descend(
    { rows, targets: y },
    shape,
    { loss, beta, penalty: 'path-norm' },
    { optimiser: race.optimiser, rate: race.rate, iterations, every: isLap },
    [race.seed],
    {
      ...(signal ? { signal } : {}),
      onPoint: (_, { iteration, objective }, network) => onLap?.(iteration, objective, network),
    },
  );
}

/** Many laps while the curve is steep, fewer later. */
function isLap(iteration: number): boolean {
  if (iteration <= EVERY_STEP) return true;
  const gap = Math.min(LONGEST_LAP, 2 ** Math.floor(Math.log2(iteration / EVERY_STEP)));
  return iteration % gap === 0;
}
