import { html, type Markup } from './markup.js';
import { countNoun, numberText } from './number-text.js';
import { scrollTable, section } from './page-parts.js';
import type { OptionRow, ReportInput } from './report-input.js';

/** Everything needed to run it again: version, command, options, and what was done to the data. */
export function reproducibilitySection(input: ReportInput): Markup {
  const row = (option: OptionRow): Markup =>
    html`<tr>
      <th scope="row">${option.name}</th>
      <td class="words">${option.value}</td>
    </tr>`;
  const notes = input.table?.notes ?? [];
  return section('reproduce', 'To reproduce this', [
    html`<p>${reproductionWords(input)}</p>`,
    input.commandLine === ''
      ? html``
      : html`<pre
          tabindex="0"
          role="region"
          aria-label="Command line"
        ><code>${input.commandLine}</code></pre>`,
    scrollTable(
      'Options',
      html`<table class="options">
        <caption>
          Options and facts
        </caption>
        <tbody>
          ${reproductionRows(input).map(row)}
        </tbody>
      </table>`,
    ),
    ...(input.table === null ? [] : [dataNotes(notes)]),
  ]);
}

function dataNotes(notes: readonly string[]): Markup {
  return html`<h3>What was done to the data</h3>
    ${
      notes.length === 0
        ? html`<p>Nothing was recorded.</p>`
        : html`<ul>
            ${notes.map((note) => html`<li>${note}</li>`)}
          </ul>`
    }`;
}

/** How to run it again, in words that precede the command line. */
export function reproductionWords({ commandLine }: ReportInput): string {
  return commandLine === ''
    ? 'This report was made from a model file, which holds neither the table nor the command it was trained with; result.json of the same run holds both the scores and the command.'
    : 'Run this command on the same file, with the same version and the options below: the same bits come out, but where a time limit stopped the run.';
}

/** Options and facts of the run, by name. */
export function reproductionRows(input: ReportInput): readonly OptionRow[] {
  const { table, model } = input;
  const tolerances = [...new Set(input.outputs.map((output) => numberText(output.tolerance, 3)))];
  return [
    { name: 'relucent', value: input.version },
    { name: 'date', value: input.date },
    ...(table === null
      ? []
      : [
          {
            name: 'source',
            value: `${input.sourceName}: ${countNoun(table.rows, 'row')}, ${countNoun(table.columns, 'column')}`,
          },
          {
            name: 'rows used',
            value: `${countNoun(table.trainRows, 'training row')}, ${countNoun(table.testRows, 'test row')}`,
          },
        ]),
    { name: 'target', value: `${input.targetName} (${input.task})` },
    {
      name: 'depth',
      value: `${model.depth} layers${model.widths.length === 0 ? '' : `, widths ${model.widths.join(', ')}`}`,
    },
    { name: 'formulation', value: model.formulation },
    { name: 'loss', value: model.lossName },
    { name: 'β', value: `${model.beta}, ${model.betaChoice}` },
    { name: 'β max', value: model.betaMax === null ? 'not computed' : numberText(model.betaMax, 8) },
    { name: 'tolerance on the relative gap', value: tolerances.join(', ') },
    ...(input.options ?? []),
  ];
}
