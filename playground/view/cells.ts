import type { Frame, Place, Polyline } from './frame.js';
import { cornersOf, halfOf, sideOf, type Line } from './hyperplane.js';

/** A cell of an arrangement: where every line has one sign. */
export interface Cell {
  readonly polygon: Polyline;
  /** For each line whether its unit is active here (value ≥ 0). */
  readonly active: readonly boolean[];
}

/**
 * The cells into which lines cut the frame: on each the first layer is linear. At most 1 + k + k(k−1)/2 for k lines; O(k)
 * polygons are cut for each cell.
 */
export function cellsOf(lines: readonly Line[], frame: Frame): readonly Cell[] {
  let cells: Cell[] = [{ polygon: cornersOf(frame), active: [] }];
  for (const line of lines) {
    cells = cells.flatMap(({ polygon, active }) => {
      const on = halfOf(polygon, line);
      const off = halfOf(polygon, { a: -line.a, b: -line.b, c: -line.c });
      // A line that only touches leaves the cell whole, on one side.
      if (!on && !off) return [{ polygon, active: [...active, true] }];
      return [
        ...(on ? [{ polygon: on, active: [...active, true] }] : []),
        ...(off ? [{ polygon: off, active: [...active, false] }] : []),
      ];
    });
  }
  return cells;
}

/** The cell in which a place lies, by its signs. */
export function cellAt(cells: readonly Cell[], lines: readonly Line[], place: Place): Cell | null {
  const active = lines.map((line) => sideOf(line, place) >= 0);
  return cells.find((cell) => cell.active.every((on, k) => on === active[k])) ?? null;
}
