import { calibrationOf, type Calibration } from './calibration.js';
import { renderCalibrationChart } from './chart-calibration.js';
import { renderConfusionChart } from './chart-confusion.js';
import { renderPredictedActualChart, scatterLimit } from './chart-predicted-actual.js';
import { renderProbabilitiesChart } from './chart-probabilities.js';
import { renderResidualsChart } from './chart-residuals.js';
import { html, type Markup } from './markup.js';
import { countNoun, countText, numberText, percentTextUp } from './number-text.js';
import { figure, section } from './page-parts.js';
import type { ClassificationPredictions, RegressionPredictions } from './report-input.js';

/** Predictions row by row: scatter and residuals, or confusion matrix and probabilities. */
export function predictionsSection(
  predictions: RegressionPredictions | ClassificationPredictions,
  targetName: string,
): Markup {
  const where = predictions.rowsFrom === 'test' ? 'test' : 'training';
  const pictures =
    predictions.kind === 'regression'
      ? regressionFigures(predictions, targetName, where)
      : classificationFigures(predictions, where);
  const isLarge = predictions.kind === 'classification' && predictions.classes.length > sideBySideClasses;
  const trio = predictions.kind === 'classification' ? ' trio' : '';
  const layout = isLarge ? 'pictures broad large' : `pictures${trio}`;
  const warning =
    predictions.rowsFrom === 'test'
      ? ''
      : html`<p class="note">
          There are no test rows: these are predictions of the rows that the network was trained on.
        </p>`;
  return section('predictions', `Predictions on the ${where} rows`, [
    html`${warning}`,
    html`<div class="${layout}">${pictures}</div>`,
  ]);
}

function regressionFigures(
  predictions: RegressionPredictions,
  target: string,
  where: string,
): readonly Markup[] {
  const { rows } = predictions;
  const scatter = renderPredictedActualChart(
    {
      id: 'scatter',
      label: `Predicted against actual ${target}, one dot for each of ${countNoun(rows.length, `${where} row`)}.`,
    },
    rows,
    target,
  );
  const residuals = renderResidualsChart(
    { id: 'residuals', label: `Histogram of the residuals of ${target}; ${residualSummary(predictions)}.` },
    rows,
    target,
  );
  const shown =
    rows.length > scatterLimit
      ? `${countText(scatterLimit)} of ${countText(rows.length)} ${where} rows, evenly spaced through the file`
      : `all ${countNoun(rows.length, `${where} row`)}`;
  return [
    figure(
      scatter,
      `Predicted against actual value: ${shown}. On the dashed diagonal the prediction is exact.`,
    ),
    figure(
      residuals,
      `Residuals of all ${countNoun(rows.length, `${where} row`)}; ${residualSummary(predictions)}.`,
    ),
  ];
}

/** Mean and root mean square in words; the mean is far from zero where predictions are biased. */
export function residualSummary(predictions: RegressionPredictions): string {
  const residuals = predictions.rows.map((row) => row.actual - row.predicted);
  const count = Math.max(residuals.length, 1);
  const mean = residuals.reduce((sum, residual) => sum + residual, 0) / count;
  const square = residuals.reduce((sum, residual) => sum + residual * residual, 0) / count;
  return `mean ${numberText(mean, 3)}, root mean square ${numberText(Math.sqrt(square), 3)}`;
}

/** Above this many classes each picture takes the whole width. */
const sideBySideClasses = 8;

function classificationFigures(predictions: ClassificationPredictions, where: string): readonly Markup[] {
  const { classes, rows } = predictions;
  const width = classes.length > sideBySideClasses ? 720 : undefined;
  const words = errorWords(predictions, where);
  const confusion = renderConfusionChart(
    {
      id: 'confusion',
      label: `Confusion matrix of ${countNoun(classes.length, 'class', 'classes')}. ${words}`,
      width,
    },
    classes,
    rows,
  );
  const isBinary = classes.length === 2;
  const what = isBinary
    ? `the probability of “${classes[1] ?? ''}”`
    : 'the probability given to the actual class';
  const probabilities = renderProbabilitiesChart(
    { id: 'probabilities', label: `Histograms of ${what}, one for each actual class.`, width },
    classes,
    rows,
  );
  const half = isBinary ? ' The dashed line is one half.' : '';
  return [
    figure(
      confusion,
      `${words} Each row of the picture is one actual class; the shade is the share of that class.`,
    ),
    figure(
      probabilities,
      `Histogram of ${what}, for each actual class: rows predicted rightly are filled in blue, wrong ones outlined in orange.${half}`,
    ),
    calibrationFigure(predictions, where, width),
  ];
}

function calibrationFigure(
  predictions: ClassificationPredictions,
  where: string,
  width: number | undefined,
): Markup {
  const calibration = calibrationOf(predictions);
  const { classes } = predictions;
  const event = classes.length === 2 ? `it is ${classes[1] ?? ''}` : 'the predicted class is right';
  const words = calibrationWords(calibration, where);
  const svg = renderCalibrationChart(
    { id: 'calibration', label: `Reliability diagram of the probability that ${event}. ${words}`, width },
    calibration,
    event,
  );
  return figure(
    svg,
    `${words} On the dashed diagonal a probability of 70 % comes true in 70 % of its rows; each bar is a 95 % interval, the numbers below are rows.`,
  );
}

/** Calibration in numbers; also for a report without pictures. */
export function calibrationWords(calibration: Calibration | null, where: string): string {
  if (calibration === null) return 'There are no probabilities to compare with what happened.';
  const { error, brier, rows } = calibration;
  const few = rows < 200 ? ' With so few rows the shares are rough.' : '';
  return `Calibration on ${countNoun(rows, `${where} row`)}: the probabilities are off by ${numberText(100 * error, 2)} points on average (expected calibration error), Brier score ${numberText(brier, 3)}.${few}`;
}

export function errorWords(predictions: ClassificationPredictions, where: string): string {
  const total = predictions.rows.length;
  if (total === 0) return 'There are no rows to show.';
  const wrong = predictions.rows.filter((row) => row.actual !== row.predicted).length;
  const verb = wrong === 1 ? 'is' : 'are';
  return `${countText(wrong)} of ${countNoun(total, `${where} row`)} ${verb} predicted wrongly (${percentTextUp(wrong / total)}).`;
}
