import { DuckDBTypeId, type DuckDBType, type DuckDBValue } from '@duckdb/node-api';
import type { DatabaseCells } from './messages.js';

/** How the cells of a type are handed over. */
type Handling = 'numbers' | 'exact' | 'texts' | 'refused';

/** Of every type that is neither numbers nor text; further types are refused by their own name. */
const refused: ReadonlyMap<DuckDBTypeId, string> = new Map([
  [DuckDBTypeId.LIST, 'a list'],
  [DuckDBTypeId.ARRAY, 'a list'],
  [DuckDBTypeId.STRUCT, 'an object'],
  [DuckDBTypeId.MAP, 'a map'],
  [DuckDBTypeId.UNION, 'values of several types'],
  [DuckDBTypeId.BLOB, 'bytes'],
]);

const handlings: ReadonlyMap<DuckDBTypeId, Handling> = new Map([
  ...[
    DuckDBTypeId.TINYINT,
    DuckDBTypeId.SMALLINT,
    DuckDBTypeId.INTEGER,
    DuckDBTypeId.UTINYINT,
    DuckDBTypeId.USMALLINT,
    DuckDBTypeId.UINTEGER,
    DuckDBTypeId.FLOAT,
    DuckDBTypeId.DOUBLE,
  ].map((id) => [id, 'numbers'] as const),
  ...[
    DuckDBTypeId.BIGINT,
    DuckDBTypeId.UBIGINT,
    DuckDBTypeId.HUGEINT,
    DuckDBTypeId.UHUGEINT,
    DuckDBTypeId.DECIMAL,
  ].map((id) => [id, 'exact'] as const),
  ...[
    DuckDBTypeId.BOOLEAN,
    DuckDBTypeId.VARCHAR,
    DuckDBTypeId.ENUM,
    DuckDBTypeId.UUID,
    DuckDBTypeId.DATE,
    DuckDBTypeId.TIME,
    DuckDBTypeId.TIME_TZ,
    DuckDBTypeId.TIMESTAMP,
    DuckDBTypeId.TIMESTAMP_S,
    DuckDBTypeId.TIMESTAMP_MS,
    DuckDBTypeId.TIMESTAMP_NS,
    DuckDBTypeId.TIMESTAMP_TZ,
    // A column of NULL alone.
    DuckDBTypeId.SQLNULL,
  ].map((id) => [id, 'texts'] as const),
]);

/** What is said of a type whose cells are neither numbers nor text, else null. */
export function refusalOf(type: DuckDBType): string | null {
  if (type.alias === 'JSON') return 'JSON of several types';
  if (handlings.has(type.typeId)) return null;
  return refused.get(type.typeId) ?? `the type ${String(type)}`;
}

/** The first `count` values of one column of a result as cells. */
export function cellsOf(
  type: DuckDBType,
  count: number,
  valueAt: (row: number) => DuckDBValue,
): DatabaseCells {
  const handling = refusalOf(type) === null ? handlings.get(type.typeId) : 'refused';
  switch (handling) {
    case 'numbers':
      return Float64Array.from({ length: count }, (_, row) => Number(valueAt(row) ?? NaN));
    case 'exact':
      return exactly(Array.from({ length: count }, (_, row) => exactCell(valueAt(row))));
    case 'texts':
      return Array.from({ length: count }, (_, row) => {
        const value = valueAt(row);
        return value === null ? null : String(value);
      });
    case 'refused':
    case undefined: {
      const missing = Array.from({ length: count }, () => null);
      return missing.every((_, row) => valueAt(row) === null) ? missing : null;
    }
    default:
      return handling satisfies never;
  }
}

/** A whole or decimal number: as float64 where that is exact or nearest to what is written, else its digits. */
function exactCell(value: DuckDBValue): string | number | null {
  if (value === null) return null;
  const text = String(value);
  // Fifteen significant digits survive float64.
  return text.replace(/\D/g, '').length <= 15 ? Number(text) : text;
}

/** Cells without long numbers in the compact form. */
function exactly(cells: readonly (string | number | null)[]): DatabaseCells {
  return cells.some((cell) => typeof cell === 'string')
    ? cells
    : Float64Array.from(cells, (cell) => (typeof cell === 'number' ? cell : NaN));
}
