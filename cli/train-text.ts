import { countNoun, durationText, numberText, scoreText } from '../src/report/number-text.js';
import type { ReportInput, ScoreSummary } from '../src/report/report-input.js';
import { bestRow, scoreSentences } from '../src/report/score-words.js';
import { summaryLines, type TableSummary } from '../src/table/describe.js';
import type { NetworkSize } from '../src/estimator/choose-model.js';
import type { PreparedTable } from '../src/training/prepare-table.js';
import type { TrainOutcome } from '../src/training/train-table.js';
import { align } from './align.js';
import { certificateLines, outputLines } from './certificate-text.js';
import { oneLine } from './terminal.js';

/** Most columns listed one by one. */
const MAX_COLUMNS = 40;

/** The table as understood. */
export function tableLines(summary: TableSummary): string[] {
  const lines = summaryLines({ ...summary, notes: [] });
  const [title = '', ...rest] = lines;
  const shown = rest.slice(0, MAX_COLUMNS + 1);
  const hidden = rest.length - shown.length;
  return [title, '', ...shown.map((line) => `  ${line}`), ...(hidden > 0 ? [`  … and ${hidden} more`] : [])];
}

/** How the rows were split and what was done to the data. */
export function preparedLines(
  { preprocessing, train, test, split, notes }: PreparedTable,
  seed: number,
): string[] {
  const { target, featureNames } = preprocessing;
  const task =
    target.task === 'classification'
      ? `classification of ${target.name}: ${classCounts(target.classes, [train, test])}`
      : `regression of ${target.name}`;
  const stratified = target.task === 'classification' ? ', by class' : '';
  return [
    '',
    ...align([
      ['Task', task],
      ['Inputs', `${countNoun(featureNames.length, 'number')} per row, standardised, and a bias`],
      [
        'Rows',
        `${split.train.length} to train, ${split.test.length} held out to test (seed ${seed}${stratified})`,
      ],
    ]),
    ...noteLines([...preprocessing.notes, ...notes]),
    '',
  ];
}

/** What was trained, proven and scored, and where it was written. */
export function outcomeLines(outcome: TrainOutcome, report: ReportInput, paths: readonly string[]): string[] {
  const { model, seconds, scores, beta } = outcome;
  const { certificate, outputs } = model;
  const betas = outputs.map((output) => output.certificate.beta);
  const parts = [
    beta.by === 'beta' || beta.by === 'beta-ratio'
      ? null
      : `cross-validation ${durationText(seconds.crossValidation)}`,
    `training ${durationText(seconds.training)}`,
    seconds.nested === undefined ? null : `nested cross-validation ${durationText(seconds.nested)}`,
    `yardsticks ${durationText(seconds.yardsticks)}`,
  ].filter((text) => text !== null);
  const modelFile = paths.at(-1) ?? '';
  return [
    outputs.length > 1 ? `Certificate, ${outputs.length} outputs added up` : 'Certificate',
    ...certificateLines(certificate, report.model),
    ...decompositionLines(outcome),
    ...(outputs.length > 1 ? ['', ...outputLines(report.outputs, betas)] : []),
    '',
    ...scoreLines(scores, outcome),
    ...choiceLines(outcome),
    ...nestedLines(outcome),
    ...importanceLines(outcome),
    ...noteLines([beta.note, linearNote(outcome)].filter((note) => note !== null)),
    '',
    ...align([
      ['Time', `${durationText(seconds.total)}: ${parts.join(', ')}`],
      ['Wrote', modelFile],
      ...paths
        .slice(0, -1)
        .map((path) => ['', path])
        .reverse(),
      ['Next', `relucent predict ${modelFile} NEW.csv`],
    ]),
  ];
}

function scoreLines(scores: ScoreSummary, { prepared }: TrainOutcome): string[] {
  const parts = prepared.test ? (['train', 'test'] as const) : (['train'] as const);
  const names = scores.metrics.map(({ name, better }) => `${name} ${better === 'higher' ? '↑' : '↓'}`);
  const header = ['Scores (* best)', ...parts.flatMap((part) => names.map((name) => `${part} ${name}`))];
  const body = scores.rows.map((row, index) => [
    `  ${row.name}`,
    ...parts.flatMap((part) =>
      scores.metrics.map((_, k) => {
        const best = bestRow(scores, k, part) === index ? '*' : ' ';
        return `${scoreText(row[part]?.[k] ?? NaN)}${best}`;
      }),
    ),
  ]);
  // A space in the header stands above the mark of the best.
  const rows = [header.map((text, k) => (k === 0 ? text : `${text} `)), ...body];
  return [
    ...align(rows, { right: [false, ...names, ...names].map((_, k) => k > 0) }),
    ...scoreSentences(scores).map(({ text }) => `  ${text}`),
  ];
}

/** Most columns named with their share. */
const MAX_IMPORTANCES = 5;

function sizeText({ depth, width }: NetworkSize): string {
  return width === null ? `depth ${depth}` : `depth ${depth}, width ${width}`;
}

/** What cross-validation chose beside the best β. */
function choiceLines({ beta }: TrainOutcome): string[] {
  const { sizes, size, rule, bestBetaRatio, betaRatio } = beta;
  const lines: string[] = [];
  if (sizes) {
    const each = sizes.map(
      (one) => `${sizeText(one)}: ${numberText(one.mean, 4)} ± ${numberText(one.standardError, 2)}`,
    );
    lines.push('', `Size    ${sizeText(size)}, by held-out loss: ${each.join('; ')}`);
  }
  if (rule === 'one-standard-error' && bestBetaRatio !== null && betaRatio !== null) {
    lines.push(
      `Rule    one standard error: β at ${numberText(betaRatio, 2)} of β_max in place of the best, ${numberText(bestBetaRatio, 2)}`,
    );
  }
  return lines;
}

function nestedLines({ nested }: TrainOutcome): string[] {
  if (nested === null) return [];
  const each = nested.metrics.map(
    ({ name }, k) =>
      `${name} ${scoreText(nested.mean[k] ?? NaN)} ± ${scoreText(nested.standardDeviation[k] ?? NaN)}`,
  );
  return ['', `Nested  ${nested.folds} outer folds, mean ± standard deviation: ${each.join(', ')}`];
}

function importanceLines({ importances }: TrainOutcome): string[] {
  const shown = importances
    .slice(0, MAX_IMPORTANCES)
    .filter(({ share }) => share > 0)
    .map(({ name, share }) => `${oneLine(name)} ${numberText(100 * share, 2)} %`);
  if (shown.length === 0) return [];
  const rest = importances.length - shown.length;
  return ['', `Inputs  share of the path norm: ${shown.join(', ')}${rest > 0 ? `, ${rest} more` : ''}`];
}

function decompositionLines({ model }: TrainOutcome): string[] {
  return model.outputs.flatMap(({ label, decomposition }) => {
    if (decomposition === null) return [];
    const { gatedObjective, networkObjective, change } = decomposition;
    const share = gatedObjective > 0 ? ` (+${numberText((100 * change) / gatedObjective, 3)} %)` : '';
    return [
      `  "${oneLine(label)}" as a ReLU network: objective ${numberText(gatedObjective, 6)} gated → ` +
        `${numberText(networkObjective, 6)}${share}; same outputs on the training rows`,
    ];
  });
}

function linearNote({ linear, beta }: TrainOutcome): string | null {
  return linear.choice.by === 'default' && beta.by !== 'default'
    ? `The ${linear.name}: ${linear.choice.note ?? ''}`
    : null;
}

function classCounts(classes: readonly string[], parts: readonly (PreparedTable['train'] | null)[]): string {
  const counts = classes.map((_, k) =>
    parts.reduce(
      (sum, part) =>
        sum +
        (part?.actual.task === 'classification'
          ? part.actual.labels.filter((label) => label === k).length
          : 0),
      0,
    ),
  );
  const shown = classes.slice(0, 8).map((name, k) => `${oneLine(name)} (${counts[k] ?? 0})`);
  const rest = classes.length - shown.length;
  return `${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function noteLines(notes: readonly string[]): string[] {
  return notes.map((note) => `Note    ${oneLine(note)}`);
}
