/**
 * Rows of cells as lines with aligned columns, two spaces between them.
 * @param right whether a column is flush right; default: left
 */
export function align(
  rows: readonly (readonly string[])[],
  { indent = '', right = [] }: { indent?: string; right?: readonly boolean[] } = {},
): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, k) =>
    Math.max(0, ...rows.map((row) => characters(row[k] ?? ''))),
  );
  return rows.map((row) => {
    const cells = Array.from({ length: columns }, (_, k) => {
      const cell = row[k] ?? '';
      const padding = ' '.repeat((widths[k] ?? 0) - characters(cell));
      return right[k] === true ? padding + cell : cell + padding;
    });
    return `${indent}${cells.join('  ')}`.trimEnd();
  });
}

function characters(text: string): number {
  return Array.from(text).length;
}
