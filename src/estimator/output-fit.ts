import type { Task } from '../executor/executor.js';
import type { Iteration } from '../solver/solve-program.js';
import type { CheckedOptions } from './options.js';
import { fitOutput, type FittedOutput } from './output.js';
import { programFrom, type ProgramData, type ProgramRecipe } from './program-recipe.js';

/** One output to train. */
export interface OutputFitInput {
  readonly label: string;
  readonly data: ProgramData;
  readonly recipe: ProgramRecipe;
  readonly options: CheckedOptions;
}

/** Trains one output to its certificate. Reports every outer iteration. */
export const outputFit: Task<OutputFitInput, FittedOutput, Iteration> = {
  name: 'output-fit',
  run: ({ label, data, recipe, options }, { pause, progress }) =>
    fitOutput(label, programFrom(recipe, data), options, { onIteration: progress, pause }),
};
