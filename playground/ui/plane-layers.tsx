import type { ReadonlySignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useStore } from '../store.js';
import { cellAt } from '../view/cells.js';
import { pathText, toPicture, type Frame, type Place, type Polyline } from '../view/frame.js';
import { planeSize, type PlaneModel, type UnitLine } from './plane-model.js';

interface LayerProps {
  readonly model: PlaneModel;
}

/** A polyline of the plane as an SVG path. */
function drawn(frame: Frame, line: Polyline, closed = false): string {
  return pathText(
    line.map((place) => toPicture(frame, place, planeSize, planeSize)),
    closed,
  );
}

/** The cells of the arrangement, every second one tinted: crossing a hyperplane changes the tint. */
export function CellLayer(
  props: LayerProps & { readonly pointer: ReadonlySignal<Place | null> },
): JSX.Element | null {
  const store = useStore();
  if (!store.showCells.value) return null;
  const cells = props.model.cells.value;
  if (!cells) return null;
  const frame = props.model.frame.value;
  const odd = cells.filter(({ active }) => active.filter(Boolean).length % 2 === 1);
  const place = props.pointer.value;
  const under = place && cellAt(cells, props.model.firstLayerLines.value, place);
  return (
    <g class="cells">
      <path class="odd" d={odd.map(({ polygon }) => drawn(frame, polygon, true)).join('')} />
      <path class="edges" d={cells.map(({ polygon }) => drawn(frame, polygon, true)).join('')} />
      {under ? <path class="under" d={drawn(frame, under.polygon, true)} /> : null}
    </g>
  );
}

/** The boundary between the decision regions. */
export function RegionLayer({ model }: LayerProps): JSX.Element {
  const store = useStore();
  const frame = model.frame.value;
  return (
    <path
      class={`boundary ${store.highlight.value ? 'faint' : ''}`}
      d={model.boundary.value.map((line) => drawn(frame, line)).join('')}
    />
  );
}

/** The fitted curve, and what the sub-network pointed at contributes to it. */
export function CurveLayer({ model }: LayerProps): JSX.Element | null {
  const frame = model.frame.value;
  const part = model.contributionCurve.value;
  const curve = model.curve.value;
  if (curve.length === 0) return null;
  return (
    <g class="curve">
      {model.activeStretches.value.map(([from, to]) => {
        const left = toPicture(frame, { x: from, y: 0 }, planeSize, planeSize).x;
        const right = toPicture(frame, { x: to, y: 0 }, planeSize, planeSize).x;
        return <rect key={from} class="active" x={left} width={right - left} y={0} height={planeSize} />;
      })}
      <path class={part ? 'fit faint' : 'fit'} d={drawn(frame, curve)} />
      {part ? <path class="part" d={drawn(frame, part)} /> : null}
    </g>
  );
}

/** Where the units turn on and off: straight for the first layer, dashed contours above. */
export function UnitLayer({ model }: LayerProps): JSX.Element | null {
  const store = useStore();
  const lines = model.unitLines.value;
  const highlight = store.highlight.value;
  if (!store.showHyperplanes.value && !highlight) return null;
  const frame = model.frame.value;
  const isMany = lines.length > 40;
  return (
    <g class={`units ${isMany ? 'many' : ''} ${highlight ? 'pointed' : ''}`}>
      {lines
        .filter((line) => store.showHyperplanes.value || line.subNetwork === highlight?.subNetwork)
        .map((line) => (
          <UnitMark key={`${line.subNetwork}.${line.layer}.${line.unit}`} line={line} frame={frame} />
        ))}
    </g>
  );
}

function UnitMark({ line, frame }: { readonly line: UnitLine; readonly frame: Frame }): JSX.Element | null {
  const store = useStore();
  if (line.lines.length === 0) return null;
  const { subNetwork, layer, unit, sign } = line;
  const at = store.highlight.value;
  const isIn = at?.subNetwork === subNetwork;
  const isIt = isIn && (at.unit === null || (at.unit.layer === layer && at.unit.unit === unit));
  const d = line.lines.map((part) => drawn(frame, part)).join('');
  return (
    <g
      class={`unit ${sign > 0 ? 'plus' : 'minus'} ${layer > 0 ? 'deep' : ''} ${isIt ? 'on' : isIn ? 'near' : ''}`}
      data-sub-network={subNetwork}
      onPointerEnter={() => (store.highlight.value = { subNetwork, unit: { layer, unit } })}
      onPointerLeave={() => (store.highlight.value = null)}
    >
      <path class="reach" d={d} />
      <path class="mark" d={d} />
    </g>
  );
}
