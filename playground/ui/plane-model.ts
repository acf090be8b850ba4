import { computed, type ReadonlySignal } from '@preact/signals';
import type { ParallelNetwork } from '../../src/network/network.js';
import type { Highlight, Store } from '../store.js';
import { cellsOf, type Cell } from '../view/cells.js';
import { zeroContour } from '../view/contour.js';
import { frameOf, type Frame, type Polyline } from '../view/frame.js';
import { contributionOf, gridInputs, outputCurve, outputGrid, type Grid } from '../view/grid.js';
import { lineOf, segmentOf, type Line } from '../view/hyperplane.js';
import { outputSign } from '../view/path-lines.js';
import { activityOf, gatingLayers, unitsOf, type UnitPlace } from '../view/unit.js';

/** Side of the plane in its own units; the page scales it. */
export const planeSize = 480;
/** Nodes along a side of the coloured plane, and of the contours of deeper units. */
const gridSize = 121;
const contourSize = 81;
/** Above so many first-layer units the cells are too small to be seen. */
export const cellLimit = 90;

/** Where one unit turns on and off. */
export interface UnitLine extends UnitPlace {
  readonly sign: 1 | -1;
  readonly lines: readonly Polyline[];
}

/** All that the plane draws, each part computed when it is looked at. */
export interface PlaneModel {
  readonly frame: ReadonlySignal<Frame>;
  readonly grid: ReadonlySignal<Grid | null>;
  readonly boundary: ReadonlySignal<readonly Polyline[]>;
  readonly curve: ReadonlySignal<Polyline>;
  readonly unitLines: ReadonlySignal<readonly UnitLine[]>;
  readonly firstLayerLines: ReadonlySignal<readonly Line[]>;
  readonly cells: ReadonlySignal<readonly Cell[] | null>;
  /** Of the sub-network pointed at. */
  readonly contribution: ReadonlySignal<Grid | null>;
  readonly contributionCurve: ReadonlySignal<Polyline | null>;
  readonly activity: ReadonlySignal<Float64Array | null>;
  /** Stretches of x on which the unit pointed at is active, with one input. */
  readonly activeStretches: ReadonlySignal<readonly (readonly [number, number])[]>;
}

/** The plane of a store. */
export function planeModel(store: Store): PlaneModel {
  const frame = computed(() => frameOf(store.task.value, store.points.value));
  /** The frame without its identity changing while points move about inside it. */
  const key = computed(() => JSON.stringify(frame.value));
  const steady = computed(() => JSON.parse(key.value) as Frame);
  const network = computed(() => fitting(store.network.value, store.task.value));
  const isPlane = computed(() => store.task.value === 'classes');
  const ofPlane = <T>(make: (network: ParallelNetwork) => T): ReadonlySignal<T | null> =>
    computed(() => (network.value && isPlane.value ? make(network.value) : null));
  const grid = ofPlane((found) => outputGrid(found, steady.value, gridSize));
  const firstLayerLines = computed(() => (network.value ? linesOf(network.value) : []));
  const activeUnit = computed(() => unitOf(store.highlight.value, network.value));
  return {
    frame: steady,
    grid,
    boundary: computed(() => (grid.value ? zeroContour(grid.value) : [])),
    curve: computed(() =>
      network.value && !isPlane.value ? outputCurve(network.value, steady.value, gridSize) : [],
    ),
    unitLines: computed(() => (network.value ? unitLinesOf(network.value, steady.value) : [])),
    firstLayerLines,
    cells: computed(() =>
      firstLayerLines.value.length <= cellLimit ? cellsOf(firstLayerLines.value, steady.value) : null,
    ),
    contribution: computed(() => {
      const at = store.highlight.value;
      return network.value && at && isPlane.value
        ? outputGrid(contributionOf(network.value, at.subNetwork), steady.value, gridSize)
        : null;
    }),
    contributionCurve: computed(() => {
      const at = store.highlight.value;
      return network.value && at && !isPlane.value
        ? outputCurve(contributionOf(network.value, at.subNetwork), steady.value, gridSize)
        : null;
    }),
    activity: computed(() => {
      const unit = activeUnit.value;
      return network.value && unit && isPlane.value
        ? activityOf(network.value, unit, gridInputs(steady.value, gridSize, gridSize))
        : null;
    }),
    activeStretches: computed(() => {
      const unit = activeUnit.value;
      return network.value && unit && !isPlane.value ? stretchesOf(network.value, unit, steady.value) : [];
    }),
  };
}

/** The network where it is about this task: after a change of task the old one stays for a moment. */
export function fitting(network: ParallelNetwork | null, task: 'classes' | 'number'): ParallelNetwork | null {
  return network?.inputs === (task === 'classes' ? 3 : 2) ? network : null;
}

/** The unit whose activity is shown: the one pointed at, or the only one of a two-layer sub-network. */
function unitOf(highlight: Highlight | null, network: ParallelNetwork | null): UnitPlace | null {
  if (!highlight || !network) return null;
  const { subNetwork, unit } = highlight;
  if (unit) return { subNetwork, ...unit };
  return network.subNetworks[subNetwork]?.first.length === 1 ? { subNetwork, layer: 0, unit: 0 } : null;
}

function linesOf(network: ParallelNetwork): readonly Line[] {
  return network.subNetworks.flatMap((_, k) => (gatingLayers(network, k)?.first ?? []).map(lineOf));
}

function unitLinesOf(network: ParallelNetwork, frame: Frame): readonly UnitLine[] {
  const inputs = network.inputs === 3 ? gridInputs(frame, contourSize, contourSize) : null;
  return unitsOf(network).map((place) => {
    const sign = outputSign(network.subNetworks[place.subNetwork]?.output ?? [1]);
    const weights = place.layer === 0 ? gatingLayers(network, place.subNetwork)?.first[place.unit] : null;
    if (weights) {
      const segment = segmentOf(lineOf(weights), frame);
      return { ...place, sign, lines: segment ? [segment] : [] };
    }
    if (inputs) {
      const values = activityOf(network, place, inputs);
      return {
        ...place,
        sign,
        lines: zeroContour({ frame, columns: contourSize, rows: contourSize, values }),
      };
    }
    return { ...place, sign, lines: [] };
  });
}

const stretchSteps = 600;

function stretchesOf(network: ParallelNetwork, unit: UnitPlace, frame: Frame): [number, number][] {
  const at = (i: number): number => frame.xLow + (i / stretchSteps) * (frame.xHigh - frame.xLow);
  const X = Float64Array.from({ length: 2 * (stretchSteps + 1) }, (_, k) => (k % 2 === 0 ? at(k / 2) : 1));
  const active = activityOf(network, unit, { X, n: stretchSteps + 1, d: 2 });
  const stretches: [number, number][] = [];
  active.forEach((value, i) => {
    const last = stretches.at(-1);
    if (!(value >= 0)) return;
    if (last && (active[i - 1] ?? -1) >= 0) last[1] = at(i);
    else stretches.push([at(i), at(i)]);
  });
  return stretches;
}
