import { renderCvCurveChart } from './chart-cv-curve.js';
import { html, type Markup } from './markup.js';
import { countNoun, numberText } from './number-text.js';
import { section, wideFigure } from './page-parts.js';
import type { CvCurve } from './report-input.js';

/** Cross-validated score along the path, and where the chosen β lies on it. */
export function cvCurveSection(curve: CvCurve): Markup {
  const sign = curve.better === 'higher' ? 1 : -1;
  const best = curve.points.reduce<CvCurve['points'][number] | undefined>(
    (ahead, point) => (ahead === undefined || sign * point.mean > sign * ahead.mean ? point : ahead),
    undefined,
  );
  const bestText =
    best === undefined
      ? 'no scores were recorded'
      : `the best mean, ${numberText(best.mean, 4)} ± ${numberText(best.standardError, 2)}, is at β = ${numberText(best.beta, 3)}`;
  const chosen = `chosen was β = ${numberText(curve.chosenBeta, 3)}`;
  const svg = renderCvCurveChart(
    {
      id: 'cv-curve',
      label: `Cross-validated ${curve.metricName} against β; ${bestText}; ${chosen}.`,
      width: 640,
    },
    curve,
  );
  return section('path', 'How β was chosen', [
    html`<div class="pictures wide">
      ${wideFigure(svg, `Mean ${curve.metricName} over the folds at ${countNoun(curve.points.length, 'value')} of β, each bar one standard error to both sides; ${bestText}; ${chosen}.`)}
    </div>`,
  ]);
}
