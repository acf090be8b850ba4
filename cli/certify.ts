import { basename, dirname, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { certifyTable, type TableCertificate } from '../src/certify/certify-table.js';
import { RelucentError } from '../src/error.js';
import { withExecutor } from '../src/executor/open-executor.js';
import { availableThreads } from '../src/executor/runtime.js';
import { plainNetwork } from '../src/network/network-json.js';
import { readTableFile } from '../src/table/read-table.js';
import { certifyLines } from './certify-text.js';
import { withConfigFile } from './config-file.js';
import type { Context } from './context.js';
import { EXIT } from './exit.js';
import { choiceOption, numberOption, ranges, threadsText } from './option-values.js';
import { readCertified, type Certified } from './read-certified.js';
import { writeFiles } from './write-file.js';

const examples = `
Examples:
  relucent certify price-relucent/model.json data.csv
  relucent certify torch.json data.csv --beta 0.01 --json
  relucent certify torch.json data.csv --out optimum.json

The network is a model.json of relucent train, or one from elsewhere in a JSON file: a plain MLP or a parallel network
with its loss, beta and target column. docs/guide/certify.md has the fields and how to write them from PyTorch.

What is compared is the objective on all rows of the table: loss + β · path norms, a sum over rows. Time grows fast with
(rank of the inputs with the bias) × (first-layer units of a sub-network): seconds up to 4 or 5, above 16 only a loose bound.`;

interface Flags {
  readonly target?: string;
  readonly query?: string;
  readonly beta?: number;
  readonly tolerance: number;
  readonly maxRegions?: number;
  readonly patterns: 'all' | 'adaptive';
  readonly rank?: number;
  readonly timeLimit?: number;
  readonly threads?: number;
  readonly json?: boolean;
  readonly out?: string;
}

/** Random starts a round of --patterns adaptive. */
const ADAPTIVE = { adaptive: 100, seed: 0 } as const;

/** `relucent certify`: how far a network is from the global optimum of its own training problem. */
export function certifyCommand(context: Context): Command {
  return withConfigFile(bareCommand(context), context);
}

function bareCommand(context: Context): Command {
  const number = (name: string, flag: string, text: string, range: keyof typeof ranges): Option =>
    new Option(`${name} ${flag}`, text).argParser(numberOption(name, ranges[range]));
  return new Command('certify')
    .summary('tell how far any network is from the global optimum')
    .description(
      'Evaluates the training objective of a network on a table and finds the global optimum of the same problem.',
    )
    .argument('<network>', 'model.json of relucent train, or a network from elsewhere in JSON')
    .argument('<data>', 'CSV, TSV, JSON-lines or Parquet file, or a pattern, with the columns of training')
    .option('--target <COLUMN>', "column to predict (default: the network file's)")
    .option('--query <SQL>', 'a SELECT from the table "data", which is the file')
    .addOption(number('--beta', '<B>', "strength of the path-norm penalty (default: the file's)", 'beta'))
    .addOption(number('--tolerance', '<EPS>', 'relative duality gap to reach', 'tolerance').default(1e-6))
    .addOption(number('--max-regions', '<N>', 'regions of one search (default: 2000000)', 'maxRegions'))
    .addOption(
      new Option('--patterns <KIND>', 'all, or adaptive: those found by local search, no global claim')
        .argParser(choiceOption('--patterns', ['all', 'adaptive']))
        .default('all'),
    )
    .addOption(number('--rank', '<K>', 'solve on the best approximation of this rank', 'rank'))
    .addOption(number('--time-limit', '<S>', 'seconds (default: none)', 'seconds'))
    .addOption(number('--threads', '<N>', `${threadsText} (default: all there are)`, 'threads'))
    .option('--json', 'print one JSON object')
    .option('--out <FILE>', 'write the optimal network as JSON')
    .addHelpText('after', examples)
    .action(async (path: string, data: string, flags: Flags) => {
      await certifyFile(context, { path, data, flags });
    });
}

async function certifyFile(
  context: Context,
  { path, data, flags }: { readonly path: string; readonly data: string; readonly flags: Flags },
): Promise<void> {
  const { terminal, signal } = context;
  refuseOverwrite(flags.out, [path, data]);
  const certified = await readCertified(path, signal);
  const table = await readTableFile(data, { query: flags.query, signal });
  const tasks = certified.tasks(table, flags);
  const { tolerance, maxRegions, rank, timeLimit } = flags;
  const patterns = flags.patterns === 'all' ? 'all' : ADAPTIVE;
  const options = { tolerance, maxRegions, rank, timeLimit, patterns } as const;
  const certificate = await withExecutor(undefined, flags.threads ?? availableThreads(), (executor) =>
    certifyTable(tasks, options, {
      executor,
      signal,
      onProgress: (label, { iteration, relativeGap, activeGroups }) => {
        terminal.progress(
          `certifying "${label}": iteration ${iteration}, relative gap ${relativeGap.toExponential(1)}, ${activeGroups} active groups`,
        );
      },
      onWarning: (message) => {
        terminal.note(`warning: ${message}`);
      },
    }),
  );
  const heading = { path, data, rows: table.rowCount, target: certified.target(flags), tolerance };
  terminal.print(
    flags.json === true
      ? JSON.stringify(certificateJson(certificate, heading))
      : certifyLines(certificate, heading).join('\n'),
  );
  await writeOptimum(certified, certificate, flags, signal);
  const { outputs } = certificate;
  if (outputs.some(({ result }) => result.solution.status !== 'optimal')) context.exitCode = EXIT.limit;
}

async function writeOptimum(
  certified: Certified,
  { outputs }: TableCertificate,
  { out, ...flags }: Flags,
  signal: AbortSignal,
): Promise<void> {
  if (out === undefined) return;
  const networks = outputs.map(({ result }) => result.solution.network);
  const text = JSON.stringify(certified.withNetworks(networks, flags));
  await writeFiles(dirname(out), [{ name: basename(out), text: `${text}\n` }], signal);
}

/** The object of --json: docs/guide/certify.md. Numbers that are not finite become null. */
function certificateJson(
  { outputs, ...total }: TableCertificate,
  { rows, target }: { readonly rows: number; readonly target: string },
): object {
  return {
    ...total,
    rows,
    target,
    outputs: outputs.map(({ label, classes, result: { solution, ...result } }) => ({
      label,
      classes,
      status: solution.status,
      ...result,
      certificate: solution.certificate,
      approximation: solution.approximation,
      solution: {
        objective: solution.objective,
        dualBound: solution.dualBound,
        relativeGap: solution.relativeGap,
        networkObjective: solution.networkObjective,
        subNetworks: solution.subNetworks,
        iterations: solution.iterations,
        seconds: solution.seconds,
        network: plainNetwork(solution.network),
      },
    })),
  };
}

function refuseOverwrite(out: string | undefined, inputs: readonly string[]): void {
  const input = inputs.find((path) => out !== undefined && resolve(out) === resolve(path));
  if (input === undefined) return;
  throw new RelucentError(
    'invalid-argument',
    '--out',
    `expected a new file, got the input ${input}; name another file`,
  );
}
