import { existsSync } from 'node:fs';
import { CV_GRID } from '../src/estimator/select-beta.js';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { withExecutor } from '../src/executor/open-executor.js';
import { recordingExecutor } from '../src/executor/recording-executor.js';
import { availableThreads } from '../src/executor/runtime.js';
import type { CalibrationMethod } from '../src/estimator/calibration.js';
import type { ClassWeight, MultiClass } from '../src/estimator/class-targets.js';
import { quoteValue, RelucentError } from '../src/error.js';
import { durationText } from '../src/report/number-text.js';
import type { Delimiter } from '../src/table/csv-reader.js';
import { filesOf, readTableFile } from '../src/table/read-table.js';
import type { TableSummary } from '../src/table/describe.js';
import { forecastTraining, measureSpeed } from '../src/training/forecast.js';
import { writeOnnx } from '../src/formats/onnx.js';
import type { PreparedTable } from '../src/training/prepare-table.js';
import { resultOfOutcome } from '../src/training/result-file.js';
import { reportOfOutcome } from '../src/training/report-of-outcome.js';
import { modelFileOf, readyTable, trainTable, type TrainHooks } from '../src/training/train-table.js';
import { DEFAULT_WIDTH, TRAIN_DEFAULTS, type TrainOptions } from '../src/training/train-options.js';
import { withConfigFile } from './config-file.js';
import type { ReportFormat } from '../src/report/report-format-names.js';
import { jsonText } from '../src/report/json-text.js';
import { reportToJson } from '../src/report/report-json.js';
import { sha256OfFiles } from './checksum.js';
import type { Context } from './context.js';
import { forecastLines, trainDryRun } from './dry-run-text.js';
import { EXIT } from './exit.js';
import { choiceOption, numberOption, ranges, threadsText } from './option-values.js';
import { savingCheckpoint, TRAIN_CHECKPOINT, TrainCheckpoint } from './train-checkpoint.js';
import {
  classWeight,
  commandLine,
  depthOrAuto,
  depths,
  reportFormats,
  tableName,
  widths,
} from './train-values.js';
import { outcomeLines, preparedLines, tableLines } from './train-text.js';
import { withTableOptions } from './table-options.js';
import { checkWritable, writeFiles } from './write-file.js';

const examples = `
Examples:
  relucent train data/breast-cancer.csv --target diagnosis
  relucent train data/auto-mpg.csv --target mpg --categorical cylinders --drop model_year
  relucent train 'data/*.parquet' --target y --query "SELECT * FROM data WHERE year > 2020"
  relucent train data.csv --target y --depth 3 --width 4 --sample 500
  relucent train data.csv --target y --beta-ratio 0.01 --out results   (no cross-validation)
  relucent train data.csv --target y --dry-run
  relucent train data.csv --target y --resume                          (after Ctrl-C, a kill or a crash)
  relucent train data.csv --config options.json                        ({ "target": "y", "depth": 3 })
  relucent train data.csv --target y --depth auto --one-se --nested 5  (choose depth and width too, and estimate honestly)
  relucent train data.csv --target y --class-weight balanced --calibration sigmoid

Writes model.json (for relucent predict), model.onnx (for any ONNX runtime), report.html (open it in a browser) and result.json to the folder --out, all at
once at the end; files of these names are replaced. --report-format adds report.md and report.json, or leaves the page out. --time-limit covers choosing β (at most 60 % of it) and training.`;

/** Options as commander hands them over. */
interface Flags {
  readonly target?: string;
  readonly task?: 'regression' | 'classification';
  readonly drop?: readonly string[];
  readonly categorical?: readonly string[];
  readonly delimiter?: Delimiter;
  readonly query?: string;
  readonly out?: string;
  readonly depth: 2 | 3 | 'auto';
  readonly width?: number;
  readonly widths?: readonly number[];
  readonly depths?: readonly (2 | 3)[];
  readonly oneSe?: boolean;
  readonly nested?: number;
  readonly multiClass?: MultiClass;
  readonly calibration?: CalibrationMethod;
  readonly classWeight?: ClassWeight;
  readonly weights?: string;
  readonly formulation: 'relu' | 'gated';
  readonly decompose?: boolean;
  readonly sample: number;
  readonly seed: number;
  readonly beta?: number;
  readonly betaRatio?: number;
  readonly folds: number;
  readonly tolerance: number;
  readonly timeLimit?: number;
  readonly threads?: number;
  readonly testFraction: number;
  readonly resume?: boolean;
  readonly dryRun?: boolean;
  readonly reportFormat: readonly ReportFormat[];
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** `relucent train`: the main job, from a table to a certified model, a report and a result file. */
export function trainCommand(context: Context): Command {
  return withConfigFile(bareCommand(context), context);
}

function bareCommand(context: Context): Command {
  const number = (flag: string, name: string, text: string, range: keyof typeof ranges): Option =>
    new Option(`${name} ${flag}`, text).argParser(numberOption(name, ranges[range]));
  const d = TRAIN_DEFAULTS;
  const command = new Command('train')
    .summary('train a certified network on a table')
    .description(
      'Trains a ReLU network on a table to a proven optimum and reports what was proven and how well it predicts.',
    )
    .argument('<data>', 'CSV, TSV, JSON-lines or Parquet file, or a pattern such as "data/*.csv"');
  return withTableOptions(command)
    .option('--out <DIR>', 'folder for the results (default: NAME-relucent for NAME.csv and NAME/*.csv)')
    .addOption(
      number(
        '<F>',
        '--test-fraction',
        'share of the rows held out for the test score',
        'testFraction',
      ).default(d.testFraction),
    )
    .addOption(
      number('<N>', '--seed', 'seed of the split, the folds and the patterns', 'seed').default(d.seed),
    )
    .addOption(
      new Option('--depth <L>', 'layers, 2 or 3, or auto: by cross-validation')
        .argParser(depthOrAuto)
        .default(d.depth),
    )
    .addOption(
      new Option('--depths <LIST>', 'layers to choose from by cross-validation, e.g. 2,3').argParser(depths),
    )
    .addOption(
      number(
        '<M>',
        '--width',
        `first-layer neurons per sub-network, depth 3 only (default: ${DEFAULT_WIDTH})`,
        'width',
      ),
    )
    .addOption(
      new Option(
        '--widths <LIST>',
        'with --depths or --depth auto: widths to choose from (default: 2,4); else one width',
      ).argParser(widths),
    )
    .addOption(
      new Option('--formulation <KIND>', 'relu or gated')
        .argParser(choiceOption('--formulation', ['relu', 'gated']))
        .default(d.formulation),
    )
    .option('--decompose', 'rewrite a gated solution as a ReLU network')
    .addOption(number('<N>', '--sample', 'activation patterns to sample', 'sample').default(d.sample))
    .addOption(
      number('<B>', '--beta', 'strength of the path-norm penalty (default: by cross-validation)', 'beta'),
    )
    .addOption(
      number('<R>', '--beta-ratio', 'the same as a share of β_max, above which the network is zero', 'ratio'),
    )
    .addOption(number('<K>', '--folds', 'folds of the cross-validation', 'folds').default(d.folds))
    .option('--one-se', 'take the simplest model within one standard error of the best')
    .addOption(
      number(
        '<K>',
        '--nested',
        'outer folds of an honest estimate of all choices (K times the work)',
        'folds',
      ),
    )
    .addOption(
      new Option('--multi-class <WAY>', 'three or more classes: softmax or one-vs-rest (default)').argParser(
        choiceOption('--multi-class', ['softmax', 'one-vs-rest']),
      ),
    )
    .addOption(
      new Option('--class-weight <W>', 'balanced, or LABEL=W,LABEL=W (others: 1)').argParser(classWeight),
    )
    .option('--weights <COLUMN>', 'column with the weight of each row, no input; 0 leaves it out of training')
    .addOption(
      new Option('--calibration <WAY>', 'calibrate probabilities: sigmoid or isotonic').argParser(
        choiceOption('--calibration', ['sigmoid', 'isotonic']),
      ),
    )
    .addOption(
      number('<EPS>', '--tolerance', 'relative duality gap to reach', 'tolerance').default(d.tolerance),
    )
    .addOption(
      number('<S>', '--time-limit', 'seconds for choosing β and training (default: none)', 'seconds'),
    )
    .addOption(number('<N>', '--threads', `${threadsText} (default: all there are)`, 'threads'))
    .option('--resume', `go on from ${TRAIN_CHECKPOINT} in the folder --out, to the same result`)
    .option('--dry-run', 'only say what would be done, in what time and memory; write nothing')
    .addOption(
      new Option('--report-format <LIST>', 'any of html, md, json')
        .argParser(reportFormats)
        .default(['html'], 'html'),
    )
    .option('--json', 'print the content of result.json instead of the summary')
    .option('--quiet', 'no progress on standard error')
    .addHelpText('after', examples)
    .action(async (file: string, flags: Flags) => {
      await train(context, file, flags);
    });
}

async function train(context: Context, file: string, flags: Flags): Promise<void> {
  const { terminal, signal } = context;
  if (flags.quiet === true) terminal.silenceProgress();
  checkCombinations(flags);
  const folder = flags.out ?? `${tableName(file)}-relucent`;
  const files = [
    'model.onnx',
    'result.json',
    ...flags.reportFormat.map((format) => `report.${format}` as const),
    'model.json',
  ] as const;
  await checkWritable(folder, [...files, TRAIN_CHECKPOINT]);
  const table = await readTableFile(file, { delimiter: flags.delimiter, query: flags.query, signal });
  const checksum = await sha256OfFiles(await filesOf(file, signal), signal);
  if (flags.target === undefined) throw noTarget(table.columns);
  const say = (lines: readonly string[]): void => {
    if (flags.json !== true) terminal.print(lines.join('\n'));
  };
  const options = optionsOf(flags, flags.target);
  const threads = flags.threads ?? availableThreads();
  const tableHooks = {
    onTable: (summary: TableSummary): void => {
      say(tableLines(summary));
    },
    onPrepared: (prepared: PreparedTable): void => {
      say(preparedLines(prepared, flags.seed));
    },
  };
  if (flags.dryRun === true) {
    const { prepared } = readyTable(table, options, tableHooks);
    const forecast = forecastTraining(prepared, options, { threads, speed: measureSpeed() });
    const paths = files.map((name) => join(folder, name));
    if (flags.json === true) terminal.print(JSON.stringify(trainDryRun(prepared, forecast, paths)));
    else say(forecastLines(forecast, threads, paths));
    return;
  }
  const checkpoint = new TrainCheckpoint(folder);
  if (flags.resume === true && !(await checkpoint.read(signal))) {
    terminal.note(`warning: --resume: ${checkpoint.path} is not there, so the run starts anew`);
  }
  if (flags.resume !== true && existsSync(checkpoint.path)) {
    terminal.note(
      `warning: ${checkpoint.path} of an interrupted run is replaced; --resume would go on from it`,
    );
  }
  const { outcome, report, result } = await savingCheckpoint(checkpoint, signal, async () => {
    const outcome = await withExecutor(undefined, threads, (executor) =>
      trainTable(table, options, {
        ...progressHooks(context),
        ...tableHooks,
        onPrepared: (prepared) => {
          // Cells themselves are in what each task is given, which its record is kept under.
          checkpoint.begin({ prepared: { ...prepared, source: null }, options });
          tableHooks.onPrepared(prepared);
        },
        executor: recordingExecutor(executor, checkpoint),
        signal,
      }),
    );
    terminal.stage('writing the report …');
    const { reportText } = await import('../src/report/report-formats.js');
    const date = new Date().toISOString();
    const model = modelFileOf(outcome);
    const report = reportOfOutcome(outcome, {
      date: date.slice(0, 16).replace('T', ' ') + ' UTC',
      commandLine: commandLine(context.argv),
      facts: [
        { name: 'SHA-256 of the data', value: checksum },
        { name: 'checksum of the model', value: model.checksum },
        { name: 'ran on', value: `Node ${process.version}, ${process.platform} ${process.arch}` },
      ],
    });
    const result = {
      ...resultOfOutcome(outcome, { date, runtime: `Node ${process.version}` }),
      report: reportToJson(report),
    };
    await writeFiles(
      folder,
      [
        { name: 'result.json', text: jsonText(result) },
        ...flags.reportFormat.map((format) => ({
          name: `report.${format}`,
          text: reportText(format, report),
        })),
        { name: 'model.onnx', text: writeOnnx(model) },
        { name: 'model.json', text: `${JSON.stringify(model)}\n` },
      ],
      signal,
    );
    checkpoint.remove();
    return { outcome, report, result };
  });
  if (flags.json === true) terminal.print(JSON.stringify(result));
  else
    say(
      outcomeLines(
        outcome,
        report,
        files.map((name) => join(folder, name)),
      ),
    );
  if (outcome.warning !== null) terminal.note(`warning: ${outcome.warning}`);
  if (outcome.model.certificate.status !== 'optimal') context.exitCode = EXIT.limit;
}

function progressHooks({ terminal }: Context): TrainHooks {
  const started = performance.now();
  return {
    onCrossValidation: (done, total) => {
      // Solves get slower as β shrinks along the grid: a whole path must be done before the time left can be told.
      const left = ((performance.now() - started) / 1000 / done) * (total - done);
      const forecast =
        done >= CV_GRID.count && left >= 5 ? `, about ${durationText(Math.round(left))} left` : '';
      const news = `choosing β by cross-validation: ${done} of ${total} solves${forecast}`;
      if (done === 1) terminal.stage(news);
      else terminal.progress(news);
    },
    onIteration: (output, { iteration, relativeGap, activeGroups }) => {
      const news = `training "${output}": iteration ${iteration}, relative gap ${relativeGap.toExponential(1)}, ${activeGroups} sub-networks`;
      if (iteration === 0) terminal.stage(news);
      else terminal.progress(news);
    },
    onOuterFold: (done, total) => {
      terminal.stage(`nested cross-validation: ${done} of ${total} outer folds`);
    },
    onYardsticks: () => {
      terminal.stage('training the yardsticks …');
    },
  };
}

function optionsOf(flags: Flags, target: string): TrainOptions {
  const { task, drop, categorical, beta, betaRatio, timeLimit } = flags;
  const width = flags.width ?? (depthsOf(flags) ? undefined : flags.widths?.[0]);
  return {
    target,
    testFraction: flags.testFraction,
    seed: flags.seed,
    depth: flags.depth === 'auto' ? 2 : flags.depth,
    ...selectionOf(flags),
    formulation: flags.formulation,
    decompose: flags.decompose ?? TRAIN_DEFAULTS.decompose,
    sample: flags.sample,
    folds: flags.folds,
    tolerance: flags.tolerance,
    ...(task === undefined ? {} : { task }),
    ...(drop === undefined ? {} : { drop }),
    ...(categorical === undefined ? {} : { categorical }),
    ...(width === undefined ? {} : { width }),
    ...(beta === undefined ? {} : { beta }),
    ...(betaRatio === undefined ? {} : { betaRatio }),
    ...(timeLimit === undefined ? {} : { timeLimit }),
  };
}

/** Depths to choose from, if there is a choice. */
function depthsOf({ depth: layers, depths: list }: Flags): readonly (2 | 3)[] | undefined {
  return layers === 'auto' ? [2, 3] : list;
}

/** Options that are left out where they are not given. */
function selectionOf(flags: Flags): Partial<TrainOptions> {
  const list = depthsOf(flags);
  const given = {
    depths: list,
    widths: list && flags.widths,
    selection: flags.oneSe === true ? 'one-standard-error' : undefined,
    nested: flags.nested,
    multiClass: flags.multiClass,
    calibration: flags.calibration,
    classWeight: flags.classWeight,
    weights: flags.weights,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** Options that contradict each other. */
function checkCombinations(flags: Flags): void {
  const { width, widths: list, beta, betaRatio } = flags;
  if (checkSelection(flags)) return;
  const layers = flags.depth === 'auto' ? 2 : flags.depth;
  if (width !== undefined && list !== undefined) {
    throw invalid('--widths', 'expected either --width or --widths, got both; leave one out');
  }
  if (width !== undefined && layers === 2) {
    throw invalid('--width', `expected no width at depth 2, got ${width}; pass --depth 3 or leave it out`);
  }
  if (list !== undefined && list.length !== layers - 2) {
    const fix = layers === 2 ? 'pass --depth 3 or leave it out' : 'give one width, e.g. --widths 4';
    throw invalid(
      '--widths',
      `expected ${layers - 2} numbers at depth ${layers}, got ${list.length}; ${fix}`,
    );
  }
  if (flags.decompose === true && flags.formulation === 'relu') {
    throw invalid(
      '--decompose',
      'expected --formulation gated, got relu, which is a ReLU network already; leave --decompose out',
    );
  }
  if (beta !== undefined && betaRatio !== undefined) {
    throw invalid('--beta-ratio', 'expected either --beta or --beta-ratio, got both; leave one out');
  }
}

/** Contradictions of what is chosen by cross-validation; true where the size is among that. */
function checkSelection(flags: Flags): boolean {
  const { depth: layers, width, widths: list, oneSe, decompose } = flags;
  const given = flags.beta === undefined ? (flags.betaRatio === undefined ? null : '--beta-ratio') : '--beta';
  const choice = depthsOf(flags);
  if (given !== null && oneSe === true) {
    throw invalid('--one-se', `expected β left to cross-validation, got ${given}; leave one of them out`);
  }
  if (choice === undefined) return false;
  const name = layers === 'auto' ? '--depth auto' : '--depths';
  if (layers === 'auto' && flags.depths !== undefined) {
    throw invalid('--depths', 'expected either --depth auto or --depths, got both; leave one out');
  }
  if (given !== null) {
    throw invalid(name, `expected β left to cross-validation too, got ${given}; leave one of them out`);
  }
  if (width !== undefined) {
    throw invalid(
      '--width',
      `expected the widths to choose from, got one with ${name}; use --widths ${width}`,
    );
  }
  if (list !== undefined && (list.length === 0 || !choice.includes(3))) {
    throw invalid('--widths', `expected widths for depth 3, got none to use them; add 3 to ${name}`);
  }
  if (decompose === true && flags.formulation === 'relu') {
    throw invalid(
      '--decompose',
      'expected --formulation gated, got relu, which is a ReLU network already; leave --decompose out',
    );
  }
  return true;
}

function noTarget(columns: readonly string[]): RelucentError {
  const shown = columns.slice(0, 10).map((name) => quoteValue(name));
  const rest = columns.length - shown.length;
  const list = `${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  return invalid('--target', `expected the column to predict, got none; the file has ${list}`);
}

function invalid(where: string, message: string): RelucentError {
  return new RelucentError('invalid-argument', where, message);
}
