import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { durationText } from '../../src/report/number-text.js';
import { useStore, type Store } from '../store.js';
import { raceWords } from '../view/race-words.js';

/** Says what happens, once it has happened: for those who do not see it. */
export function Announcer(): JSX.Element {
  const store = useStore();
  const text = useSignal('');
  const said = trainingText(store);
  const race = raceText(store);
  useEffect(() => {
    if (said !== '') text.value = said;
  }, [said]);
  useEffect(() => {
    if (race !== '') text.value = race;
  }, [race]);
  return (
    <p class="hidden" role="status" aria-live="polite" id="announcer">
      {text.value}
    </p>
  );
}

function trainingText(store: Store): string {
  const { phase, points, seconds, forecast } = store.run.value;
  switch (phase) {
    case 'training':
      return 'Training.';
    case 'done':
      return `All ${points.length} values of β solved in ${durationText(seconds ?? 0)}.`;
    case 'cancelled':
      return `Training cancelled, ${points.length} values of β solved.`;
    case 'waiting':
      return `Not trained yet. ${forecast?.warning ?? ''}`;
    case 'forecasting':
    case 'failed':
      // A failure is an alert of its own.
      return '';
  }
}

function raceText(store: Store): string {
  const latest = store.tries.value.at(-1);
  const isOver = latest?.phase === 'finished' || latest?.phase === 'stopped' || latest?.phase === 'failed';
  return isOver ? `Race: ${raceWords(latest, store.shown.value?.objective ?? NaN)}` : '';
}
