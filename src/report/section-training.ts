import { isBoundCut, renderConvergenceChart } from './chart-convergence.js';
import { renderGapChart } from './chart-gap.js';
import { renderGroupNormsChart } from './chart-group-norms.js';
import { html, trustedMarkup, type Markup } from './markup.js';
import { countNoun, countText, durationText, numberText, percentTextUp } from './number-text.js';
import { figure, section, wideFigure } from './page-parts.js';
import type { OutputSummary, ReportInput } from './report-input.js';

/** Width of each picture where several outputs stand side by side. */
const smallWidth = 340;

/** Objective and bound closing on each other, and the gap between them, one figure for each output; null without a history. */
export function convergenceSection(input: ReportInput): Markup | null {
  // A model file holds the certificate, not the way to it.
  if (input.outputs.every(({ history }) => history.length === 0)) return null;
  const figures = input.outputs.map((output, index) => convergenceFigure(input, output, index));
  return section('convergence', 'How the certificate closed', [
    html`<p>
      The solid line is the training objective, the dashed line the dual bound, which no network in scope can
      go below. Training ends when the gap between them, shown relative to the objective on a log scale, meets
      the tolerance.
    </p>`,
    input.outputs.length > 1 ? html`<div class="pictures small">${figures}</div>` : html`${figures}`,
  ]);
}

/** Norms of the groups of every output, largest first. */
export function groupNormsSection(input: ReportInput): Markup {
  const isOne = input.outputs.length === 1;
  const figures = input.outputs.map((output, index) => {
    const words = groupWords(output.groupNorms);
    const label = `Norms of the non-zero groups${ofOutput(input, output)}, largest first: ${words}`;
    const frame = { id: `groups-${index}`, label, width: isOne ? 640 : smallWidth };
    const svg = renderGroupNormsChart(frame, output.groupNorms);
    return (isOne ? wideFigure : figure)(svg, html`${outputName(input, output)}${words}`);
  });
  return section('groups', 'What the network is made of', [
    html`<p>
      The network is built from the groups of the convex program whose norm is not zero. The path-norm penalty
      sets every group to exactly zero that is not worth its price, so the size of the network is found, not
      chosen.
    </p>`,
    html`<div class="pictures ${isOne ? 'wide' : 'small'}">${figures}</div>`,
  ]);
}

export function groupWords(norms: readonly number[]): string {
  if (norms.length === 0) return 'No group norms were recorded.';
  const nonZero = norms.filter((norm) => norm > 0).length;
  const counts = `${countText(nonZero)} of ${countNoun(norms.length, 'group')} ${nonZero === 1 ? 'is' : 'are'} non-zero`;
  if (nonZero === 0) return `${counts}: the network is zero everywhere.`;
  const largest = norms.reduce((high, norm) => (norm > high ? norm : high), 0);
  const rest = nonZero < norms.length ? 'the others are exactly zero, not merely small; ' : '';
  return `${counts}; ${rest}the largest norm is ${numberText(largest, 3)}.`;
}

function convergenceFigure(input: ReportInput, output: OutputSummary, index: number): Markup {
  const width = input.outputs.length > 1 ? smallWidth : undefined;
  const closing = renderConvergenceChart(
    { id: `closing-${index}`, label: closingLabel(input, output), width },
    output.history,
  );
  const gap = renderGapChart(
    { id: `gap-${index}`, label: gapLabel(input, output), width },
    output.history,
    output.tolerance,
  );
  return html`<figure class="pair">
    ${trustedMarkup(closing)}${trustedMarkup(gap)}
    <figcaption>${outputName(input, output)}${convergenceCaption(output)}</figcaption>
  </figure>`;
}

function convergenceCaption(output: OutputSummary): string {
  const hasClosed = output.history.some((point) => point.objective - point.dualBound <= 0);
  return [
    ...(isBoundCut(output.history) ? ['The first bounds lie below the lower edge.'] : []),
    ...(hasClosed ? ['A hollow dot is a gap of zero up to rounding.'] : []),
    `${countNoun(output.iterations, 'iteration')} in ${durationText(output.seconds)}, status “${output.status}”.`,
  ].join(' ');
}

function closingLabel(input: ReportInput, output: OutputSummary): string {
  const first = output.history.at(0);
  const last = output.history.at(-1);
  const course =
    first === undefined || last === undefined
      ? 'no history was recorded'
      : `the objective goes from ${numberText(first.objective, 5)} to ${numberText(last.objective, 5)}, the bound from ${numberText(first.dualBound, 5)} to ${numberText(last.dualBound, 5)}`;
  return `Objective and dual bound${ofOutput(input, output)} against iteration: ${course}.`;
}

function gapLabel(input: ReportInput, output: OutputSummary): string {
  const end = percentTextUp(output.relativeGap);
  return `Relative gap${ofOutput(input, output)} against iteration on a log scale; it ends at ${end}, the tolerance is ${percentTextUp(output.tolerance)}.`;
}

function ofOutput(input: ReportInput, output: OutputSummary): string {
  return input.outputs.length > 1 ? ` of output ${output.label}` : '';
}

function outputName(input: ReportInput, output: OutputSummary): Markup {
  return input.outputs.length > 1 ? html`<strong>${output.label}.</strong> ` : html``;
}
