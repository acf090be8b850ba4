import type { Terminal } from './terminal.js';

/** What every command is given. */
export interface Context {
  readonly terminal: Terminal;
  /** Aborted on Ctrl-C. */
  readonly signal: AbortSignal;
  /** Arguments as typed, for the report. */
  readonly argv: readonly string[];
  /** Exit code if the command ends without an error. */
  exitCode: number;
}
