import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { countNoun, numberText } from '../../src/report/number-text.js';
import { madePoints, madeRanges } from '../data/made-sets.js';
import { lineSets, planeSets, type DataSetName } from '../state.js';
import { useStore } from '../store.js';
import { frameOf, toPicture } from '../view/frame.js';
import { Button, Choice, Panel, Slider } from './controls.js';
import { CsvDialog } from './csv-dialog.js';
import { DrawTools } from './draw-tools.js';
import { PointMark } from './point-mark.js';
import { PointTable } from './point-table.js';

/** Where the points come from: a made set, drawn, or pasted. */
export function DataPanel(): JSX.Element {
  const store = useStore();
  const { data } = store.state.value;
  const { points } = store;
  const made = data.kind === 'made' ? data : null;
  const choose = (set: DataSetName): void => {
    const { n, noise, seed } = made ?? { n: 60, noise: 0.05, seed: 1 };
    store.setData({ kind: 'made', set, n, noise, seed });
  };
  const options = (sets: readonly DataSetName[]): Parameters<typeof Choice<DataSetName>>[0]['options'] =>
    sets.map((set) => ({ value: set, name: <SetName set={set} /> }));
  return (
    <Panel id="data" title="Data" aside={<span class="fine">{countNoun(points.value.length, 'point')}</span>}>
      <Choice
        legend="Two classes"
        name="set"
        className="sets"
        value={made?.set ?? null}
        options={options(planeSets)}
        onValue={choose}
      />
      <Choice
        legend="A number from one input"
        name="set"
        className="sets"
        value={made?.set ?? null}
        options={options(lineSets)}
        onValue={choose}
      />
      {made ? (
        <>
          <Slider
            name="points n"
            text={String(made.n)}
            value={made.n}
            min={madeRanges.n.least}
            max={200}
            step={2}
            onValue={(n) => {
              store.setData({ ...made, n });
            }}
          />
          <Slider
            name="noise"
            text={numberText(made.noise, 2)}
            value={made.noise}
            min={madeRanges.noise.least}
            max={madeRanges.noise.most}
            step={0.01}
            onValue={(noise) => {
              store.setData({ ...made, noise });
            }}
          />
        </>
      ) : (
        <p class="fine">Your own points. Choose a set to start over.</p>
      )}
      <div class="row">
        {made ? (
          <Button
            onPress={() => {
              store.setData({ ...made, seed: made.seed + 1 });
            }}
            label={`New seed, now ${made.seed}`}
          >
            New seed <span class="count">{made.seed}</span>
          </Button>
        ) : null}
        <CsvDialog />
      </div>
      <DrawTools />
      <PointTable />
    </Panel>
  );
}

const thumbnailPoints = 36;
const thumbnailSize = 40;

function SetName({ set }: { readonly set: DataSetName }): JSX.Element {
  const marks = useMemo(() => {
    const points = madePoints({ set, n: thumbnailPoints, noise: 0.015, seed: 3 });
    const frame = frameOf('classes', points);
    return points.map((point, i) => {
      const { x, y } = toPicture(frame, point, thumbnailSize, thumbnailSize);
      return <PointMark key={i} x={x} y={y} label={point.label} size={1.7} />;
    });
  }, [set]);
  return (
    <>
      <svg viewBox={`-1 -1 ${thumbnailSize + 2} ${thumbnailSize + 2}`} class="thumbnail" aria-hidden="true">
        {marks}
      </svg>
      {set}
    </>
  );
}
