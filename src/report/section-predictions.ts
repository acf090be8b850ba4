import { renderConfusionChart } from './chart-confusion.js';
import { renderPredictedActualChart, scatterLimit } from './chart-predicted-actual.js';
import { renderProbabilitiesChart } from './chart-probabilities.js';
import { renderResidualsChart } from './chart-residuals.js';
import { html, type Markup } from './markup.js';
import { countNoun, countText, numberText, percentTextUp } from './number-text.js';
import { figure, section } from './page-parts.js';
import type { ClassificationPredictions, RegressionPredictions, ReportInput } from './report-input.js';

/** Predictions row by row: scatter and residuals, or confusion matrix and probabilities. */
export function predictionsSection(input: ReportInput): Markup {
  const { predictions } = input;
  const where = predictions.rowsFrom === 'test' ? 'test' : 'training';
  const pictures =
    predictions.kind === 'regression'
      ? regressionFigures(predictions, input.targetName, where)
      : classificationFigures(predictions, where);
  const isLarge = predictions.kind === 'classification' && predictions.classes.length > sideBySideClasses;
  const layout = isLarge ? 'pictures broad large' : 'pictures';
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
function residualSummary(predictions: RegressionPredictions): string {
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
      `Histogram of ${what}, for each actual class: rows predicted rightly in blue, wrongly in orange.${half}`,
    ),
  ];
}

function errorWords(predictions: ClassificationPredictions, where: string): string {
  const total = predictions.rows.length;
  if (total === 0) return 'There are no rows to show.';
  const wrong = predictions.rows.filter((row) => row.actual !== row.predicted).length;
  const verb = wrong === 1 ? 'is' : 'are';
  return `${countText(wrong)} of ${countNoun(total, `${where} row`)} ${verb} predicted wrongly (${percentTextUp(wrong / total)}).`;
}
