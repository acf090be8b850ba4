import type { JSX } from 'preact';
import {
  boundPairText,
  countText,
  numberText,
  percentTextUp,
  scoreText,
} from '../../src/report/number-text.js';
import { betaAt, pathLength } from '../state.js';
import { useStore, type Store } from '../store.js';
import { trainScore } from '../view/score.js';
import { Facts } from './controls.js';
import { fitting } from './plane-model.js';

/** The slider along the regularisation path, and what is known at its place. */
export function PathSlider(): JSX.Element {
  const store = useStore();
  const { betaIndex } = store.state.value;
  const { betaMax, points, phase } = store.run.value;
  const share = `${((100 * Math.max(0, points.length - 1)) / (pathLength - 1)).toFixed(1)}%`;
  const beta = betaMax === null ? null : betaAt(betaMax, betaIndex);
  const text = beta === null ? 'β not known yet' : `β = ${numberText(beta, 3)}`;
  return (
    <div class="path-slider" id="path">
      <label class="slider path-range">
        <span>
          Strength of regularisation <i>β</i>
        </span>
        <output>{text}</output>
        <input
          id="beta"
          type="range"
          min={0}
          max={pathLength - 1}
          step={1}
          value={betaIndex}
          aria-valuetext={`${text}, ${ratioText(betaIndex)} of β max`}
          style={{ '--solved': share }}
          onInput={(event) => {
            store.setBetaIndex(event.currentTarget.valueAsNumber);
          }}
        />
        <span class="ends" aria-hidden="true">
          <span>β_max: the zero network</span>
          <span>{solvedText(points.length, phase)}</span>
          <span>β_max / 1000</span>
        </span>
      </label>
      <Facts facts={facts(store)} />
    </div>
  );
}

function ratioText(index: number): string {
  return numberText(betaAt(1, index), 3);
}

function solvedText(solved: number, phase: string): string {
  if (solved === pathLength) return '31 values, each with its certificate';
  if (phase === 'training') return `${solved} of ${pathLength} solved …`;
  return `${solved} of ${pathLength} solved`;
}

function facts(store: Store): Parameters<typeof Facts>[0]['facts'] {
  const point = store.shown.value;
  const network = fitting(store.network.value, store.task.value);
  const isClasses = store.task.value === 'classes';
  const blank = '–';
  const pair = point ? boundPairText(point.objective, point.dualBound) : { objective: blank, bound: blank };
  const points = store.points.value;
  return [
    { name: 'β / β_max', value: point ? ratioText(point.index) : blank, id: 'fact-ratio' },
    { name: 'objective', value: pair.objective, id: 'fact-objective' },
    { name: 'dual bound', value: pair.bound, id: 'fact-bound' },
    { name: 'gap', value: point ? percentTextUp(point.relativeGap) : blank, id: 'fact-gap' },
    { name: 'sub-networks', value: point ? countText(point.pathNorms.length) : blank, id: 'fact-networks' },
    {
      name: isClasses ? 'train accuracy' : 'train R²',
      value: network && points.length > 0 ? scoreText(trainScore(network, points, store.task.value)) : blank,
      id: 'fact-score',
    },
  ];
}
