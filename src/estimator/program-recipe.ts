import { allActive } from '../arrangement/pattern.js';
import type { Rows } from '../arrangement/sub-network-pattern.js';
import { lossNamed, withWeights, type LossName } from '../loss/index.js';
import { withBias } from '../problem/matrix-input.js';
import type { ConvexProgram } from '../program/convex-program.js';
import type { CheckedOptions } from './options.js';
import { outputProgram } from './output.js';

/** What a program learns, whatever its network. */
export interface Learning {
  readonly loss: LossName;
  /** Outputs of the network: the classes of softmax, else 1. */
  readonly outputs: number;
}

/** Options that shape the program of a network. */
export type NetworkShape = Pick<
  CheckedOptions,
  'bias' | 'depth' | 'width' | 'sample' | 'seed' | 'formulation'
>;

/** How to make the program of one output on any rows: plain data, so that tasks can be given it. */
export type ProgramRecipe = Learning &
  ({ readonly kind: 'network'; readonly options: NetworkShape } | { readonly kind: 'linear' });

/** What one program is made for. */
export interface ProgramData {
  /** Standardised, without their bias column. */
  readonly rows: Rows;
  readonly y: Float64Array;
  /** Weight > 0 of each row, or null where all are 1. */
  readonly weights: Float64Array | null;
}

/**
 * What the programs of a recipe cost: rows · inputs · variables' vectors. A solve from scratch takes roughly 0.5 µs of a core
 * for each, a fold of a cross-validation 1.5 µs (measured on the tables of data/, within a factor of 3).
 */
export function recipeSize(recipe: ProgramRecipe, { n, d }: Rows): number {
  const vectors = n * (d + 1) * recipe.outputs;
  if (recipe.kind === 'linear') return vectors;
  const { depth, width, sample } = recipe.options;
  return vectors * sample * (depth === 3 ? width : 1);
}

/** The program of a recipe; its β is 0 until chosen. */
export function programFrom(recipe: ProgramRecipe, data: ProgramData): ConvexProgram {
  return recipe.kind === 'linear' ? linearProgram(data, recipe) : outputProgram(data, recipe, recipe.options);
}

/**
 * The linear yardstick as a program of the same kind: one gate that is always active, so f(X) = X·v with penalty β‖v‖, or
 * β Σ_k ‖v_k‖ for the outputs of softmax. It is solved, certified and cross-validated by the same code as the networks it is
 * compared with.
 */
export function linearProgram({ rows, y, weights }: ProgramData, { loss, outputs }: Learning): ConvexProgram {
  const input = withBias(rows);
  const gate = new Float64Array(input.d);
  gate[input.d - 1] = 1; // only the bias: active on every row
  const pattern = allActive(input.n);
  return {
    rows: input,
    y,
    loss: withWeights(lossNamed(loss), weights),
    outputs,
    beta: 0,
    formulation: 'gated',
    depth: 2,
    patterns: [
      {
        leaves: [{ sign: 1, mask: pattern }],
        units: [{ pattern, terms: [{ leaf: 0, sign: 1, mask: null }] }],
        gates: { first: [gate] },
      },
    ],
  };
}
