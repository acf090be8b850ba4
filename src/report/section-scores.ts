import { html, type Markup } from './markup.js';
import { countText, scoreText } from './number-text.js';
import { scrollTable, section } from './page-parts.js';
import type { ReportInput, ScoreRow, ScoreSummary } from './report-input.js';
import { bestRow, scoreSentences } from './score-words.js';

/** Scores of the network beside its yardsticks, and plain words where a yardstick is ahead. */
export function scoresSection({ table }: ReportInput, scores: ScoreSummary): Markup {
  const parts: readonly ('train' | 'test')[] = scores.rows.some((row) => row.test !== null)
    ? ['train', 'test']
    : ['train'];
  const sentence = (words: { readonly text: string; readonly isBehind: boolean }): Markup =>
    html`<p${words.isBehind ? html` class="note"` : ''}>${words.text}</p>`;
  const partText = (part: 'train' | 'test'): string =>
    part === 'train'
      ? `training rows${table ? ` (${countText(table.trainRows)})` : ''}`
      : `test rows${table ? ` (${countText(table.testRows)})` : ''}`;
  const body = scores.rows.map(
    (row, index) => html`<tr${row.role === 'network' ? html` class="own"` : ''}>
      <th scope="row">${row.name}</th>
      ${parts.map((part) => scoreCells(scores, row, index, part))}
    </tr>`,
  );
  return section('scores', 'How well it predicts', [
    html`${scoreSentences(scores).map(sentence)}`,
    scrollTable(
      'Scores',
      html`<table>
        <caption>
          Scores beside the yardsticks; the best of each column in bold
        </caption>
        <thead>
          <tr>
            <th scope="col" rowspan="2">model</th>
            ${parts.map((part) => html`<th scope="colgroup" colspan="${scores.metrics.length}">${partText(part)}</th>`)}
          </tr>
          <tr>
            ${parts.map(() => scores.metrics.map((metric) => html`<th scope="col">${metric.name} ${metric.better === 'higher' ? '↑' : '↓'}</th>`))}
          </tr>
        </thead>
        <tbody>
          ${body}
        </tbody>
      </table>`,
    ),
    html`<p class="fine">
      ↑ higher is better, ↓ lower is
      better.${parts.length === 1 ? ' No rows were held out: scores on training rows say little about new data.' : ''}
    </p>`,
  ]);
}

function scoreCells(
  scores: ScoreSummary,
  row: ScoreRow,
  index: number,
  part: 'train' | 'test',
): readonly Markup[] {
  return scores.metrics.map((_, metric) => {
    const text = scoreText(row[part]?.[metric] ?? Number.NaN);
    return bestRow(scores, metric, part) === index
      ? html`<td><strong>${text}</strong></td>`
      : html`<td>${text}</td>`;
  });
}
