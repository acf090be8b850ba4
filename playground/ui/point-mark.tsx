import type { JSX } from 'preact';
import type { DataPoint } from '../state.js';

/** A point of the data: a disc for class +1, a diamond for class −1, a ring for a number. Colour is never the only sign. */
export function PointMark(props: {
  readonly x: number;
  readonly y: number;
  readonly label: DataPoint['label'];
  readonly size: number;
  readonly index?: number;
}): JSX.Element {
  const { x, y, label, size, index } = props;
  if (label < 0) {
    const reach = size * 1.25;
    const d = `M${x} ${y - reach}L${x + reach} ${y}L${x} ${y + reach}L${x - reach} ${y}Z`;
    return <path class="point minus" d={d} data-index={index} />;
  }
  return (
    <circle class={`point ${label > 0 ? 'plus' : 'number'}`} cx={x} cy={y} r={size} data-index={index} />
  );
}
