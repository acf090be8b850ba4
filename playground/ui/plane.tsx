import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { useStore } from '../store.js';
import { CellLayer, CurveLayer, RegionLayer, UnitLayer } from './plane-layers.js';
import { planeModel, planeSize, type PlaneModel } from './plane-model.js';
import { PlaneReadout } from './plane-readout.js';
import { PointLayer } from './point-layer.js';
import { paintGrid } from './paint.js';
import { palette } from './theme.js';
import { fromPicture, toPicture, type Place } from '../view/frame.js';

/** The plane: regions or curve, where the units turn, the points. */
export function Plane(): JSX.Element {
  const store = useStore();
  const model = useMemo(() => planeModel(store), [store]);
  const pointer = useSignal<Place | null>(null);
  const svg = useRef<SVGSVGElement>(null);
  const isClasses = store.task.value === 'classes';
  const placeOf = (event: PointerEvent): Place => {
    const box = svg.current?.getBoundingClientRect();
    if (!box) return { x: 0, y: 0 };
    const picture = { x: event.clientX - box.left, y: event.clientY - box.top };
    return fromPicture(model.frame.value, picture, box.width, box.height);
  };
  return (
    <figure class="plane-figure">
      <div class={`plane ${store.isDrawing.value ? 'drawing' : ''}`} data-phase={store.run.value.phase}>
        {isClasses ? <RegionCanvas model={model} /> : null}
        <svg
          ref={svg}
          viewBox={`0 0 ${planeSize} ${planeSize}`}
          role="img"
          aria-label={planeLabel(isClasses, store.points.value.length, store.shown.value?.pathNorms.length)}
          onPointerMove={(event) => (pointer.value = placeOf(event))}
          onPointerLeave={() => (pointer.value = null)}
        >
          <g aria-hidden="true">
            <Axes model={model} />
            <CellLayer model={model} pointer={pointer} />
            <RegionLayer model={model} />
            <CurveLayer model={model} />
            <UnitLayer model={model} />
            <PointLayer model={model} placeOf={placeOf} />
          </g>
        </svg>
      </div>
      <PlaneReadout model={model} pointer={pointer} />
      <div class="row toggles">
        <Toggle name="Hyperplanes" signal={store.showHyperplanes} />
        <Toggle name="Cells of the arrangement" signal={store.showCells} />
      </div>
    </figure>
  );
}

function planeLabel(isClasses: boolean, points: number, subNetworks: number | undefined): string {
  const what = isClasses ? 'decision regions of the network' : 'curve of the network';
  const units = subNetworks === undefined ? 'not trained yet' : `${subNetworks} sub-networks`;
  return `The plane: ${points} points and the ${what}, ${units}. The numbers are in the panels beside it.`;
}

function Toggle(props: { readonly name: string; readonly signal: { value: boolean } }): JSX.Element {
  const { name, signal } = props;
  return (
    <label class="toggle">
      <input
        type="checkbox"
        checked={signal.value}
        onChange={(event) => {
          signal.value = event.currentTarget.checked;
        }}
      />
      {name}
    </label>
  );
}

function RegionCanvas({ model }: { readonly model: PlaneModel }): JSX.Element {
  const store = useStore();
  const canvas = useRef<HTMLCanvasElement>(null);
  const total = model.grid.value;
  const part = model.contribution.value;
  const activity = model.activity.value;
  const colors = palette.value;
  const isMargin = store.state.value.model.loss !== 'logistic';
  useEffect(() => {
    if (!canvas.current) return;
    const grid = part ?? total;
    const scale = part ? largest(part.values) : isMargin ? 1 : 3;
    paintGrid(canvas.current, grid && { grid, scale, activity: part ? activity : null }, colors);
  }, [total, part, activity, colors, isMargin]);
  return <canvas ref={canvas} width={2 * planeSize} height={2 * planeSize} aria-hidden="true" />;
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
}

const ticks = [-1, -0.5, 0, 0.5, 1];

function Axes({ model }: { readonly model: PlaneModel }): JSX.Element {
  const frame = model.frame.value;
  const at = (x: number, y: number): Place => toPicture(frame, { x, y }, planeSize, planeSize);
  const origin = at(0, 0);
  return (
    <g class="axes">
      <line x1={0} x2={planeSize} y1={origin.y} y2={origin.y} />
      <line x1={origin.x} x2={origin.x} y1={0} y2={planeSize} />
      {ticks.map((tick) => (
        <text key={`x${tick}`} x={at(tick, 0).x} y={planeSize - 6} text-anchor="middle">
          {String(tick).replace('-', '−')}
        </text>
      ))}
      {ticks
        .filter((tick) => tick > frame.yLow && tick < frame.yHigh)
        .map((tick) => (
          <text key={`y${tick}`} x={6} y={at(0, tick).y + 4}>
            {String(tick).replace('-', '−')}
          </text>
        ))}
    </g>
  );
}
