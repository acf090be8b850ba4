import { CommanderError } from 'commander';
import { RelucentError } from '../src/error.js';

/** Exit codes of interface.md. */
export const EXIT = { solved: 0, badInput: 1, limit: 3, internal: 70, interrupted: 130 } as const;

/** Reason with which work is aborted on Ctrl-C or SIGTERM. */
export class Interrupted extends Error {
  /** What was saved and how to go on; the verb that saves something says so. */
  saved = 'nothing was saved but the files of --checkpoint';

  constructor() {
    super('interrupted');
  }
}

/** The one line that tells what went wrong, and the exit code. */
export function describeFailure(error: unknown): { readonly line: string; readonly code: number } {
  if (error instanceof Interrupted) {
    return {
      line: `interrupted: ${error.saved}`,
      code: EXIT.interrupted,
    };
  }
  if (error instanceof RelucentError) return { line: error.message, code: EXIT.badInput };
  if (error instanceof CommanderError) return { line: usageLine(error), code: EXIT.badInput };
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const hint = 'set RELUCENT_DEBUG=1 to see where, and please report it';
  return { line: `internal error: expected no failure here, got ${text}; ${hint}`, code: EXIT.internal };
}

/** A usage error of commander in the form of our own: `where: expected …, got …; fix`. */
function usageLine(error: CommanderError): string {
  const [first = '', suggestion = ''] = error.message.replace(/^error: /, '').split('\n');
  const quoted = /'([^']*)'/.exec(first)?.[1] ?? '';
  const fix = suggestion
    ? suggestion.replace(/^\((.*)\)$/, '$1').replace(/^D/, 'd')
    : 'see relucent --help, or relucent COMMAND --help';
  switch (error.code) {
    case 'commander.unknownOption':
      return `${quoted}: expected an option of this command, got an unknown one; ${fix}`;
    case 'commander.unknownCommand':
      return `${quoted}: expected a command (train, path, predict, inspect, report, export, certify, solve, reproduce, playground, completion), got an unknown one; ${fix}`;
    case 'commander.missingArgument':
      return `${quoted}: expected this argument, got nothing; ${fix}`;
    case 'commander.optionMissingArgument':
      return `${quoted}: expected a value after the option, got nothing; ${fix}`;
    case 'commander.excessArguments': {
      const [, expected = '', got = ''] = /Expected (\d+) arguments? but got (\d+)/.exec(first) ?? [];
      return `arguments: expected ${expected} for ${quoted}, got ${got}; quote names that contain spaces`;
    }
    default:
      return `usage: expected a valid command line, got: ${first}; ${fix}`;
  }
}
