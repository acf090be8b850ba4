import type { Rectangle } from '../kernel.js';
import { PACK_JOB, UPDATE_JOB, writeJob } from './jobs.js';
import { CHUNK_ROWS, DEPTH, MOVED, PANEL, type KernelInstance } from './kernel-instance.js';
import { roundUp, spreadStride } from './stored-matrix.js';

/** Columns of H whose panels are packed at a time: whole panels, 4 MiB at full depth. */
const COLUMNS_AT_ONCE = 2_040;

/** Bound on one operand of an update in scratch memory. */
const OPERAND_BYTES = 2 ** 24;

/** Bytes of a symmetric matrix: panels of 12 rows, each as wide as its last row. */
export function symmetricBytes(order: number): number {
  const panels = Math.ceil(order / PANEL);
  return 576 * panels * (panels + 1);
}

/** An update H += alpha·B·Cᵀ of a rectangle: B and C in row pairs over `depth` inner columns. */
export interface Update {
  readonly h: number;
  /** Address of a matrix like H that multiplies the product entry by entry, or 0. */
  readonly times: number;
  readonly alpha: number;
  readonly depth: number;
  /** Row pairs of B; the first row is row `rowFrom` of H, a multiple of 12. */
  readonly pairs: number;
  readonly stride: number;
  readonly rowFrom: number;
  /** Rows of the rectangle. */
  readonly rowLow: number;
  readonly rowHigh: number;
  /** Columns of the rectangle. */
  readonly columnFrom: number;
  readonly columnHigh: number;
  /** Row pairs of C: row `sourceRow` is column `columnFrom` of H. */
  readonly source: number;
  readonly sourceStride: number;
  readonly sourceRow: number;
  /** Scratch for panels, see {@link panelBytes}. */
  readonly panels: number;
}

export function panelBytes(columns: number, depth: number): number {
  return roundUp(Math.min(columns, COLUMNS_AT_ONCE), PANEL) * depth * 8;
}

/** Inner columns taken at a time, so that an operand of that many rows stays within bounds. */
export function depthFor(rows: number): number {
  return Math.max(16, Math.min(DEPTH, Math.floor(OPERAND_BYTES / (8 * rows) / 16) * 16));
}

/** Bytes of row pairs with a spread stride. */
export function pairBytes(rows: number, depth: number): number {
  return (roundUp(rows, PANEL) / 2) * spreadStride(depth);
}

/** Packs panels and updates, a block of columns at a time. */
export function runUpdate(instance: KernelInstance, u: Update): void {
  const tileColumns = instance.tile.columns;
  for (let column = u.columnFrom; column < u.columnHigh; column += COLUMNS_AT_ONCE) {
    const columnHigh = Math.min(column + COLUMNS_AT_ONCE, u.columnHigh);
    // Rows above the first column have nothing on or below the diagonal.
    const rowFrom = Math.max(u.rowFrom, Math.floor(column / PANEL) * PANEL);
    if (rowFrom >= u.rowHigh) break;
    const chunks = Math.ceil((u.rowHigh - rowFrom) / CHUNK_ROWS);
    const job = writeJob(instance.memory, UPDATE_JOB, {
      alpha: u.alpha,
      h: u.h,
      beside: u.times === 0 ? 0 : (u.times - u.h) >>> 0,
      pairs: u.pairs + ((rowFrom - u.rowFrom) / 2) * u.stride,
      stride: u.stride,
      depth: u.depth,
      rowFrom,
      rowLow: u.rowLow,
      rowHigh: u.rowHigh,
      columnFrom: column,
      columnHigh,
      panels: u.panels,
      chunks,
      source: u.source,
      sourceStride: u.sourceStride,
      sourceColumn: u.sourceRow + column - u.columnFrom,
    });
    const columns = columnHigh - column;
    instance.run('packPanels', job, Math.ceil(columns / tileColumns), columns * u.depth * MOVED);
    instance.run('update', job, chunks, 2 * (u.rowHigh - rowFrom) * columns * u.depth);
  }
}

/** H += alpha Σ_r c_r c_rᵀ with c_r = columns[r·order … (r + 1)·order). */
export function addOuterProducts(
  instance: KernelInstance,
  { h, order }: { readonly h: number; readonly order: number },
  columns: Float64Array,
  count: number,
  alpha: number,
): void {
  const padded = roundUp(order, PANEL);
  const atOnce = depthFor(order);
  for (let r = 0; r < count; r += atOnce) {
    const depth = Math.min(atOnce, count - r);
    const [source, pairs, panels] = instance.scratch([
      depth * order * 8,
      pairBytes(order, depth),
      panelBytes(padded, depth),
    ]);
    instance.memory.f64.set(columns.subarray(r * order, (r + depth) * order), source / 8);
    const stride = spreadStride(depth);
    packPairs(instance, 'packTransposed', {
      source,
      sourceStride: order * 8,
      rows: order,
      columns: depth,
      pairs,
    });
    const update = { h, times: 0, alpha, depth, pairs, stride, panels };
    runUpdate(instance, { ...update, ...wholeTriangle(padded, pairs, stride) });
  }
}

/** Rows and columns of an update of all of H by a product of one matrix with itself. */
export function wholeTriangle(
  padded: number,
  pairs: number,
  stride: number,
): Pick<
  Update,
  'rowFrom' | 'rowLow' | 'rowHigh' | 'columnFrom' | 'columnHigh' | 'source' | 'sourceStride' | 'sourceRow'
> {
  const rows = { rowFrom: 0, rowLow: 0, rowHigh: padded };
  return { ...rows, columnFrom: 0, columnHigh: padded, source: pairs, sourceStride: stride, sourceRow: 0 };
}

interface PairSource {
  readonly source: number;
  readonly sourceStride: number;
  readonly rows: number;
  readonly columns: number;
  readonly pairs: number;
  readonly lead?: number;
  readonly roots?: number;
}

/** Into row pairs of spread stride, zeros around. */
export function packPairs(
  instance: KernelInstance,
  name: 'packRows' | 'packTransposed' | 'packMasks' | 'packWidened',
  { source, sourceStride, rows, columns, pairs, lead = 0, roots = 0 }: PairSource,
): void {
  const paddedRows = roundUp(lead + rows, PANEL);
  const job = writeJob(instance.memory, PACK_JOB, {
    source,
    sourceStride,
    lead,
    rows,
    paddedRows,
    columns,
    pairs,
    stride: spreadStride(columns),
    roots,
    single: 0,
  });
  instance.run(name, job, Math.ceil(paddedRows / CHUNK_ROWS), paddedRows * columns * MOVED);
}

/** H += alpha·A·Bᵀ on a rectangle, A (rows×inner) and B (columns×inner) row-major. */
export function addProduct(
  instance: KernelInstance,
  h: number,
  at: Rectangle,
  operands: {
    readonly a: Float64Array;
    readonly b: Float64Array;
    readonly inner: number;
    readonly alpha: number;
  },
): void {
  const { a, b, inner, alpha } = operands;
  const rowsAtOnce = COLUMNS_AT_ONCE;
  for (let k = 0; k < inner; k += DEPTH) {
    const depth = Math.min(DEPTH, inner - k);
    for (let r = 0; r < at.rows; r += rowsAtOnce) {
      const rows = Math.min(rowsAtOnce, at.rows - r);
      const rowLow = at.row + r;
      const rowHigh = rowLow + rows;
      for (let c = 0; c < at.columns && at.column + c < rowHigh; c += COLUMNS_AT_ONCE) {
        const columns = Math.min(COLUMNS_AT_ONCE, at.columns - c);
        const lead = rowLow % PANEL;
        const [source, pairs, other, panels] = instance.scratch([
          Math.max(rows, columns) * depth * 8,
          pairBytes(lead + rows, depth),
          pairBytes(columns, depth),
          panelBytes(columns, depth),
        ]);
        const packed = { source, sourceStride: depth * 8, columns: depth };
        copyRows(instance, a, { first: r, rows, inner, k, depth }, source);
        packPairs(instance, 'packRows', { ...packed, rows, pairs, lead });
        copyRows(instance, b, { first: c, rows: columns, inner, k, depth }, source);
        packPairs(instance, 'packRows', { ...packed, rows: columns, pairs: other });
        const stride = spreadStride(depth);
        const columnFrom = at.column + c;
        runUpdate(instance, {
          ...{ h, times: 0, alpha, depth, pairs, stride, panels, rowLow, rowHigh, columnFrom },
          rowFrom: rowLow - lead,
          columnHigh: columnFrom + columns,
          source: other,
          sourceStride: stride,
          sourceRow: 0,
        });
      }
    }
  }
}

function copyRows(
  { memory }: KernelInstance,
  from: Float64Array,
  part: {
    readonly first: number;
    readonly rows: number;
    readonly inner: number;
    readonly k: number;
    readonly depth: number;
  },
  to: number,
): void {
  const { first, rows, inner, k, depth } = part;
  const { f64 } = memory;
  for (let i = 0; i < rows; i++) {
    const start = (first + i) * inner + k;
    f64.set(from.subarray(start, start + depth), to / 8 + i * depth);
  }
}
