/** Text from outside as Markdown shows it: on one line, nothing in it marks up, links, or is HTML. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_{}[\]()#|~!]/g, (character) => `\\${character}`)
    .replace(
      /(?:https?|ftp):|www\./gi,
      (start) => `${start.slice(0, -1)}&#${start.charCodeAt(start.length - 1)};`,
    );
}

/** A table of pipes; cells are escaped here. @param right columns that are flush right */
export function markdownTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  right: (column: number) => boolean = (column) => column > 0,
): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeMarkdown).join(' | ')} |`;
  const rule = `| ${header.map((_, column) => (right(column) ? '---:' : '---')).join(' | ')} |`;
  return [line(header), rule, ...rows.map(line)].join('\n');
}

/** Code on lines of its own, whatever backticks it holds. */
export function markdownCode(text: string): string {
  const ticks = Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(Math.max(3, ticks + 1));
  return `${fence}\n${text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')}\n${fence}`;
}
