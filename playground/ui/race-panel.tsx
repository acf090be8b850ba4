import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { typedNetwork } from '../../src/network/network-json.js';
import { numberText } from '../../src/report/number-text.js';
import { raceSteps, type RaceTry } from '../race-tries.js';
import type { RaceState } from '../state.js';
import { useStore } from '../store.js';
import { frameOf, pathText, toPicture } from '../view/frame.js';
import { outputCurve, outputGrid } from '../view/grid.js';
import { raceWords } from '../view/race-words.js';
import { Chart } from './chart.js';
import { Button, Choice, Panel, Slider } from './controls.js';
import { paintGrid } from './paint.js';
import { PointMark } from './point-mark.js';
import { fitting } from './plane-model.js';
import { palette } from './theme.js';

/** Learning rates of the slider: 10^(k/2). */
const [slowest, fastest] = [-8, 0];

/** Gradient descent beside the certified optimum, on the same objective. */
export function RacePanel(): JSX.Element {
  const store = useStore();
  const tries = store.tries.value;
  const latest = tries.at(-1);
  const point = store.shown.value;
  const optimum = point?.objective ?? 1;
  return (
    <Panel
      id="race"
      title="Race"
      aside={<span class="fine">gradient descent against the proven optimum, same objective, same β</span>}
    >
      <div class="race-grid">
        <RaceControls latest={latest} />
        <div class="race-chart">
          <Chart
            height={260}
            label={`Objective of gradient descent against the step. ${raceWords(latest, optimum)}`}
            draw={(charts, width) => charts.raceChart(tries, optimum, raceSteps, width)}
            inputs={[tries, optimum]}
          />
          <p class="race-result" id="race-result">
            {raceWords(latest, optimum)}
            {tries.length > 1 ? ` ${tries.length} tries so far.` : ''}
          </p>
        </div>
        <div class="pair">
          <SmallPlane
            name="gradient descent"
            network={latest?.network ?? null}
            objective={latest?.laps.at(-1)?.objective ?? null}
          />
          <SmallPlane
            name="proven optimum"
            network={point?.network ?? null}
            objective={point?.objective ?? null}
          />
        </div>
      </div>
    </Panel>
  );
}

function RaceControls({ latest }: { readonly latest: RaceTry | undefined }): JSX.Element {
  const store = useStore();
  const { race } = store.state.value;
  const isOn = latest?.phase === 'running' || latest?.phase === 'starting';
  const set = (change: Partial<RaceState>): void => {
    store.setRace({ ...race, ...change });
  };
  return (
    <div class="race-controls">
      <Choice
        legend="Optimiser"
        name="optimiser"
        value={race.optimiser}
        options={[
          { value: 'sgd', name: 'SGD' },
          { value: 'adam', name: 'Adam' },
        ]}
        onValue={(optimiser) => {
          set({ optimiser });
        }}
      />
      <Slider
        name="learning rate"
        text={numberText(race.rate, 2)}
        value={Math.round(2 * Math.log10(race.rate))}
        min={slowest}
        max={fastest}
        step={1}
        onValue={(half) => {
          set({ rate: Number((10 ** (half / 2)).toPrecision(2)) });
        }}
      />
      <Slider
        name="sub-networks K"
        text={String(race.subNetworks)}
        value={race.subNetworks}
        min={1}
        max={100}
        step={1}
        onValue={(subNetworks) => {
          set({ subNetworks });
        }}
      />
      <div class="row">
        {isOn ? (
          <Button
            id="race-stop"
            onPress={() => {
              store.stopRace();
            }}
          >
            Stop
          </Button>
        ) : (
          <Button
            id="race-start"
            kind="primary"
            disabled={store.shown.value === null}
            onPress={() => {
              store.startRace();
            }}
          >
            Start
          </Button>
        )}
        <Button
          id="race-again"
          disabled={latest === undefined}
          onPress={() => {
            set({ seed: race.seed + 1 });
            store.startRace();
          }}
        >
          Try another seed <span class="count">{race.seed}</span>
        </Button>
      </div>
    </div>
  );
}

const size = 200;
const nodes = 61;

function SmallPlane(props: {
  readonly name: string;
  readonly network: RaceTry['network'];
  readonly objective: number | null;
}): JSX.Element {
  const { name, network, objective } = props;
  const store = useStore();
  const canvas = useRef<HTMLCanvasElement>(null);
  const task = store.task.value;
  const points = store.points.value;
  const frame = frameOf(task, points);
  const typed = fitting(network && typedNetwork(network.network), task);
  const colors = palette.value;
  const scale = store.state.value.model.loss === 'logistic' ? 3 : 1;
  useEffect(() => {
    if (!canvas.current) return;
    const grid = typed && task === 'classes' ? outputGrid(typed, frame, nodes) : null;
    paintGrid(canvas.current, grid && { grid, scale, activity: null }, colors);
    // The frame is that of the task and the points.
  }, [network, task, points, colors, scale]);
  const curve = typed && task === 'number' ? outputCurve(typed, frame, nodes) : [];
  const drawn = curve.map((place) => toPicture(frame, place, size, size));
  return (
    <figure class="small-plane">
      <div class="plane">
        <canvas ref={canvas} width={2 * size} height={2 * size} aria-hidden="true" />
        <svg viewBox={`0 0 ${size} ${size}`} aria-hidden="true">
          {drawn.length > 0 ? <path class="fit" d={pathText(drawn)} /> : null}
          {points.map((point, i) => {
            const { x, y } = toPicture(frame, point, size, size);
            return <PointMark key={i} x={x} y={y} label={point.label} size={2.4} />;
          })}
        </svg>
      </div>
      <figcaption>
        {name}
        <b>{objective === null ? '–' : numberText(objective, 5)}</b>
      </figcaption>
    </figure>
  );
}
