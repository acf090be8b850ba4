import { numberText } from '../src/report/number-text.js';
import type { Cell, Experiment, Mode, Outcome, Table } from './experiment.js';
import { titles } from './titles.js';

/** Set-up, figures, tables and checks of one run as Markdown. */
export function numbersPage(experiment: Experiment, mode: Mode, outcome: Outcome): string {
  const command = `relucent reproduce ${experiment.name}${mode === 'quick' ? ' --quick' : ''}`;
  const lines = [
    `# ${titles[experiment.name]}: the numbers`,
    '',
    `Written by \`${command}\`.`,
    '',
    ...outcome.setUp.map((sentence) => `- ${sentence}`),
    '',
    ...outcome.figures.flatMap(({ name, title, caption }) => [
      `## ${title}`,
      '',
      `![${caption.replace(/[[\]]/g, '')}](${name}.svg)`,
      '',
      caption,
      '',
    ]),
    ...outcome.tables.flatMap(tableLines),
    '## What must hold',
    '',
    ...outcome.checks.map(
      ({ claim, holds, detail }) => `- ${holds ? 'holds' : '**FAILS**'}: ${claim} (${detail})`,
    ),
    '',
  ];
  return lines.join('\n');
}

function tableLines({ title, columns, rows }: Table): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    `## ${title}`,
    '',
    line(columns.map(({ label }) => escaped(label))),
    line(columns.map((_, k) => (rows.every((row) => typeof row[k] !== 'string') ? '---:' : '---'))),
    ...rows.map((row) => line(row.map((cell, k) => cellText(cell, columns[k]?.digits)))),
    '',
  ];
}

function cellText(cell: Cell, digits = 4): string {
  if (cell === null) return '–';
  return typeof cell === 'number' ? numberText(cell, digits) : escaped(cell);
}

function escaped(text: string): string {
  return text.replace(/\|/g, '\\|');
}
