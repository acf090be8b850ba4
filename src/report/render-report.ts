import { html, trustedMarkup, type Markup } from './markup.js';
import { pageStyle } from './page-style.js';
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
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="generator" content="relucent ${input.version}" />
        <title>${input.title} · relucent report</title>
        <style>
          ${trustedMarkup(pageStyle())}
        </style>
      </head>
      <body>
        <main>
          <header>
            <h1>${input.title}</h1>
            <p class="byline">
              ${input.task} of ${input.targetName} from ${input.sourceName} · ${input.date} · relucent
              ${input.version}
            </p>
          </header>
          ${sections(input)}
          <footer>
            Made by relucent ${input.version}. This page is complete in itself and loads nothing.
          </footer>
        </main>
      </body>
    </html> `;
  return `${page.source.trimEnd()}\n`;
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
