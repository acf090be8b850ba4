import type { JSX } from 'preact';
import {
  boundPairText,
  countNoun,
  countText,
  numberText,
  percentTextUp,
} from '../../src/report/number-text.js';
import { pathLength } from '../state.js';
import type { PathPoint } from '../protocol.js';
import { useStore } from '../store.js';
import { certificateWords } from '../view/certificate-words.js';
import type { Run } from '../training-run.js';
import { Chart } from './chart.js';
import { Panel } from './controls.js';
import { GroupNorms } from './group-norms.js';

/** What is proven, and how the proof came about. */
export function CertificatePanel(): JSX.Element {
  return (
    <Panel id="certificate" title="Certificate">
      <Verdict />
      <BoundsChart />
      <GroupNorms />
      <PathChart />
    </Panel>
  );
}

function Verdict(): JSX.Element {
  const store = useStore();
  const point = store.shown.value;
  if (!point) {
    return (
      <div class="verdict pending">
        <p class="verdict-line">
          {store.run.value.phase === 'failed' ? 'No certificate.' : 'Not solved yet.'}
        </p>
        <p class="fine">The bounds appear with the first value of β.</p>
      </div>
    );
  }
  const { verdict, isProven, scope } = certificateWords(point, store.run.value.problem?.model);
  const pair = boundPairText(point.objective, point.dualBound);
  return (
    <div class={`verdict ${isProven ? 'proven' : 'open'}`}>
      <p class="verdict-line">{verdict}</p>
      <p class="bound-pair">
        <span>
          <span class="fine">objective</span>
          <b class="objective">{pair.objective}</b>
        </span>
        <span>
          <span class="fine">lower bound</span>
          <b class="bound">{pair.bound}</b>
        </span>
        <span>
          <span class="fine">gap</span>
          <b>{percentTextUp(point.relativeGap)}</b>
        </span>
      </p>
      <p class="fine">{scope}</p>
    </div>
  );
}

function BoundsChart(): JSX.Element {
  const store = useStore();
  const { live, phase } = store.run.value;
  const point = store.shown.value;
  const isLive = phase === 'training' && live !== null;
  const history = isLive ? live.history : (point?.history ?? []);
  const index = isLive ? live.index : (point?.index ?? 0);
  return (
    <figure class="chart-figure" id="bounds">
      <figcaption>
        <h3>Bounds closing</h3>
        <span class="fine">{boundsCaption(isLive, index, history.length)}</span>
      </figcaption>
      <Chart
        height={170}
        label={boundsLabel(history)}
        draw={(charts, width) => charts.boundsChart(history, width)}
        inputs={[history]}
      />
    </figure>
  );
}

function boundsCaption(isLive: boolean, index: number, iterations: number): string {
  return isLive
    ? `live: β ${index + 1} of ${pathLength}, iteration ${iterations}`
    : `${countNoun(iterations, 'iteration')} at this β`;
}

function boundsLabel(history: PathPoint['history']): string {
  const last = history.at(-1);
  if (!last) return 'Objective and dual bound against the iteration: nothing yet.';
  const { objective, bound } = boundPairText(last.objective, last.dualBound);
  return `Objective and dual bound over ${countNoun(history.length, 'iteration')}: at the end ${objective} and ${bound}.`;
}

function PathChart(): JSX.Element {
  const store = useStore();
  const { points } = store.run.value;
  const point = store.shown.value;
  const highlight = store.highlight.value?.subNetwork ?? null;
  return (
    <figure class="chart-figure" id="path-plot">
      <figcaption>
        <h3>Regularisation path</h3>
        <span class="fine">path norms; near-identical sub-networks added up</span>
      </figcaption>
      <Chart
        height={190}
        label={pathLabel(store.run.value, point)}
        draw={(charts, width) => charts.pathChart(points, point, highlight, width)}
        inputs={[points, point, highlight]}
      />
    </figure>
  );
}

function pathLabel({ points }: Run, point: PathPoint | null): string {
  if (!point) return 'Path norms of the sub-networks against β: nothing yet.';
  return (
    `Path norms of the sub-networks against β, ${points.length} values solved. ` +
    `At β = ${numberText(point.beta, 3)} there are ${countText(point.pathNorms.length)} sub-networks.`
  );
}
