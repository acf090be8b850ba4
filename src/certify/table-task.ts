import type { ParallelNetwork } from '../network/network.js';
import type { CertifyProblem } from './certify.js';

/** One network with its problem on the rows of a table. */
export interface TableTask {
  /** The class told from the rest, or the target. */
  readonly label: string;
  readonly network: ParallelNetwork;
  readonly problem: CertifyProblem;
  /** Labels for −1 and +1, or of the outputs of a softmax network; null in regression. */
  readonly classes: readonly string[] | null;
}

/** What is put in place of what the files say. */
export interface TaskOverrides {
  readonly target?: string | undefined;
  readonly beta?: number | undefined;
}
