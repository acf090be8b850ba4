import {
  certificateSentences,
  certificateVerdict,
  networkObjectiveSentence,
  scopeSentence,
  trainingSentences,
  weakestOutput,
  type CertificateVerdict,
} from './certificate-words.js';
import { html, type Markup } from './markup.js';
import { boundPairText, countText, durationText, numberText, percentTextUp } from './number-text.js';
import { paragraph, scrollTable, section } from './page-parts.js';
import type { OutputSummary, ReportInput } from './report-input.js';

/** What was trained and what its certificate says, in words, tiles and, with several outputs, one row for each. */
export function certificateSection(input: ReportInput): Markup {
  const weakest = weakestOutput(input.outputs);
  if (weakest === undefined) return section('result', 'Result', [html`<p>No output was trained.</p>`]);
  const several = input.outputs.length > 1;
  const verdict = certificateVerdict(weakest);
  const lead = several
    ? `One convex program was solved for each output. ${scopesSentence(input.outputs)}The weakest certificate is that of “${weakest.label}”:`
    : '';
  return section('result', 'Result and certificate', [
    paragraph(trainingSentences(input), 'lead'),
    html`<div class="certificate ${verdict}">
      <p class="verdict">${verdictText(verdict)}</p>
      ${several ? html`<p>${lead}</p>` : ''} ${paragraph(certificateSentences(weakest, input.model))}
      ${tiles(weakest)}
      ${verdict === 'none' ? '' : html`<p class="fine">${scopeSentence(weakest, input.model)}</p>`}
      <p class="fine">${networkObjectiveSentence(weakest, input.model)}</p>
    </div>`,
    ...(several ? [outputTable(input)] : []),
  ]);
}

/** Said only when the outputs differ in scope; ends with a space. */
function scopesSentence(outputs: readonly OutputSummary[]): string {
  const given = outputs.filter((output) => output.scope === 'given-arrangements').length;
  if (given === 0 || given === outputs.length) return '';
  return `${given} of the ${outputs.length} certificates cover only the given arrangements. `;
}

function verdictText(verdict: CertificateVerdict): string {
  switch (verdict) {
    case 'within-tolerance':
      return 'Certified to tolerance';
    case 'above-tolerance':
      return 'Bounded, tolerance not reached';
    case 'none':
      return 'No certificate';
    case 'invalid':
      return 'Certificate invalid';
    default:
      return verdict satisfies never;
  }
}

function tiles(output: OutputSummary): Markup {
  const texts = boundPairText(output.objective, output.dualBound);
  const rows: readonly (readonly [string, string])[] = [
    ['objective', texts.objective],
    ['lower bound', texts.bound],
    ['gap', gapText(output)],
    ['relative gap, at most', percentTextUp(output.relativeGap)],
  ];
  const tile = ([name, value]: readonly [string, string]): Markup =>
    html`<div>
      <dt>${name}</dt>
      <dd>${value}</dd>
    </div>`;
  return html`<dl class="tiles">${rows.map(tile)}</dl>`;
}

function gapText(output: OutputSummary): string {
  return output.gap < 0 ? `${numberText(output.gap, 2)} (rounding)` : numberText(output.gap, 3);
}

function outputTable(input: ReportInput): Markup {
  const row = (output: OutputSummary): Markup => {
    const texts = boundPairText(output.objective, output.dualBound);
    return html`<tr>
      <th scope="row">${output.label}</th>
      <td>${texts.objective}</td>
      <td>${texts.bound}</td>
      <td>${percentTextUp(output.relativeGap)}</td>
      <td class="words">${output.scope}</td>
      <td class="words">${output.status}</td>
      <td>${countText(output.iterations)}</td>
      <td>${durationText(output.seconds)}</td>
    </tr>`;
  };
  return scrollTable(
    'Certificates of all outputs',
    html`<table>
      <caption>
        Certificate of each output
      </caption>
      <thead>
        <tr>
          <th scope="col">output</th>
          <th scope="col">objective</th>
          <th scope="col">lower bound</th>
          <th scope="col">relative gap, at most</th>
          <th scope="col" class="words">scope</th>
          <th scope="col" class="words">status</th>
          <th scope="col">iterations</th>
          <th scope="col">time</th>
        </tr>
      </thead>
      <tbody>
        ${input.outputs.map(row)}
      </tbody>
    </table>`,
  );
}
