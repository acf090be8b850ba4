import { basename, dirname, resolve } from 'node:path';
import { Command } from 'commander';
import { RelucentError } from '../src/error.js';
import { scoreText } from '../src/report/number-text.js';
import { readTableFile } from '../src/table/read-table.js';
import { predictTable, type LoadedModel, type TablePredictions } from '../src/training/predict-table.js';
import type { Context } from './context.js';
import { readModelFile } from './read-model.js';
import { writeFiles } from './write-file.js';

const examples = `
Examples:
  relucent predict iris-relucent/model.json new.csv > predictions.csv
  relucent predict iris-relucent/model.json new.csv --probabilities --out predictions.csv

Columns are found by name; their order and further columns do not matter. Missing cells and categories that training did
not see are treated as in training and counted in a warning. When the file holds the target too, the score is printed to
standard error. A model that the library made from bare numbers takes the columns in their order.`;

interface Flags {
  readonly out?: string;
  readonly probabilities?: boolean;
  readonly json?: boolean;
  readonly query?: string;
}

/** `relucent predict`: predictions of a model for a table, as CSV. */
export function predictCommand(context: Context): Command {
  return new Command('predict')
    .summary('predict the rows of a table')
    .description(
      'Predicts every row of a table and prints CSV: row, prediction and, if wanted, probabilities.',
    )
    .argument('<model>', 'model.json or model.onnx of relucent train, or a model.safetensors')
    .argument('<data>', 'CSV, TSV, JSON-lines or Parquet file, or a pattern, with the columns of training')
    .option('--query <SQL>', 'a SELECT from the table "data", which is the file, to predict')
    .option('--out <FILE>', 'write to a file instead of standard output')
    .option('--probabilities', 'add a column p(CLASS) for each class')
    .option('--json', 'one JSON object instead: predictions, probabilities, score, notes')
    .addHelpText('after', examples)
    .action(async (model: string, data: string, flags: Flags) => {
      await predict(context, model, data, flags);
    });
}

async function predict(context: Context, modelPath: string, dataPath: string, flags: Flags): Promise<void> {
  const { terminal, signal } = context;
  const { out } = flags;
  for (const input of [modelPath, dataPath]) {
    if (out !== undefined && resolve(out) === resolve(input)) {
      throw new RelucentError(
        'invalid-argument',
        '--out',
        `expected a new file, got the input ${input}; name another file`,
      );
    }
  }
  const loaded = await readModelFile(modelPath, signal);
  if (flags.probabilities === true && loaded.classes.length === 0) {
    throw new RelucentError(
      'invalid-argument',
      '--probabilities',
      'expected a classifier, got a regressor; leave the option out',
    );
  }
  const table = await readTableFile(dataPath, { query: flags.query, signal });
  const predicted = predictTable(loaded, table);
  signal.throwIfAborted();
  const text =
    flags.json === true
      ? JSON.stringify(predictionsJson(loaded, predicted))
      : csvLines(loaded, predicted, flags.probabilities === true).join('\n');
  if (out === undefined) terminal.print(text);
  else await writeFiles(dirname(out), [{ name: basename(out), text: `${text}\n` }], signal);
  for (const note of predicted.notes) terminal.note(`warning: ${note}`);
  const { score } = predicted;
  if (score !== null) {
    const values = score.metrics.map(({ name }, k) => `${name} ${scoreText(score.values[k] ?? NaN)}`);
    const target = loaded.preprocessing?.target.name ?? 'the target';
    terminal.note(
      `score on ${score.rows} of ${table.rowCount} rows with a known ${target}: ${values.join(', ')}`,
    );
  }
}

/** `probabilities` of row i are in the order of `classes`; both null in regression, `score` where no target is known. */
function predictionsJson({ classes }: LoadedModel, { predictions, score, notes }: TablePredictions): object {
  const isRegression = predictions.task === 'regression';
  return {
    task: predictions.task,
    classes: isRegression ? null : classes,
    predictions: isRegression
      ? [...predictions.values]
      : Array.from(predictions.labels, (label) => classes[label]),
    probabilities: isRegression ? null : predictions.probabilities,
    score: score && {
      rows: score.rows,
      ...Object.fromEntries(score.metrics.map(({ name }, k) => [name, score.values[k]])),
    },
    notes,
  };
}

function csvLines(
  { classes }: LoadedModel,
  { predictions }: TablePredictions,
  withProbabilities: boolean,
): string[] {
  if (predictions.task === 'regression') {
    return ['row,prediction', ...Array.from(predictions.values, (value, i) => `${i + 1},${value}`)];
  }
  const { labels, probabilities } = predictions;
  const extra = withProbabilities ? classes.map((name) => csvCell(`p(${name})`)) : [];
  return [
    ['row', 'prediction', ...extra].join(','),
    ...Array.from(labels, (label, i) =>
      [i + 1, csvCell(classes[label] ?? ''), ...(withProbabilities ? (probabilities[i] ?? []) : [])].join(
        ',',
      ),
    ),
  ];
}

/** A cell as RFC 4180 wants it: quoted only where it must be. */
function csvCell(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
