import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { domain, type DataPoint } from '../state.js';
import { useStore } from '../store.js';
import { toPicture, type Place } from '../view/frame.js';
import { planeSize, type PlaneModel } from './plane-model.js';
import { PointMark } from './point-mark.js';

/** The points, and while drawing the sheet that takes the clicks. A mouse may always drag a point, a finger while drawing. */
export function PointLayer(props: {
  readonly model: PlaneModel;
  readonly placeOf: (event: PointerEvent) => Place;
}): JSX.Element {
  const store = useStore();
  const dragged = useRef<number | null>(null);
  const points = store.points.value;
  const frame = props.model.frame.value;
  const isDrawing = store.isDrawing.value;
  const isClasses = store.task.value === 'classes';
  // Moves come faster than drawings: what is there now, not what was drawn last.
  const current = (): readonly DataPoint[] => store.points.peek();
  const inside = (event: PointerEvent): Place => {
    const place = props.placeOf(event);
    return { x: clamped(place.x, domain), y: clamped(place.y, [frame.yLow, frame.yHigh]) };
  };
  const begin = (event: PointerEvent & { currentTarget: SVGGElement }): void => {
    if (event.button !== 0) return;
    const hit = indexUnder(event.target);
    if (hit === null && !isDrawing) return;
    if (hit !== null && !isDrawing && event.pointerType !== 'mouse') return;
    event.preventDefault();
    if (isDrawing && store.pen.value === 'erase') {
      if (hit !== null) store.setPoints(current().filter((_, i) => i !== hit));
      return;
    }
    dragged.current = hit ?? current().length;
    if (hit === null)
      store.setPoints([...current(), { ...inside(event), label: labelOf(isClasses, store.pen.value) }]);
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const drag = (event: PointerEvent): void => {
    const index = dragged.current;
    if (index === null) return;
    const place = inside(event);
    store.setPoints(current().map((point, i) => (i === index ? { ...point, ...place } : point)));
  };
  const end = (): void => {
    dragged.current = null;
  };
  return (
    <g class="points" onPointerDown={begin} onPointerMove={drag} onPointerUp={end} onPointerCancel={end}>
      {isDrawing ? <rect class="sheet" width={planeSize} height={planeSize} /> : null}
      {points.map((point, i) => {
        const { x, y } = toPicture(frame, point, planeSize, planeSize);
        return (
          <PointMark
            key={i}
            index={i}
            x={x}
            y={y}
            label={point.label}
            size={points.length > 120 ? 3.6 : 4.6}
          />
        );
      })}
    </g>
  );
}

function labelOf(isClasses: boolean, pen: string): DataPoint['label'] {
  if (!isClasses) return 0;
  return pen === 'minus' ? -1 : 1;
}

function indexUnder(target: EventTarget | null): number | null {
  const index = target instanceof SVGElement ? target.dataset.index : undefined;
  return index === undefined ? null : Number(index);
}

/** Inside, and to a thousandth, so that links stay short. */
function clamped(value: number, [least, most]: readonly [number, number]): number {
  return Math.round(Math.min(most, Math.max(least, value)) * 1000) / 1000;
}
