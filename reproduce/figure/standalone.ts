import { chartFontSize, themeDeclarations, themes } from '../../src/report/chart-theme.js';
import { escapeText } from '../../src/report/markup.js';

/** A picture without its frame: an SVG fragment with its size. */
export interface Panel {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
  /** Drawn above it. */
  readonly title?: string;
}

export interface LegendEntry {
  readonly name: string;
  readonly color: string;
  /** Pattern of the line, as in SVG; null for a mark without a line. */
  readonly dash?: string | null;
}

export interface StandaloneOptions {
  /** What is seen, for a reader who cannot see it. */
  readonly label: string;
  readonly panels: readonly Panel[];
  /** Panels in a row; default all. */
  readonly columns?: number;
  readonly legend?: readonly LegendEntry[];
}

const titleHeight = 26;
const legendLine = 22;
const gap = 14;
const edge = 10;
/** Width of a letter of the legend, on average, in px. */
const letter = 6.9;

/**
 * One SVG document of panels in a grid, a legend above them: its own style sheet with both themes, its own background, so
 * that it can be read on any page, light or dark, and printed.
 */
export function standalone({
  label,
  panels,
  columns = panels.length,
  legend = [],
}: StandaloneOptions): string {
  const rows = Array.from({ length: Math.ceil(panels.length / columns) }, (_, row) =>
    panels.slice(row * columns, (row + 1) * columns),
  );
  const width =
    2 * edge + Math.max(...rows.map((row) => row.reduce((sum, panel) => sum + panel.width + gap, -gap)));
  const { marks, height: legendHeight } = legendMarks(legend, width - 2 * edge);
  const parts: string[] = [];
  let top = edge + legendHeight;
  for (const row of rows) {
    const isTitled = row.some(({ title }) => title !== undefined);
    let left = edge;
    for (const panel of row) {
      if (panel.title !== undefined) {
        parts.push(
          `<text x="${left + panel.width / 2}" y="${top + 16}" text-anchor="middle" font-weight="600">${escapeText(panel.title)}</text>`,
        );
      }
      const at = `x="${left}" y="${top + (isTitled ? titleHeight : 0)}"`;
      parts.push(panel.svg.replace(/^<svg /, `<svg ${at} `));
      left += panel.width + gap;
    }
    top += Math.max(...row.map(({ height }) => height)) + (isTitled ? titleHeight : 0) + gap;
  }
  const height = top - gap + edge;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${escapeText(label)}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Liberation Sans', Arial, sans-serif" font-size="${chartFontSize}" fill="currentColor">`,
    `<style>${style()}</style>`,
    `<rect width="${width}" height="${height}" fill="var(--rl-surface)" stroke="none"/>`,
    ...marks.map((mark) => `<g transform="translate(${edge} ${edge})">${mark}</g>`),
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

function style(): string {
  const rules = (theme: 'light' | 'dark'): string =>
    `svg { ${themeDeclarations(theme)} color: ${themes[theme].text}; }`;
  return `${rules('light')} @media screen and (prefers-color-scheme: dark) { ${rules('dark')} }`;
}

/** Entries from left to right, wrapped. */
function legendMarks(
  entries: readonly LegendEntry[],
  width: number,
): { readonly marks: readonly string[]; readonly height: number } {
  let left = 0;
  let line = 0;
  const marks = entries.map(({ name, color, dash }) => {
    const needs = 34 + name.length * letter + 18;
    if (left > 0 && left + needs > width) {
      left = 0;
      line += 1;
    }
    const y = line * legendLine + 9;
    const sign =
      dash === null
        ? `<circle cx="${left + 14}" cy="${y}" r="4.5" fill="${color}"/>`
        : `<line x1="${left}" x2="${left + 28}" y1="${y}" y2="${y}" stroke="${color}" stroke-width="2.5"${dash === undefined ? '' : ` stroke-dasharray="${dash}"`}/>`;
    const mark = `${sign}<text x="${left + 34}" y="${y + 4}">${escapeText(name)}</text>`;
    left += needs;
    return mark;
  });
  return { marks, height: entries.length === 0 ? 0 : (line + 1) * legendLine + 4 };
}
