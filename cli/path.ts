import { join } from 'node:path';
import { Command, Option } from 'commander';
import { quoteValue, RelucentError } from '../src/error.js';
import { withExecutor } from '../src/executor/open-executor.js';
import { availableThreads } from '../src/executor/runtime.js';
import { jsonText } from '../src/report/json-text.js';
import { durationText, numberText } from '../src/report/number-text.js';
import type { Delimiter } from '../src/table/csv-reader.js';
import { filesOf, readTableFile } from '../src/table/read-table.js';
import { pathCsv, pathResult, reportOfPath } from '../src/training/path-result.js';
import type { PathState } from '../src/training/path-state.js';
import {
  pathModelFile,
  trainPath,
  type PathNews,
  type PathOptions,
  type PathOutcome,
} from '../src/training/train-path.js';
import { DEFAULT_WIDTH, TRAIN_DEFAULTS } from '../src/training/train-options.js';
import { sha256OfFiles } from './checksum.js';
import { withConfigFile } from './config-file.js';
import type { Context } from './context.js';
import { EXIT, Interrupted } from './exit.js';
import { choiceOption, numberOption, ranges, threadsText } from './option-values.js';
import { PATH_STATE, PathStateFile, readPathState } from './path-state-file.js';
import { pathLines } from './path-text.js';
import { commandLine, depth, tableName } from './train-values.js';
import { preparedLines, tableLines } from './train-text.js';
import { withTableOptions } from './table-options.js';
import { checkWritable, writeFiles } from './write-file.js';

const examples = `
Examples:
  relucent path data/auto-mpg.csv --target mpg
  relucent path data.csv --target y --cv --betas 30            scored by 5-fold cross-validation on all rows
  relucent path data.csv --target y --cv --betas 30 --resume   go on after Ctrl-C, a kill or a crash, to the same bits
  relucent path data.csv --target y --cv --betas 30 --resume --pick 1se     model.json at a pick, nothing solved again

Writes path.html (pictures), path.csv, path.json and path-state.json (for --resume) to the folder --out. The largest β is
β_max, where the zero network is optimal. Rows that chose β are no test of it: relucent train keeps a test part apart.`;

interface Flags {
  readonly target?: string;
  readonly task?: 'regression' | 'classification';
  readonly query?: string;
  readonly drop?: readonly string[];
  readonly categorical?: readonly string[];
  readonly delimiter?: Delimiter;
  readonly out?: string;
  readonly betas: number;
  readonly ratio: number;
  readonly cv?: boolean;
  readonly folds: number;
  readonly testFraction?: number;
  readonly seed: number;
  readonly depth: 2 | 3;
  readonly width?: number;
  readonly formulation: 'relu' | 'gated';
  readonly sample: number;
  readonly tolerance: number;
  readonly threads?: number;
  readonly pick?: Pick;
  readonly resume?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** A place on the path: one of its picks, or the value nearest to a share of β_max. */
type Pick = 'best' | '1se' | number;

/** `relucent path`: the regularisation path of a table, with pictures. */
export function pathCommand(context: Context): Command {
  return withConfigFile(bareCommand(context), context);
}

function bareCommand(context: Context): Command {
  const number = (flag: string, name: string, text: string, range: keyof typeof ranges): Option =>
    new Option(`${name} ${flag}`, text).argParser(numberOption(name, ranges[range]));
  const d = TRAIN_DEFAULTS;
  const command = new Command('path')
    .summary('certified networks along a grid of β, with pictures')
    .description(
      'Trains one certified network for each of a grid of β, and shows how sub-networks, scores and gaps go with it.',
    )
    .argument('<data>', 'CSV, TSV, JSON-lines or Parquet file, or a pattern such as "data/*.csv"');
  return withTableOptions(command)
    .option('--out <DIR>', 'folder for the results (default: NAME-path for NAME.csv)')
    .addOption(number('<N>', '--betas', 'values of β, evenly spaced on a log scale', 'betas').default(50))
    .addOption(
      number('<R>', '--ratio', 'smallest β as a share of the largest, β_max', 'pathRatio').default(1e-3),
    )
    .option('--cv', 'score by cross-validation instead of on held-out rows')
    .addOption(number('<K>', '--folds', 'folds of the cross-validation', 'folds').default(d.folds))
    .addOption(
      number(
        '<F>',
        '--test-fraction',
        `share of the rows held out for the scores (default: ${d.testFraction}, 0 with --cv)`,
        'testFraction',
      ),
    )
    .addOption(
      number('<N>', '--seed', 'seed of the split, the folds and the patterns', 'seed').default(d.seed),
    )
    .addOption(new Option('--depth <L>', 'layers, 2 or 3').argParser(depth).default(d.depth))
    .addOption(
      number(
        '<M>',
        '--width',
        `first-layer neurons per sub-network, depth 3 only (default: ${DEFAULT_WIDTH})`,
        'width',
      ),
    )
    .addOption(
      new Option('--formulation <KIND>', 'relu or gated')
        .argParser(choiceOption('--formulation', ['relu', 'gated']))
        .default(d.formulation),
    )
    .addOption(number('<N>', '--sample', 'activation patterns to sample', 'sample').default(d.sample))
    .addOption(
      number('<EPS>', '--tolerance', 'relative duality gap to reach', 'tolerance').default(d.tolerance),
    )
    .addOption(number('<N>', '--threads', `${threadsText} (default: all there are)`, 'threads'))
    .addOption(
      new Option('--pick <PICK>', 'write model.json too: best, 1se, or a share of β_max').argParser(pick),
    )
    .option('--resume', 'go on from path-state.json in the folder --out')
    .option('--json', 'print the content of path.json instead of the table')
    .option('--quiet', 'no progress on standard error')
    .addHelpText('after', examples)
    .action(async (file: string, flags: Flags) => {
      await path(context, file, flags);
    });
}

async function path(context: Context, file: string, flags: Flags): Promise<void> {
  const { terminal, signal } = context;
  if (flags.quiet === true) terminal.silenceProgress();
  const folder = flags.out ?? `${tableName(file)}-path`;
  const files = ['path.html', 'path.csv', 'path.json', ...(flags.pick === undefined ? [] : ['model.json'])];
  if (flags.target === undefined) {
    throw invalid('--target', 'expected the column to predict, got none; pass --target COLUMN');
  }
  const options = optionsOf(flags, flags.target);
  await checkWritable(folder, [...files, PATH_STATE]);
  const resume = flags.resume === true ? await stateOrNothing(context, folder) : undefined;
  const table = await readTableFile(file, { delimiter: flags.delimiter, query: flags.query, signal });
  const checksum = await sha256OfFiles(await filesOf(file, signal), signal);
  const say = (lines: readonly string[]): void => {
    if (flags.json !== true) terminal.print(lines.join('\n'));
  };
  const stateFile = new PathStateFile(folder);
  const outcome = await savingState(stateFile, join(folder, PATH_STATE), signal, () =>
    withExecutor(undefined, flags.threads ?? availableThreads(), (executor) =>
      trainPath(table, options, {
        onTable: (summary) => {
          say(tableLines(summary));
        },
        onPrepared: (prepared) => {
          say(preparedLines(prepared, options.seed));
        },
        onValue: valueProgress(context),
        onState: (state) => {
          stateFile.take(state);
        },
        resume,
        executor,
        signal,
      }),
    ),
  );
  terminal.stage('writing the pictures …');
  const picked = flags.pick === undefined ? null : pickedAt(outcome, flags.pick);
  const date = new Date().toISOString();
  const result = pathResult(outcome, { date, runtime: `Node ${process.version}` });
  const { renderPath } = await import('../src/report/render-path.js');
  const page = renderPath(
    reportOfPath(outcome, result, {
      date: `${date.slice(0, 16).replace('T', ' ')} UTC`,
      commandLine: commandLine(context.argv),
      facts: [
        { name: 'SHA-256 of the data', value: checksum },
        { name: 'ran on', value: `Node ${process.version}, ${process.platform} ${process.arch}` },
      ],
    }),
  );
  await writeFiles(
    folder,
    [
      { name: 'path.html', text: page },
      { name: 'path.csv', text: pathCsv(result) },
      { name: 'path.json', text: jsonText(result) },
      ...(picked === null
        ? []
        : [{ name: 'model.json', text: `${JSON.stringify(pathModelFile(outcome, picked))}\n` }]),
    ],
    signal,
  );
  if (flags.json === true) terminal.print(JSON.stringify(result));
  else say(pathLines(result, { paths: files.map((name) => join(folder, name)), picked }));
  if (result.status !== 'optimal') {
    const missed = result.values.filter(({ certificates }) =>
      certificates.some(({ status }) => status !== 'optimal'),
    ).length;
    terminal.note(
      `warning: ${missed} of ${result.values.length} values did not reach the tolerance ${options.tolerance}; ` +
        'raise --ratio or --tolerance',
    );
    context.exitCode = EXIT.limit;
  }
}

/** The state in the folder. A run that was killed before its first value left none: that is no error, but said. */
async function stateOrNothing({ terminal, signal }: Context, folder: string): Promise<PathState | undefined> {
  try {
    return await readPathState(folder, signal);
  } catch (error) {
    if (!(error instanceof RelucentError) || error.code !== 'not-found') throw error;
    terminal.note(`--resume: ${join(folder, PATH_STATE)} is not there yet, so the path starts anew`);
    return undefined;
  }
}

/** Runs the work; whatever ends it, what was found is in the state file then, and Ctrl-C says so. */
async function savingState(
  stateFile: PathStateFile,
  name: string,
  signal: AbortSignal,
  work: () => Promise<PathOutcome>,
): Promise<PathOutcome> {
  try {
    return await work();
  } catch (error) {
    const isSaved = stateFile.flush();
    if (signal.reason instanceof Interrupted) {
      signal.reason.saved = isSaved
        ? `what was solved is in ${name}; the same command with --resume goes on from there`
        : 'nothing new was solved, so nothing was saved';
    }
    throw error;
  } finally {
    stateFile.flush();
  }
}

function valueProgress({ terminal }: Context): (news: PathNews) => void {
  const started = performance.now();
  return ({ done, total, resumed, label, fold, value }) => {
    const { beta, relativeGap, activeGroups } = value.certificate;
    // Values get slower as β shrinks: this is a lower guess until most are done.
    const left = ((performance.now() - started) / 1000 / Math.max(1, done - resumed)) * (total - done);
    const forecast = left >= 5 ? `, about ${durationText(Math.round(left))} left` : '';
    const where = fold === null ? `"${label}"` : `"${label}" without fold ${fold + 1}`;
    const news =
      `path: ${done} of ${total} solves${forecast}; ${where}: β ${numberText(beta, 3)}, ` +
      `${activeGroups} sub-networks, relative gap ${relativeGap.toExponential(1)}`;
    if (done === resumed + 1) terminal.stage(news);
    else terminal.progress(news);
  };
}

function optionsOf(flags: Flags, target: string): PathOptions {
  const { task, drop, categorical, width, depth: layers, cv = false, testFraction } = flags;
  if (width !== undefined && layers === 2) {
    throw invalid('--width', `expected no width at depth 2, got ${width}; pass --depth 3 or leave it out`);
  }
  if (cv && testFraction !== undefined && testFraction > 0) {
    throw invalid(
      '--test-fraction',
      `expected it left out with --cv, which scores on all rows, got ${testFraction}; use relucent train for a test part beside cross-validation`,
    );
  }
  if (typeof flags.pick === 'string' && !cv && testFraction === 0) {
    throw invalid(
      '--pick',
      `expected a share of β_max where nothing is held out, got ${flags.pick}; pass --cv`,
    );
  }
  return {
    target,
    testFraction: testFraction ?? (cv ? 0 : TRAIN_DEFAULTS.testFraction),
    seed: flags.seed,
    depth: layers,
    formulation: flags.formulation,
    sample: flags.sample,
    folds: flags.folds,
    tolerance: flags.tolerance,
    count: flags.betas,
    smallestRatio: flags.ratio,
    crossValidate: cv,
    ...(task === undefined ? {} : { task }),
    ...(drop === undefined ? {} : { drop }),
    ...(categorical === undefined ? {} : { categorical }),
    ...(width === undefined ? {} : { width }),
  };
}

/** The place on the path that a pick stands for. */
function pickedAt({ picks, ratios }: PathOutcome, wanted: Pick): number {
  if (typeof wanted === 'number') {
    const distance = (share: number): number => Math.abs(Math.log(share / wanted));
    return ratios.reduce((best, share, at) => (distance(share) < distance(ratios[best] ?? 0) ? at : best), 0);
  }
  if (picks === null) {
    throw invalid(
      '--pick',
      `expected a share of β_max where no loss is a number, got ${wanted}; pass e.g. --pick 0.01`,
    );
  }
  return wanted === 'best' ? picks.best : picks.oneStandardError;
}

function pick(text: string): Pick {
  if (text === 'best' || text === '1se') return text;
  const share = Number(text);
  if (text.trim() !== '' && share > 0 && share <= 1) return share;
  throw invalid(
    '--pick',
    `expected best, 1se, or a share of β_max above 0 and at most 1, got ${quoteValue(text)}`,
  );
}

function invalid(where: string, message: string): RelucentError {
  return new RelucentError('invalid-argument', where, message);
}
