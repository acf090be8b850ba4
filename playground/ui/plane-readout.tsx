import type { ReadonlySignal } from '@preact/signals';
import type { JSX } from 'preact';
import { forward } from '../../src/network/network.js';
import { countNoun, countText, numberText } from '../../src/report/number-text.js';
import { useStore, type Store } from '../store.js';
import { equationText } from '../view/equation.js';
import type { Place } from '../view/frame.js';
import { sideOf } from '../view/hyperplane.js';
import { cellLimit, fitting, type PlaneModel } from './plane-model.js';

/** One line under the plane: what is pointed at. Its height is kept, so that nothing jumps. */
export function PlaneReadout(props: {
  readonly model: PlaneModel;
  readonly pointer: ReadonlySignal<Place | null>;
}): JSX.Element {
  const store = useStore();
  const text = readout(store, props.model, props.pointer.value);
  return <figcaption class="readout">{text}</figcaption>;
}

function readout(store: Store, model: PlaneModel, pointer: Place | null): string {
  const network = fitting(store.network.value, store.task.value);
  const at = store.highlight.value;
  const norm = at ? store.shown.value?.pathNorms[at.subNetwork] : undefined;
  if (network && at && norm !== undefined) {
    return `Sub-network ${at.subNetwork + 1}: ${equationText(network, at.subNetwork)}, path norm ${numberText(norm, 3)}`;
  }
  if (!network || !pointer) return hint(store, model);
  const row = network.inputs === 3 ? [pointer.x, pointer.y, 1] : [pointer.x, 1];
  const [f = 0] = forward(network, { X: Float64Array.from(row), n: 1, d: row.length });
  const places =
    network.inputs === 3 ? `(${short(pointer.x)}, ${short(pointer.y)})` : `(${short(pointer.x)})`;
  const lines = model.firstLayerLines.value;
  const active = lines.filter((line) => sideOf(line, pointer) >= 0).length;
  return `f${places} = ${numberText(f, 3)}: ${active} of ${countNoun(lines.length, 'first-layer unit')} active`;
}

function short(value: number): string {
  return value.toFixed(2).replace('-', '−');
}

function hint(store: Store, model: PlaneModel): string {
  if (store.isDrawing.value) return 'Click adds a point, drag moves it.';
  if (store.showCells.value) {
    const cells = model.cells.value;
    return cells
      ? `${countNoun(cells.length, 'cell')}: on each the first layer is linear.`
      : `More than ${countText(cellLimit)} first-layer units: the cells would be too small to see. Take a larger β.`;
  }
  return store.task.value === 'classes'
    ? 'Point at a line: where its unit is active, and what it contributes.'
    : 'Point at a kink: where its unit is active, and what it contributes.';
}
