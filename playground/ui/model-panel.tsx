import type { JSX } from 'preact';
import { countText, durationText } from '../../src/report/number-text.js';
import type { Forecast } from '../protocol.js';
import type { ModelState } from '../state.js';
import { lossesOf, useStore } from '../store.js';
import { Button, Choice, Panel, Slider } from './controls.js';

const lossNames: Readonly<Record<ModelState['loss'], string>> = {
  logistic: 'logistic',
  'squared-hinge': 'squared hinge',
  squared: 'squared',
  huber: 'Huber',
  absolute: 'absolute',
};

/** What is trained, how long it will take, and the buttons to go on or to stop. */
export function ModelPanel(): JSX.Element {
  const store = useStore();
  const { model } = store.state.value;
  const set = (change: Partial<ModelState>): void => {
    store.setModel({ ...model, ...change });
  };
  return (
    <Panel id="model" title="Model">
      <Choice
        legend="Layers"
        name="depth"
        value={String(model.depth) as '2' | '3' | '4'}
        options={[
          { value: '2', name: '2' },
          { value: '3', name: '3' },
          { value: '4', name: '4' },
        ]}
        onValue={(value) => {
          const depth = Number(value) as ModelState['depth'];
          const widths = Array.from({ length: depth - 2 }, (_, l) => model.widths[l] ?? 2);
          // Deep arrangements are too many to search all: a sample, unless it was asked for.
          const patterns =
            depth > 2 && model.depth === 2 && store.task.value === 'classes'
              ? sampled(model)
              : model.patterns;
          set({ depth, widths, patterns });
        }}
      />
      {model.widths.map((width, l) => (
        <Slider
          key={l}
          name={l === 0 ? 'first-layer units m₁' : 'second-layer units m₂'}
          text={String(width)}
          value={width}
          min={1}
          max={4}
          step={1}
          onValue={(value) => {
            set({ widths: model.widths.map((old, k) => (k === l ? value : old)) });
          }}
        />
      ))}
      <Choice
        legend="Formulation"
        name="formulation"
        value={model.formulation}
        options={[
          { value: 'relu', name: 'ReLU' },
          { value: 'gated', name: 'gated ReLU', title: 'fixed gates decide which units are active' },
        ]}
        onValue={(formulation) => {
          set({ formulation, ...(formulation === 'gated' ? { patterns: sampled(model) } : {}) });
        }}
      />
      <Choice
        legend="Loss"
        name="loss"
        value={model.loss}
        options={lossesOf(store.task.value).map((loss) => ({ value: loss, name: lossNames[loss] }))}
        onValue={(loss) => {
          set({ loss });
        }}
      />
      <Choice
        legend="Arrangements"
        name="patterns"
        value={model.patterns === 'all' ? 'all' : 'sampled'}
        options={[
          { value: 'all', name: 'all', title: 'every activation pattern that exists: a global optimum' },
          { value: 'sampled', name: 'sampled', title: 'the patterns of random sub-networks' },
        ]}
        onValue={(choice) => {
          const isAll = choice === 'all';
          set({
            patterns: isAll ? 'all' : sampled(model),
            // Gates are sampled always.
            ...(isAll && model.formulation === 'gated' ? { formulation: 'relu' as const } : {}),
          });
        }}
      />
      {model.patterns === 'all' ? null : (
        <Slider
          name="sampled sub-networks"
          text={String(model.patterns.sample)}
          value={model.patterns.sample}
          min={10}
          max={400}
          step={10}
          onValue={(sample) => {
            set({ patterns: { sample, seed: model.patterns === 'all' ? 1 : model.patterns.seed } });
          }}
        />
      )}
      <Training />
    </Panel>
  );
}

function sampled(model: ModelState): Exclude<ModelState['patterns'], 'all'> {
  return model.patterns === 'all' ? { sample: 100, seed: 1 } : model.patterns;
}

function Training(): JSX.Element {
  const store = useStore();
  const { phase, forecast, message } = store.run.value;
  return (
    <div class="training" data-phase={phase}>
      {phase === 'failed' ? (
        <p class="note" role="alert">
          {message}
        </p>
      ) : (
        <p class="fine" id="forecast">
          {forecast ? forecastText(forecast) : 'Counting activation patterns …'}
        </p>
      )}
      {phase === 'waiting' && forecast?.warning ? <p class="note">{forecast.warning}</p> : null}
      <TrainingButton />
    </div>
  );
}

function TrainingButton(): JSX.Element {
  const store = useStore();
  const { phase } = store.run.value;
  const train = (): void => {
    store.train();
  };
  switch (phase) {
    case 'forecasting':
    case 'training':
      return (
        <Button
          id="cancel"
          disabled={phase !== 'training'}
          onPress={() => {
            store.cancel();
          }}
        >
          Cancel
        </Button>
      );
    case 'waiting':
      return (
        <Button id="train" kind="primary" onPress={train}>
          Train anyway
        </Button>
      );
    case 'done':
    case 'cancelled':
    case 'failed':
      return (
        <Button id="train" onPress={train}>
          Train again
        </Button>
      );
  }
}

function forecastText({ patterns, isExact, dimensions, seconds }: Forecast): string {
  const count = Number.isFinite(patterns) && patterns < 1e12 ? countText(patterns) : 'more than 10¹²';
  const about = seconds < 1 ? 'under a second' : `about ${durationText(Math.round(seconds))}`;
  return `${isExact ? '' : 'At most '}${count} activation patterns, ${dimensions} dimensions; ${about} for the whole path.`;
}
