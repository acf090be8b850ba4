#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { VERSION } from '../src/version.js';
import { certifyCommand } from './certify.js';
import { completionCommand } from './completion.js';
import type { Context } from './context.js';
import { describeFailure, EXIT, Interrupted } from './exit.js';
import { exportCommand } from './export.js';
import { inspectCommand } from './inspect.js';
import { pathCommand } from './path.js';
import { playgroundCommand } from './playground.js';
import { predictCommand } from './predict.js';
import { reportCommand } from './report.js';
import { reproduceCommand } from './reproduce.js';
import { solveCommand } from './solve.js';
import { Terminal } from './terminal.js';
import { trainCommand } from './train.js';

const description = `Trains ReLU networks to a proven optimum: a convex program, a duality gap, no learning rate.

The main job is  relucent train data.csv --target COLUMN`;

const footer = `
Examples:
  relucent train data.csv --target price              train, certify, score and write model.json, report.html
  relucent path data.csv --target price --cv          every β from the zero network down, with a picture
  relucent predict price-relucent/model.json new.csv  predictions as CSV on standard output
  relucent inspect price-relucent/model.json          what the model is and what is proven about it
  relucent report price-relucent/result.json --format md  the report again, as Markdown (or html, json)
  relucent export price-relucent/model.json --as mlp  its networks as JSON, in another form
  relucent certify any-network.json data.csv          how far a network is from the global optimum, wherever it is from
  relucent solve problem.json --json                  the bare mathematical problem
  relucent reproduce spiral --quick                   one of the paper's experiments, with figures
  relucent playground                                 train in the browser: watch a network reach its proven optimum

Exit codes: 0 solved to tolerance, 1 bad input or usage, 3 stopped at a limit (results are written all the same),
            130 interrupted.
Data goes to standard output, progress and warnings to standard error.`;

function makeProgram(context: Context): Command {
  const program = new Command('relucent')
    .description(description)
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .addHelpText('after', footer);
  for (const make of [
    trainCommand,
    pathCommand,
    predictCommand,
    inspectCommand,
    reportCommand,
    exportCommand,
    certifyCommand,
    solveCommand,
    reproduceCommand,
    playgroundCommand,
    completionCommand,
  ]) {
    program.addCommand(make(context));
  }
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ outputError: () => undefined });
    command.allowExcessArguments(false);
  }
  return program;
}

async function main(): Promise<number> {
  const terminal = new Terminal(process.stdout, process.stderr);
  const controller = new AbortController();
  const context: Context = {
    terminal,
    signal: controller.signal,
    argv: process.argv.slice(2),
    exitCode: EXIT.solved,
  };
  // A reader that closes its end early (`relucent … | head`) is no error; files are still written.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    terminal.note(
      `standard output: expected to be written to, got the system error ${error.code ?? error.message}`,
    );
    process.exit(EXIT.badInput);
  });
  process.stderr.on('error', () => undefined);
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      // The second time, do not wait for the solver to come up for air.
      if (controller.signal.aborted) process.exit(EXIT.interrupted);
      controller.abort(new Interrupted());
    });
  }
  try {
    await makeProgram(context).parseAsync();
    return context.exitCode;
  } catch (error) {
    if (error instanceof CommanderError && (error.exitCode === 0 || error.code === 'commander.help')) {
      return error.exitCode; // help or version, printed already
    }
    const { line, code } = describeFailure(error);
    terminal.note(line);
    if (process.env['RELUCENT_DEBUG'] === '1' && error instanceof Error) {
      process.stderr.write(`${error.stack ?? error.message}\n`);
    }
    return code;
  }
}

process.exitCode = await main();
