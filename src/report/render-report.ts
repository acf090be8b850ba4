import type { Markup } from './markup.js';
import { page } from './page-parts.js';
import type { ReportInput } from './report-input.js';
import { certificateSection } from './section-certificate.js';
import { cvCurveSection } from './section-cv-curve.js';
import { inputsSection } from './section-inputs.js';
import { predictionsSection } from './section-predictions.js';
import { reproducibilitySection } from './section-reproducibility.js';
import { scoresSection } from './section-scores.js';
import { convergenceSection, groupNormsSection } from './section-training.js';

/**
 * The report of one training run as one HTML page: style and pictures inline, no script, nothing loaded from anywhere.
 *
 * Readable in light and dark, on a phone and on paper. The same input always gives the same bytes. Text of the input
 * is escaped wherever it appears; numbers that are not finite are said in words. O(rows + history + groups).
 */
export function renderReport(input: ReportInput): string {
  const { title, task, targetName, sourceName, date, version } = input;
  const byline = `${task} of ${targetName} from ${sourceName} · ${date} · relucent ${version}`;
  return page({ kind: 'relucent report', title, byline, version }, sections(input));
}

function sections(input: ReportInput): readonly Markup[] {
  const { scores, predictions, cvCurve } = input;
  return [
    certificateSection(input),
    scores && scoresSection(input, scores),
    inputsSection(input),
    predictions && predictionsSection(predictions, input.targetName),
    cvCurve && cvCurveSection(cvCurve),
    convergenceSection(input),
    groupNormsSection(input),
    reproducibilitySection(input),
  ].filter((part) => part !== undefined && part !== null);
}
