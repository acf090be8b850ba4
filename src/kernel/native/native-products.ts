import type { MaskedColumns } from '../kernel.js';
import {
  columnBlocks,
  copySlices,
  writeColumns,
  writeMasks,
  type ColumnBlock,
} from '../wasm/column-blocks.js';
import { roundUp } from '../wasm/stored-matrix.js';
import type { DataRows } from './data-rows.js';
import { MASK_ROWS, type MaskModule } from './mask-module.js';
import type { Openblas } from './openblas.js';

/**
 * Rows of X in one call of BLAS: the products or residuals of 1000 columns, 1.5 MiB, are masked while they are still in a
 * cache. Whole products lose to the traffic of memory.
 */
const PANEL_ROWS = 192;

/** What the products of one workspace share. */
export interface NativeProducts {
  readonly blas: Openblas;
  readonly masks: MaskModule;
  readonly data: DataRows;
}

interface ForwardCall {
  readonly columns: MaskedColumns;
  /** Slice of `out` that each column is added to. */
  readonly slices: ArrayLike<number>;
  readonly z: Float64Array;
  readonly out: Float64Array;
}

/** out[slice_c·n + i] += s_c m_c[i] ⟨x_i, z_c⟩, block by block. Cost 2·n·d·count flops. */
export function addForwardPanels(shared: NativeProducts, call: ForwardCall): void {
  const { masks: module, data } = shared;
  const { n, d } = data;
  for (const block of blocksOf(call.slices, data)) {
    const z = scaledColumns(block, call, d);
    const [products, masks, vector] = module.scratch([
      block.padded * PANEL_ROWS * 8,
      block.padded * block.maskStride + 8,
      block.slices.length * block.sliceBytes,
    ]);
    const ends = runEnds(block, call.slices);
    for (let row = 0; row < n; row += block.rowsAtOnce) {
      const rows = Math.min(block.rowsAtOnce, n - row);
      writeMasks(module, block, call.columns.masks, row, masks);
      copySlices(module, block, { vector: call.out, n, row, rows }, vector);
      for (let first = 0; first < rows; first += PANEL_ROWS) {
        const panel = { row: row + first, rows: Math.min(PANEL_ROWS, rows - first), columns: block.padded };
        multiplyPanel(shared, panel, z, products);
        const at = { products, masks: masks + first / 8, vector: vector + first * 8 };
        addRuns(module, block, { ...at, ends, rows: roundUp(panel.rows, MASK_ROWS) });
      }
      block.slices.forEach((slice, slot) => {
        call.out.set(module.numbers(vector + slot * block.sliceBytes, rows), slice * n + row);
      });
    }
  }
}

/** out[c·d + t] = s_c Σ_i m_c[i] v[o_c·n + i] x_it, block by block. Cost 2·n·d·count flops. */
export function adjointPanels(
  shared: NativeProducts,
  columns: MaskedColumns,
  v: Float64Array,
  out: Float64Array,
): void {
  const { masks: module, data } = shared;
  const { n, d } = data;
  for (const block of blocksOf(columns.outputs, data)) {
    const [residuals, masks, scales, slots, vector] = module.scratch([
      block.padded * PANEL_ROWS * 8,
      block.padded * block.maskStride + 8,
      block.padded * 8,
      block.padded * 4,
      block.slices.length * block.sliceBytes,
    ]);
    writeColumns(module, block, { scales: columns.scales, slices: columns.outputs }, { scales, slots });
    const sums = new Float64Array(block.padded * d);
    for (let row = 0; row < n; row += block.rowsAtOnce) {
      const rows = Math.min(block.rowsAtOnce, n - row);
      writeMasks(module, block, columns.masks, row, masks);
      copySlices(module, block, { vector: v, n, row, rows }, vector);
      for (let first = 0; first < rows; first += PANEL_ROWS) {
        const panel = { row: row + first, rows: Math.min(PANEL_ROWS, rows - first), columns: block.padded };
        module.exports.spreadMasked(
          ...([residuals, roundUp(panel.rows, MASK_ROWS), block.padded] as const),
          ...([masks + first / 8, block.maskStride, scales, slots, vector + first * 8] as const),
        );
        addPanel(shared, panel, residuals, sums);
      }
    }
    block.order.forEach((own, c) => {
      for (let t = 0; t < d; t++) out[own * d + t] = sums[c * d + t]!;
    });
  }
}

interface Panel {
  readonly row: number;
  readonly rows: number;
  readonly columns: number;
}

/** products[c][i] = ⟨z_c, x_i⟩ over the rows of a panel. */
function multiplyPanel(
  { blas, masks, data }: NativeProducts,
  { row, rows, columns }: Panel,
  z: Float64Array,
  products: number,
): void {
  const { d } = data;
  const stride = roundUp(rows, MASK_ROWS);
  blas.multiply({
    ...{ m: columns, n: rows, k: d, alpha: 1, beta: 0 },
    a: { data: z, stride: d },
    b: { data: data.rows(row, rows), stride: d, transposed: true },
    c: { data: masks.numbers(products, columns * stride), stride },
  });
}

/** sums[c] += Σ_i residuals[c][i] x_i over the rows of a panel. */
function addPanel(
  { blas, masks, data }: NativeProducts,
  { row, rows, columns }: Panel,
  residuals: number,
  sums: Float64Array,
): void {
  const { d } = data;
  const stride = roundUp(rows, MASK_ROWS);
  blas.multiply({
    ...{ m: columns, n: d, k: rows, alpha: 1, beta: 1 },
    a: { data: masks.numbers(residuals, columns * stride), stride },
    b: { data: data.rows(row, rows), stride: d },
    c: { data: sums, stride: d },
  });
}

/** Blocks without padding: BLAS takes any number of columns. */
function blocksOf(slices: ArrayLike<number>, { n, d }: DataRows): Iterable<ColumnBlock> {
  return columnBlocks(slices, { n, d, paddedRows: roundUp(n, MASK_ROWS) }, 1);
}

/** s_c·z_c of a block, next to each other. */
function scaledColumns({ order, padded }: ColumnBlock, { columns, z }: ForwardCall, d: number): Float64Array {
  const scaled = new Float64Array(padded * d);
  order.forEach((own, c) => {
    const scale = columns.scales[own]!;
    for (let t = 0; t < d; t++) scaled[c * d + t] = scale * z[own * d + t]!;
  });
  return scaled;
}

/** Where the columns of each slice of a block end: they are sorted by slice. */
function runEnds({ order, slices }: ColumnBlock, sliceOf: ArrayLike<number>): readonly number[] {
  let c = 0;
  return slices.map((slice) => {
    while (c < order.length && sliceOf[order[c]!] === slice) c++;
    return c;
  });
}

/** Adds the columns of each slice to it, over the rows of a panel. */
function addRuns(
  { exports }: MaskModule,
  block: ColumnBlock,
  at: {
    readonly products: number;
    readonly masks: number;
    readonly vector: number;
    readonly ends: readonly number[];
    readonly rows: number;
  },
): void {
  let from = 0;
  at.ends.forEach((to, slot) => {
    exports.addMasked(
      ...([at.products + from * at.rows * 8, at.rows, to - from] as const),
      ...([
        at.masks + from * block.maskStride,
        block.maskStride,
        at.vector + slot * block.sliceBytes,
      ] as const),
    );
    from = to;
  });
}
