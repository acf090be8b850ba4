import {
  renderPathActiveChart,
  renderPathGapChart,
  renderPathLossChart,
  renderPathNormsChart,
  renderPathScoreChart,
  trackLimit,
} from './chart-path.js';
import { html, type Markup } from './markup.js';
import { countNoun, countText, numberText, percentTextUp, scoreText } from './number-text.js';
import { figure, page, scrollTable, section, wideFigure } from './page-parts.js';
import type { PathOutputSummary, PathReportInput, PathValueSummary } from './path-report-input.js';

/** Width of a picture that takes the page's whole. */
const width = 960;

/**
 * A regularisation path as one HTML page: nothing loaded, no script, text of the input escaped, the same bytes for the same
 * input. O(values · groups).
 */
export function renderPath(input: PathReportInput): string {
  return page({ ...input, kind: 'regularisation path' }, [
    summarySection(input),
    normsSection(input),
    scoresSection(input),
    tableSection(input),
    reproductionSection(input),
  ]);
}

function summarySection({ values, picks, scoredOn, tolerance, metric, axis }: PathReportInput): Markup {
  const missed = values.filter(({ relativeGap }) => !(relativeGap <= tolerance)).length;
  const proven =
    missed === 0
      ? `Every one of the ${countNoun(values.length, 'network')} is proven to be within ${percentTextUp(tolerance)} of the best objective that is possible on its activation patterns.`
      : `${countText(values.length - missed)} of the ${countNoun(values.length, 'network')} are proven to the tolerance of ${percentTextUp(tolerance)}; the table below has the gap of the others.`;
  const tile = (name: string, at: number): Markup => {
    const value = values[at];
    if (!value) return html``;
    const { x, active, train, heldOut } = value;
    const score = `${metric.name} ${scoreText(heldOut ?? train)}`;
    return html`<div>
      <dt>${name}, ${axis === 'beta' ? 'β' : 'share of β max'}</dt>
      <dd>${numberText(x, 3)}</dd>
      <dt>
        ${countNoun(active, 'sub-network')}, ${score} on the ${heldOut === null ? 'training' : 'held-out'}
        rows
      </dt>
    </div>`;
  };
  return section('result', 'The path', [
    html`<p class="lead">
      ${proven} Each was started from the ones before it, from the smallest β with the zero network as its
      optimum down to ${numberText(values.at(-1)?.share ?? NaN, 3)} of it, and scored ${scoredOn}.
    </p>`,
    picks === null
      ? html`<p class="note">Nothing was held out, so no β is picked: pass --cv or --test-fraction.</p>`
      : html`<dl class="tiles">
          ${tile('smallest held-out loss', picks.best)}
          ${tile('within one standard error', picks.oneStandardError)}
        </dl>`,
  ]);
}

function normsSection(input: PathReportInput): Markup {
  const figures = input.outputs.map((output, k) => normsFigure(input, output, k));
  const several = input.outputs.length > 1;
  const counts = input.values.map(({ active }) => active);
  const active = renderPathActiveChart(
    {
      id: 'active',
      label: `Sub-networks that are not zero against β: from ${countText(counts[0] ?? 0)} at the largest to ${countText(counts.at(-1) ?? 0)} at the smallest β.`,
    },
    input,
  );
  return section('norms', 'Sub-networks enter and leave', [
    html`<p>
      A sub-network is exactly zero until β is small enough to be worth its path norm; then its line leaves
      the axis. Solid blue adds to the output, dashed orange takes from it.
    </p>`,
    html`<div class="pictures ${several ? '' : 'broad full'}">${figures}</div>`,
    html`<div class="pictures">
      ${figure(active, `Sub-networks that are not zero${several ? ', over all outputs' : ''}.`)}
      ${certificateFigure(input)}
    </div>`,
    html`<p class="fine">
      A gap is the distance between the objective of a network and a lower bound that no network on its
      activation patterns can go below, relative to the objective. It is computed anew for every value.
    </p>`,
  ]);
}

function normsFigure(
  input: PathReportInput,
  { label, groups, tracks }: PathOutputSummary,
  k: number,
): Markup {
  const several = input.outputs.length > 1;
  const words = `${countText(tracks.length)} of ${countNoun(groups, 'group')} ${tracks.length === 1 ? 'is' : 'are'} non-zero somewhere on the path`;
  const svg = renderPathNormsChart(
    {
      id: `norms-${k}`,
      label: `Path norm of each sub-network${several ? ` of output ${label}` : ''} against β; ${words}.`,
      width: several ? undefined : width,
    },
    input,
    tracks,
  );
  const some = tracks.length > trackLimit ? `; the ${trackLimit} largest are drawn` : '';
  return (several ? figure : wideFigure)(
    svg,
    html`${several ? html`<strong>${label}.</strong> ` : ''}${words}${some}.`,
  );
}

function scoresSection(input: PathReportInput): Markup {
  const { picks, values, curveName, metric } = input;
  const best = picks === null ? undefined : values[picks.best];
  const bestText =
    best === undefined
      ? 'nothing was held out'
      : `the smallest, ${numberText(best.loss?.mean ?? NaN, 4)}, is at ${numberText(best.x, 3)}`;
  const loss = renderPathLossChart(
    { id: 'loss', label: `${curveName} against β; ${bestText}.` },
    input,
    curveName,
  );
  const score = renderPathScoreChart(
    {
      id: 'score',
      label: `${metric.name} against β on the training rows and, where there are any, on the held-out rows.`,
    },
    input,
    metric,
  );
  return section('scores', 'How well each predicts', [
    html`<div class="pictures">
      ${figure(loss, `Mean ${curveName}, each bar one standard error to both sides; ${bestText}.`)}
      ${figure(score, `${metric.name} of each network. The rows that chose β are no test of it: for a score that is honest after the choice, use relucent train.`)}
    </div>`,
  ]);
}

function certificateFigure(input: PathReportInput): Markup {
  const largest = input.values.reduce((most, { relativeGap }) => Math.max(most, relativeGap), 0);
  const words = `The largest relative gap on the path is ${percentTextUp(largest)}, the tolerance ${percentTextUp(input.tolerance)}`;
  const svg = renderPathGapChart(
    { id: 'gap', label: `Relative gap of every value on a log scale. ${words}.` },
    input,
    input.tolerance,
  );
  return figure(svg, `${words}${input.outputs.length > 1 ? '; of several outputs the largest counts' : ''}.`);
}

function tableSection({ values, picks, axis, metric, curveName }: PathReportInput): Markup {
  const hasHeldOut = values.some(({ heldOut }) => heldOut !== null);
  const hasLoss = values.some(({ loss }) => loss !== null);
  const row = (value: PathValueSummary, at: number): Markup => {
    const { x, share, active, pathNorm, relativeGap, status, train, heldOut, loss } = value;
    const pick = [
      ...(picks?.best === at ? ['best'] : []),
      ...(picks?.oneStandardError === at ? ['one s.e.'] : []),
    ].join(', ');
    const cells = [
      ...(axis === 'beta' ? [numberText(share, 3)] : []),
      countText(active),
      numberText(pathNorm, 4),
      `${percentTextUp(relativeGap)}${status === 'optimal' ? '' : ` (${status})`}`,
      scoreText(train),
      ...(hasHeldOut ? [scoreText(heldOut ?? NaN)] : []),
      ...(hasLoss
        ? [`${numberText(loss?.mean ?? NaN, 4)} ± ${numberText(loss?.standardError ?? NaN, 2)}`]
        : []),
    ];
    return html`<tr${pick === '' ? '' : html` class="own"`}>
      <th scope="row">${numberText(x, 4)}</th>
      ${cells.map((cell) => html`<td>${cell}</td>`)}
      <td class="words">${pick}</td>
    </tr>`;
  };
  const header = [
    ...(axis === 'beta' ? ['share of β max'] : []),
    'sub-networks',
    'Σ φ',
    'relative gap',
    `train ${metric.name}`,
    ...(hasHeldOut ? [`held-out ${metric.name}`] : []),
    ...(hasLoss ? ['loss'] : []),
  ];
  return section('table', 'Every value', [
    scrollTable(
      'Values of the path',
      html`<table class="long">
        <caption>
          ${hasLoss ? `Loss is ${curveName}, ± one standard error.` : 'Nothing was held out.'}
        </caption>
        <thead>
          <tr>
            <th scope="col">${axis === 'beta' ? 'β' : 'share of β max'}</th>
            ${header.map((name) => html`<th scope="col">${name}</th>`)}
            <th scope="col" class="words">pick</th>
          </tr>
        </thead>
        <tbody>
          ${values.map(row)}
        </tbody>
      </table>`,
    ),
  ]);
}

function reproductionSection({ commandLine, facts, notes }: PathReportInput): Markup {
  return section('reproduce', 'To reproduce this', [
    html`<p>Run this command on the same file, with the same version: the same bits come out.</p>`,
    html`<pre tabindex="0" role="region" aria-label="Command line"><code>${commandLine}</code></pre>`,
    scrollTable(
      'Options and facts',
      html`<table class="options">
        <caption>
          Options and facts
        </caption>
        <tbody>
          ${facts.map(
            ({ name, value }) =>
              html`<tr>
                <th scope="row">${name}</th>
                <td class="words">${value}</td>
              </tr>`,
          )}
        </tbody>
      </table>`,
    ),
    notes.length === 0
      ? html``
      : html`<h3>What was done to the data</h3>
          <ul>
            ${notes.map((note) => html`<li>${note}</li>`)}
          </ul>`,
  ]);
}
