import { countNoun, durationText, numberText, scoreText } from '../src/report/number-text.js';
import type { ReportInput, ScoreSummary } from '../src/report/report-input.js';
import { bestRow, scoreSentences } from '../src/report/score-words.js';
import { summaryLines, type TableSummary } from '../src/table/describe.js';
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
    `yardsticks ${durationText(seconds.yardsticks)}`,
  ].filter((text) => text !== null);
  const [onnx = '', result = '', page = '', modelFile = ''] = paths;
  return [
    outputs.length > 1 ? `Certificate, ${outputs.length} outputs added up` : 'Certificate',
    ...certificateLines(certificate, report.model),
    ...decompositionLines(outcome),
    ...(outputs.length > 1 ? ['', ...outputLines(report.outputs, betas)] : []),
    '',
    ...scoreLines(scores, outcome),
    ...noteLines([beta.note, linearNote(outcome)].filter((note) => note !== null)),
    '',
    ...align([
      ['Time', `${durationText(seconds.total)}: ${parts.join(', ')}`],
      ['Wrote', modelFile],
      ['', onnx],
      ['', page],
      ['', result],
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
