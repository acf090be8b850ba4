/** A place of the grid, column and row from 0, in cells. */
export interface GridPlace {
  readonly column: number;
  readonly row: number;
}

/**
 * The cell of a region that is furthest from everything outside of it, by steps to the four neighbours; the edge of the
 * grid counts as outside. Null for an empty region. O(cells).
 */
export function innermostCell(
  isInside: (cell: number) => boolean,
  columns: number,
  rows: number,
): (GridPlace & { readonly depth: number }) | null {
  const depth = new Float64Array(columns * rows);
  const at = (column: number, row: number): number =>
    column < 0 || row < 0 || column >= columns || row >= rows ? 0 : (depth[row * columns + column] ?? 0);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const cell = row * columns + column;
      depth[cell] = isInside(cell) ? 1 + Math.min(at(column - 1, row), at(column, row - 1)) : 0;
    }
  }
  let best = { column: 0, row: 0, depth: 0 };
  for (let row = rows - 1; row >= 0; row -= 1) {
    for (let column = columns - 1; column >= 0; column -= 1) {
      const cell = row * columns + column;
      if (depth[cell] === 0) continue;
      depth[cell] = Math.min(depth[cell] ?? 0, 1 + at(column + 1, row), 1 + at(column, row + 1));
      if ((depth[cell] ?? 0) > best.depth) best = { column, row, depth: depth[cell] ?? 0 };
    }
  }
  return best.depth > 0 ? best : null;
}

/**
 * For each level a place on its iso-line for a label, away from the labels before it; none for a line that keeps to the
 * edges or has no room. Crossings are looked for between neighbouring cells. O(levels · cells).
 */
export function isoLinePlaces(
  values: readonly number[],
  columns: number,
  rows: number,
  levels: readonly number[],
): readonly (GridPlace & { readonly level: number })[] {
  const margin = 0.09;
  const placed: (GridPlace & { readonly level: number })[] = [];
  for (const level of levels) {
    let best: GridPlace | null = null;
    let room = 0.12;
    for (let row = Math.ceil(rows * margin); row < rows * (1 - margin); row += 1) {
      for (let column = Math.ceil(columns * margin); column < columns * (1 - margin); column += 1) {
        const cell = row * columns + column;
        const here = (values[cell] ?? NaN) - level;
        const crossed = [values[cell + 1], values[cell + columns]].some(
          (value) => here * ((value ?? NaN) - level) < 0,
        );
        if (!crossed) continue;
        const distance = placed.reduce(
          (least, other) =>
            Math.min(least, Math.hypot((other.column - column) / columns, (other.row - row) / rows)),
          // Among free places the one nearest to the middle.
          0.5 - Math.hypot(column / columns - 0.5, row / rows - 0.5) / 4,
        );
        if (distance > room) {
          room = distance;
          best = { column, row };
        }
      }
    }
    if (best !== null) placed.push({ ...best, level });
  }
  return placed;
}
