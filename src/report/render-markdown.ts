import { calibrationOf } from './calibration.js';
import {
  certificateSentences,
  networkObjectiveSentence,
  scopeSentence,
  trainingSentences,
} from './certificate-words.js';
import { shareText } from './chart-importances.js';
import { escapeMarkdown, markdownCode, markdownTable } from './markdown.js';
import { countNoun, countText, durationText, numberText, percentTextUp, scoreText } from './number-text.js';
import type {
  ClassificationPredictions,
  CvCurve,
  OutputSummary,
  RegressionPredictions,
  ReportInput,
  ScoreSummary,
} from './report-input.js';
import { scoreSentences } from './score-words.js';
import { importanceWords } from './section-inputs.js';
import { calibrationWords, errorWords, residualSummary } from './section-predictions.js';
import { reproductionRows, reproductionWords } from './section-reproducibility.js';
import { groupWords } from './section-training.js';
import { subsample } from './subsample.js';

/** Most lines of a table of the history, the inputs or the path. */
const most = 20;
/** A confusion matrix of more classes does not fit a page. */
const mostClasses = 12;

/**
 * The report as Markdown (tables as on GitHub): the words and numbers of the page, its pictures as tables where numbers
 * say as much. Text of the input is escaped: it shows as text. O(rows + history + groups).
 */
export function renderMarkdown(input: ReportInput): string {
  const { title, task, targetName, sourceName, date, version } = input;
  const parts = [
    `# ${escapeMarkdown(title)}`,
    escapeMarkdown(`${task} of ${targetName} from ${sourceName} · ${date} · relucent ${version}`),
    ...certificatePart(input),
    ...(input.scores ? scoresPart(input, input.scores) : []),
    ...inputsPart(input),
    ...(input.predictions ? predictionsPart(input.predictions) : []),
    ...(input.cvCurve ? cvPart(input.cvCurve) : []),
    ...trainingPart(input),
    ...reproductionPart(input),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

const sentences = (texts: readonly string[]): string => escapeMarkdown(texts.join(' '));

function labelled(input: ReportInput, { label }: OutputSummary): string {
  return input.outputs.length > 1 ? `**${escapeMarkdown(label)}.** ` : '';
}

function certificatePart(input: ReportInput): string[] {
  const { outputs, model } = input;
  return [
    '## Result and certificate',
    sentences(trainingSentences(input)),
    ...outputs.map((output) => labelled(input, output) + sentences(certificateSentences(output, model))),
    ...[...new Set(outputs.map((output) => scopeSentence(output, model)))].map(escapeMarkdown),
    ...outputs.map(
      (output) => labelled(input, output) + escapeMarkdown(networkObjectiveSentence(output, model)),
    ),
  ];
}

function scoresPart({ table }: ReportInput, scores: ScoreSummary): string[] {
  const hasTest = scores.rows.some(({ test }) => test !== null);
  const named = (part: string): string[] =>
    scores.metrics.map(({ name, better }) => `${part} ${name} ${better === 'higher' ? '↑' : '↓'}`);
  const rowsText = table
    ? ` (${countNoun(table.trainRows, 'training row')}, ${countNoun(table.testRows, 'test row')})`
    : '';
  return [
    '## How well it predicts',
    sentences(scoreSentences(scores).map(({ text }) => text)),
    markdownTable(
      ['model', ...named('train'), ...(hasTest ? named('test') : [])],
      scores.rows.map(({ name, train, test }) => [
        name,
        ...train.map(scoreText),
        ...(hasTest ? scores.metrics.map((_, k) => scoreText(test?.[k] ?? NaN)) : []),
      ]),
    ),
    escapeMarkdown(`↑ higher is better, ↓ lower is better${rowsText}.`),
  ];
}

function inputsPart({ importances, surface }: ReportInput): string[] {
  if (importances === undefined || importances.length === 0) return [];
  const shown = importances.slice(0, most);
  const rest = importances.slice(most).reduce((sum, { share }) => sum + share, 0);
  const restRow = [`${countText(importances.length - shown.length)} others together`, shareText(rest)];
  return [
    '## What the network looks at',
    escapeMarkdown(importanceWords(importances)),
    markdownTable(
      ['input', 'share of the path norm'],
      [
        ...shown.map(({ name, share }) => [name, shareText(share)]),
        ...(importances.length > shown.length ? [restRow] : []),
      ],
    ),
    surface
      ? escapeMarkdown(
          `The page report.html has a picture of the predictions over ${surface.x.name} and ${surface.y.name}.`,
        )
      : '',
  ];
}

function predictionsPart(predictions: RegressionPredictions | ClassificationPredictions): string[] {
  const where = predictions.rowsFrom === 'test' ? 'test' : 'training';
  const heading = `## Predictions on the ${where} rows`;
  if (predictions.kind === 'regression') {
    const count = countNoun(predictions.rows.length, `${where} row`);
    return [heading, escapeMarkdown(`Residuals of ${count}: ${residualSummary(predictions)}.`)];
  }
  const { classes, rows } = predictions;
  const calibration = calibrationOf(predictions);
  return [
    heading,
    escapeMarkdown(errorWords(predictions, where)),
    classes.length > mostClasses
      ? ''
      : markdownTable(
          ['actual ↓ predicted →', ...classes],
          classes.map((actual) => [
            actual,
            ...classes.map((predicted) =>
              countText(rows.filter((row) => row.actual === actual && row.predicted === predicted).length),
            ),
          ]),
        ),
    escapeMarkdown(calibrationWords(calibration, where)),
    calibration === null
      ? ''
      : markdownTable(
          ['probability', 'rows', 'mean predicted', 'observed', '95 % interval'],
          calibration.bins.map(({ from, to, count, predicted, observed, low, high }) => [
            `${percent(from)} to ${percent(to)}`,
            countText(count),
            percent(predicted),
            percent(observed),
            `${percent(low)} to ${percent(high)}`,
          ]),
        ),
  ];
}

function cvPart({ points, metricName, better, chosenBeta }: CvCurve): string[] {
  return [
    '## How β was chosen',
    escapeMarkdown(`${metricName}, ${better} is better; chosen was β = ${numberText(chosenBeta, 3)}.`),
    markdownTable(
      ['β', 'mean', 'standard error'],
      subsample(points, most).map(({ beta, mean, standardError }) => [
        numberText(beta, 3),
        numberText(mean, 4),
        numberText(standardError, 2),
      ]),
    ),
  ];
}

function trainingPart(input: ReportInput): string[] {
  const shown = input.outputs.filter(({ history }) => history.length > 0);
  return [
    ...(shown.length > 0 ? ['## How the certificate closed'] : []),
    ...shown.flatMap((output) => [
      `${labelled(input, output)}${escapeMarkdown(`${countNoun(output.iterations, 'iteration')} in ${durationText(output.seconds)}, status “${output.status}”.`)}`,
      markdownTable(
        ['iteration', 'seconds', 'objective', 'dual bound', 'relative gap', 'active groups'],
        subsample(output.history, most).map(({ iteration, seconds, objective, dualBound, activeGroups }) => [
          countText(iteration),
          numberText(seconds, 3),
          numberText(objective, 7),
          numberText(dualBound, 7),
          percentTextUp((objective - dualBound) / Math.max(Math.abs(objective), Number.MIN_VALUE)),
          countText(activeGroups),
        ]),
        () => true,
      ),
    ]),
    '## What the network is made of',
    ...input.outputs.map((output) => labelled(input, output) + escapeMarkdown(groupWords(output.groupNorms))),
  ];
}

function reproductionPart(input: ReportInput): string[] {
  const notes = input.table?.notes ?? [];
  return [
    '## To reproduce this',
    escapeMarkdown(reproductionWords(input)),
    input.commandLine === '' ? '' : markdownCode(input.commandLine),
    markdownTable(
      ['option or fact', 'value'],
      reproductionRows(input).map(({ name, value }) => [name, value]),
      () => false,
    ),
    notes.length === 0 ? '' : notes.map((note) => `- ${escapeMarkdown(note)}`).join('\n'),
  ];
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;
