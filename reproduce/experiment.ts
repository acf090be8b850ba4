import type { Executor } from '../src/executor/executor.js';
import type { ExperimentName } from './titles.js';

/** What can be saved to a file and read back to the same value: no NaN, no infinities; null stands for "none". */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/** `quick` is what CI runs, seconds; `full` is what the gallery shows, minutes to an hour. */
export type Mode = 'quick' | 'full';

/** One cell of a table: text as it is, numbers to the digits of its column. */
export type Cell = string | number | null;

export interface Table {
  /** File-like name, unique within the experiment. */
  readonly name: string;
  readonly title: string;
  readonly columns: readonly {
    readonly label: string;
    /** Significant digits of its numbers; default 4. */
    readonly digits?: number;
  }[];
  readonly rows: readonly (readonly Cell[])[];
}

export interface Figure {
  /** The file is `${name}.svg`. */
  readonly name: string;
  readonly title: string;
  /** What is to be seen, for readers who cannot see it too. */
  readonly caption: string;
  /** A whole SVG document, see `standalone`. */
  readonly svg: string;
}

/** A statement that must hold whatever the numbers turn out to be, because a theorem says so. */
export interface Check {
  readonly claim: string;
  readonly holds: boolean;
  /** The numbers behind it. */
  readonly detail: string;
}

/** What an experiment found. */
export interface Outcome {
  /** Sentences: data, sizes, β, networks, optimisers, seeds. */
  readonly setUp: readonly string[];
  readonly figures: readonly Figure[];
  readonly tables: readonly Table[];
  readonly checks: readonly Check[];
  /** Every number behind figures and tables. */
  readonly numbers: Json;
}

/** What an experiment runs in. */
export interface Lab {
  readonly mode: Mode;
  readonly signal: AbortSignal;
  /** Runs solves on several threads, to the same bits as on one. */
  readonly executor: Executor;
  /**
   * One piece of work with a result that is saved as soon as it is there: a run that was interrupted takes it from its
   * checkpoint. `work` is to depend on nothing but the mode and what earlier steps returned; its result passes through JSON.
   */
  step<T extends Json>(name: string, work: () => Promise<T>): Promise<T>;
  /** How many steps there will be, so that progress can say how far it is. */
  expect(steps: number): void;
  /** Passing news of the step under way. */
  progress(news: string): void;
  /** The text of a file that comes with relucent, by its path below `data/`. */
  dataText(path: string): Promise<string>;
  /** The bytes of a file in the folder of `--data`, else of one that comes with relucent; null where there is none. */
  dataBytes(path: string): Promise<Uint8Array | null>;
}

/** One experiment of the paper (arXiv 2110.09548) or about it. */
export interface Experiment {
  readonly name: ExperimentName;
  run(lab: Lab): Promise<Outcome>;
}
