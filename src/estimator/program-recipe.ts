import { allActive } from '../arrangement/pattern.js';
import type { Rows } from '../arrangement/sub-network-pattern.js';
import { lossNamed, type LossName } from '../loss/index.js';
import { withBias } from '../problem/matrix-input.js';
import type { ConvexProgram } from '../program/convex-program.js';
import type { CheckedOptions } from './options.js';
import { outputProgram } from './output.js';

/** How to make the program of one output on any rows: plain data, so that tasks can be given it. */
export type ProgramRecipe =
  | {
      readonly kind: 'network';
      readonly loss: LossName;
      readonly options: Pick<CheckedOptions, 'bias' | 'depth' | 'width' | 'sample' | 'seed' | 'formulation'>;
    }
  | { readonly kind: 'linear'; readonly loss: LossName };

/**
 * What the programs of a recipe cost: rows · inputs · variables' vectors. A solve from scratch takes roughly 0.5 µs of a core
 * for each, a fold of a cross-validation 1.5 µs (measured on the tables of data/, within a factor of 3).
 */
export function recipeSize(recipe: ProgramRecipe, { n, d }: Rows): number {
  if (recipe.kind === 'linear') return n * (d + 1);
  const { depth, width, sample } = recipe.options;
  return n * (d + 1) * sample * (depth === 3 ? width : 1);
}

/** The program of a recipe on standardised rows without their bias column; its β is 0 until chosen. */
export function programFrom(recipe: ProgramRecipe, rows: Rows, y: Float64Array): ConvexProgram {
  return recipe.kind === 'linear'
    ? linearProgram(rows, y, recipe.loss)
    : outputProgram(rows, y, recipe.loss, recipe.options);
}

/**
 * The linear yardstick as a program of the same kind: one gate that is always active, so f(X) = X·v with penalty β‖v‖.
 * It is solved, certified and cross-validated by the same code as the networks it is compared with.
 */
export function linearProgram(rows: Rows, y: Float64Array, loss: LossName): ConvexProgram {
  const input = withBias(rows);
  const gate = new Float64Array(input.d);
  gate[input.d - 1] = 1; // only the bias: active on every row
  const pattern = allActive(input.n);
  return {
    rows: input,
    y,
    loss: lossNamed(loss),
    outputs: 1,
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
