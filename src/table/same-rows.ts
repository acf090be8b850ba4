import { DistinctRows } from './distinct-rows.js';
import type { Table } from './table.js';

const bits = new DataView(new ArrayBuffer(8));

/** A set of rows of a table, two being equal where they are in all the given columns. @param most rows to be added */
export function distinctRowsOf(table: Table, columns: readonly number[], most: number): DistinctRows {
  const cells = columns.flatMap((column) => table.cells[column] ?? []);
  return new DistinctRows(most, {
    hash: (row) => {
      let hash = 0;
      for (const column of cells) {
        const value = column.number(row);
        const own = value === null ? hashText(column.text(row)) : value === undefined ? 1 : hashNumber(value);
        hash = Math.imul(hash ^ own, 0x01000193);
      }
      return hash >>> 0;
    },
    equal: (a, b) => cells.every((column) => column.text(a) === column.text(b)),
  });
}

/** Of the float64, with one zero. */
function hashNumber(value: number): number {
  bits.setFloat64(0, value + 0);
  return bits.getInt32(0) ^ Math.imul(bits.getInt32(4), 0x9e3779b1);
}

function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}
