import type { StoredRows } from '../../src/arrangement/sub-network-pattern.js';
import { forward, type ParallelNetwork } from '../../src/network/network.js';
import type { Frame } from './frame.js';

/** Values at columns × rows nodes that span a frame edge to edge, row after row from the top left. */
export interface Grid {
  readonly frame: Frame;
  readonly columns: number;
  readonly rows: number;
  readonly values: Float64Array;
}

/** x of a column of nodes. */
export function columnPlace(frame: Frame, column: number, columns: number): number {
  return frame.xLow + (column / (columns - 1)) * (frame.xHigh - frame.xLow);
}

/** y of a row of nodes, from the top. */
export function rowPlace(frame: Frame, row: number, rows: number): number {
  return frame.yHigh - (row / (rows - 1)) * (frame.yHigh - frame.yLow);
}

/** The nodes of a grid as rows (x, y, 1) of input. */
export function gridInputs(frame: Frame, columns: number, rows: number): StoredRows {
  const X = new Float64Array(columns * rows * 3);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      X.set(
        [columnPlace(frame, column, columns), rowPlace(frame, row, rows), 1],
        (row * columns + column) * 3,
      );
    }
  }
  return { X, n: columns * rows, d: 3 };
}

/** Outputs of a network of two inputs and bias over the frame. O(nodes × weights). */
export function outputGrid(network: ParallelNetwork, frame: Frame, size: number): Grid {
  return { frame, columns: size, rows: size, values: forward(network, gridInputs(frame, size, size)) };
}

/** A network of one of the sub-networks alone: its contribution. */
export function contributionOf(network: ParallelNetwork, subNetwork: number): ParallelNetwork {
  return { ...network, subNetworks: network.subNetworks.slice(subNetwork, subNetwork + 1) };
}

/** The fitted curve of a network of one input and bias: places at equal steps and at every kink of the first layer. */
export function outputCurve(
  network: ParallelNetwork,
  frame: Frame,
  size: number,
): readonly { readonly x: number; readonly y: number }[] {
  const kinks = network.subNetworks.flatMap(({ first, gates }) =>
    (gates ?? { first }).first.flatMap(([slope = 0, offset = 0]) => (slope === 0 ? [] : [-offset / slope])),
  );
  const steps = Array.from({ length: size }, (_, i) => columnPlace(frame, i, size));
  const inside = kinks.filter((x) => x > frame.xLow && x < frame.xHigh);
  // A gate may jump: both sides of each kink are drawn.
  const sides = inside.flatMap((x) => [x - 1e-9, x, x + 1e-9]);
  const places = [...steps, ...sides].sort((a, b) => a - b);
  const X = Float64Array.from(places.flatMap((x) => [x, 1]));
  const outputs = forward(network, { X, n: places.length, d: 2 });
  return places.map((x, i) => ({ x, y: outputs[i] ?? NaN }));
}
