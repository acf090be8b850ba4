import { Command, Option } from 'commander';
import { RelucentError } from '../src/error.js';
import type { LossName } from '../src/loss/index.js';
import { plainNetwork } from '../src/network/network-json.js';
import { checkProblem, type ProblemInput } from '../src/problem/problem-input.js';
import type { SolveResult } from '../src/problem/result.js';
import { solve } from '../src/problem/solve.js';
import { boundPairText, countNoun, durationText, numberText } from '../src/report/number-text.js';
import { align } from './align.js';
import { gapText, statusText } from './certificate-text.js';
import type { Context } from './context.js';
import { EXIT } from './exit.js';
import { numberOption, ranges } from './option-values.js';
import { readJson } from './read-json.js';
import { oneLine } from './terminal.js';

const examples = `
Examples:
  relucent solve problem.json
  relucent solve problem.json --json > result.json
  cat problem.json | relucent solve - --tolerance 1e-8

A problem file, at most 256 MiB:
  { "X": [[0.5, 1], [-1, 1], [2, 1]], "y": [1, -1, 2], "beta": 0.1,
    "loss": "squared", "depth": 2, "formulation": "relu", "patterns": { "sample": 50, "seed": 0 } }`;

interface Flags {
  readonly json?: boolean;
  readonly decompose?: boolean;
  readonly tolerance?: number;
  readonly timeLimit?: number;
}

/** `relucent solve`: the bare problem of a JSON file. */
export function solveCommand(context: Context): Command {
  return new Command('solve')
    .summary('solve the bare problem of a JSON file')
    .description('Solves a problem exactly as written: no preprocessing, no split, nothing implicit.')
    .argument('<problem>', 'JSON file, or - for standard input')
    .option('--json', 'print the result as one JSON object')
    .option('--decompose', 'rewrite a gated solution as a ReLU network')
    .addOption(
      new Option(
        '--tolerance <EPS>',
        "relative duality gap to reach (default: the file's, or 1e-6)",
      ).argParser(numberOption('--tolerance', ranges.tolerance)),
    )
    .addOption(
      new Option('--time-limit <S>', "seconds (default: the file's, or none)").argParser(
        numberOption('--time-limit', ranges.seconds),
      ),
    )
    .addHelpText('after', examples)
    .action(async (path: string, flags: Flags) => {
      await solveFile(context, path, flags);
    });
}

async function solveFile(context: Context, path: string, flags: Flags): Promise<void> {
  const { terminal, signal } = context;
  const kind = { noun: 'a problem', code: 'invalid-problem', fix: 'correct the file' } as const;
  const input = await readJson(path, kind, signal);
  const checked = checkProblem(input);
  if (flags.decompose === true && checked.formulation === 'relu') {
    throw new RelucentError(
      'invalid-argument',
      '--decompose',
      'expected "formulation": "gated", got "relu", which is a ReLU network already; leave the option out',
    );
  }
  const problem = {
    ...(input as ProblemInput),
    ...(flags.tolerance === undefined ? {} : { tolerance: flags.tolerance }),
    ...(flags.timeLimit === undefined ? {} : { timeLimit: flags.timeLimit }),
  };
  const tolerance = flags.tolerance ?? checked.tolerance;
  const result = await solve(problem, {
    decompose: flags.decompose === true,
    signal,
    onProgress: ({ iteration, relativeGap, activeGroups }) => {
      terminal.progress(
        `iteration ${iteration}, relative gap ${relativeGap.toExponential(1)}, ${activeGroups} active groups`,
      );
    },
    onWarning: (message) => {
      terminal.note(`warning: ${message}`);
    },
  });
  terminal.print(
    flags.json === true
      ? JSON.stringify(resultJson(result))
      : resultLines(path, result, { tolerance, loss: checked.loss }).join('\n'),
  );
  if (result.status !== 'optimal') context.exitCode = EXIT.limit;
}

/** The result object of interface.md. */
function resultJson(result: SolveResult): object {
  const { decomposition } = result;
  return {
    status: result.status,
    objective: result.objective,
    dualBound: result.dualBound,
    gap: result.gap,
    relativeGap: result.relativeGap,
    certificate: result.certificate,
    networkObjective: result.networkObjective,
    activeGroups: result.activeGroups,
    groups: result.groups,
    subNetworks: result.subNetworks,
    iterations: result.iterations,
    newtonSteps: result.newtonSteps,
    seconds: result.seconds,
    approximation: result.approximation,
    classes: result.classes,
    architecture: result.architecture,
    network: plainNetwork(result.network),
    ...(decomposition && {
      decomposition: { ...decomposition, network: plainNetwork(decomposition.network) },
    }),
    history: result.history,
  };
}

function resultLines(
  path: string,
  result: SolveResult,
  { tolerance, loss }: { readonly tolerance: number; readonly loss: LossName },
): string[] {
  const { objective, bound } = boundPairText(result.objective, result.dualBound);
  const { scope, patternsTotal, patternsPriced } = result.certificate;
  const covers =
    scope === 'given-arrangements'
      ? `given arrangements: networks on these ${countNoun(patternsTotal, 'pattern')}, not all there are`
      : 'all arrangements';
  const rows = [
    ['objective', objective],
    ['dual bound', bound],
    ['relative gap', `${gapText(result.relativeGap)}  ${statusText(result.status, tolerance)}`],
    ['scope', `${covers} (${patternsPriced} priced)`],
    ['sub-networks', `${result.subNetworks} out of ${countNoun(result.groups, 'group')}`],
    [
      'network objective',
      `${numberText(result.networkObjective, 8)}  evaluated on the weights, without the solver`,
    ],
    ['time', `${durationText(result.seconds)}, ${countNoun(result.iterations, 'iteration')}`],
  ];
  const { depth, attainedWidths, statement } = result.architecture;
  if (depth > 2) {
    const widths = `${depth} layers, hidden widths ${attainedWidths.join(', ')}`;
    rows.push(['architecture', widths]);
    if (statement !== null) rows.push(['', statement]);
  }
  if (result.classes) rows.push(['classes', classesText(result.classes, loss)]);
  if (result.decomposition) {
    const { networkObjective, network, change } = result.decomposition;
    const text = `objective ${numberText(networkObjective, 8)} (+${numberText(change, 3)}), ${countNoun(network.subNetworks.length, 'sub-network')}`;
    rows.push(['as a ReLU network', text]);
  }
  return [path === '-' ? 'standard input' : path, ...align(rows, { indent: '  ' })];
}

function classesText(classes: readonly string[], loss: LossName): string {
  const names = classes.map(oneLine);
  if (loss === 'softmax') return `${names.join(', ')}: one output each, in this order`;
  return `−1 is ${names[0] ?? ''}, +1 is ${names[1] ?? ''}`;
}
