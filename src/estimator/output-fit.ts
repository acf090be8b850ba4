import type { Rows } from '../arrangement/sub-network-pattern.js';
import type { Task } from '../executor/executor.js';
import type { Iteration } from '../solver/solve-program.js';
import type { CheckedOptions } from './options.js';
import { fitOutput, type FittedOutput } from './output.js';
import { programFrom, type ProgramRecipe } from './program-recipe.js';

/** One output to train. */
export interface OutputFitInput {
  readonly label: string;
  /** Standardised rows without their bias column. */
  readonly rows: Rows;
  readonly y: Float64Array;
  readonly recipe: ProgramRecipe;
  readonly options: CheckedOptions;
}

/** Trains one output to its certificate. Reports every outer iteration. */
export const outputFit: Task<OutputFitInput, FittedOutput, Iteration> = {
  name: 'output-fit',
  run: ({ label, rows, y, recipe, options }, { pause, progress }) =>
    fitOutput(label, programFrom(recipe, rows, y), options, { onIteration: progress, pause }),
};
