import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { numberText } from '../../src/report/number-text.js';
import { domain, type DataPoint } from '../state.js';
import { useStore } from '../store.js';
import { Button } from './controls.js';

/** The points as a table: everything that drawing does, by keyboard. */
export function PointTable(): JSX.Element {
  const store = useStore();
  const isOpen = useSignal(false);
  const points = store.points.value;
  const isClasses = store.task.value === 'classes';
  const change = (i: number, changed: Partial<DataPoint>): void => {
    store.setPoints(points.map((point, k) => (k === i ? { ...point, ...changed } : point)));
  };
  return (
    <details
      class="point-table"
      onToggle={(event) => {
        isOpen.value = event.currentTarget.open;
      }}
    >
      <summary>Points as a table</summary>
      {isOpen.value ? (
        <>
          <div class="table-box" tabindex={0} role="region" aria-label="Points">
            <table>
              <thead>
                <tr>
                  <th scope="col">#</th>
                  <th scope="col">x</th>
                  <th scope="col">{isClasses ? 'y' : 'target'}</th>
                  {isClasses ? <th scope="col">class</th> : null}
                  <td />
                </tr>
              </thead>
              <tbody>
                {points.map((point, i) => (
                  <tr key={i}>
                    <th scope="row">{i + 1}</th>
                    <td>
                      <Coordinate
                        name={`x of point ${i + 1}`}
                        value={point.x}
                        bounded
                        onValue={(x) => {
                          change(i, { x });
                        }}
                      />
                    </td>
                    <td>
                      <Coordinate
                        name={`${isClasses ? 'y' : 'target'} of point ${i + 1}`}
                        value={point.y}
                        bounded={isClasses}
                        onValue={(y) => {
                          change(i, { y });
                        }}
                      />
                    </td>
                    {isClasses ? (
                      <td>
                        <select
                          aria-label={`class of point ${i + 1}`}
                          value={String(point.label)}
                          onChange={(event) => {
                            change(i, { label: event.currentTarget.value === '1' ? 1 : -1 });
                          }}
                        >
                          <option value="1">● +1</option>
                          <option value="-1">◆ −1</option>
                        </select>
                      </td>
                    ) : null}
                    <td>
                      <Button
                        kind="quiet"
                        label={`Remove point ${i + 1}`}
                        onPress={() => {
                          store.setPoints(points.filter((_, k) => k !== i));
                        }}
                      >
                        ×
                      </Button>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <Button
            onPress={() => {
              store.setPoints([...points, { x: 0, y: 0, label: isClasses ? 1 : 0 }]);
            }}
          >
            Add a point
          </Button>
        </>
      ) : null}
    </details>
  );
}

function Coordinate(props: {
  readonly name: string;
  readonly value: number;
  readonly bounded: boolean;
  readonly onValue: (value: number) => void;
}): JSX.Element {
  const { name, value, bounded, onValue } = props;
  const [least, most] = domain;
  return (
    <input
      type="number"
      aria-label={name}
      step={0.05}
      min={bounded ? least : undefined}
      max={bounded ? most : undefined}
      value={numberText(value, 3).replace('−', '-')}
      onChange={(event) => {
        const typed = event.currentTarget.valueAsNumber;
        if (!Number.isFinite(typed)) return;
        onValue(bounded ? Math.min(most, Math.max(least, typed)) : typed);
      }}
    />
  );
}
