import type { JSX } from 'preact';
import { useStore } from '../store.js';
import { Button, Choice } from './controls.js';

/** Turns drawing on and off, and says what a click draws. */
export function DrawTools(): JSX.Element {
  const store = useStore();
  const isOn = store.isDrawing.value;
  const isClasses = store.task.value === 'classes';
  return (
    <div class="draw-tools">
      <div class="row">
        <Button
          id="draw"
          pressed={isOn}
          onPress={() => {
            store.isDrawing.value = !isOn;
          }}
        >
          Draw points
        </Button>
        <Button
          kind="quiet"
          disabled={store.points.value.length === 0}
          onPress={() => {
            store.setPoints([]);
            store.isDrawing.value = true;
          }}
        >
          Clear all
        </Button>
      </div>
      {isOn ? (
        <>
          <Choice
            legend="A click"
            name="pen"
            value={store.pen.value}
            options={
              isClasses
                ? [
                    { value: 'plus', name: '● adds +1' },
                    { value: 'minus', name: '◆ adds −1' },
                    { value: 'erase', name: 'removes' },
                  ]
                : [
                    { value: 'plus', name: '○ adds' },
                    { value: 'erase', name: 'removes' },
                  ]
            }
            onValue={(pen) => {
              store.pen.value = pen;
            }}
          />
          <p class="fine">Drag a point to move it. By keyboard: the table below.</p>
        </>
      ) : null}
    </div>
  );
}
