import type { JSX } from 'preact';
import { countText, numberText } from '../../src/report/number-text.js';
import { useStore } from '../store.js';
import { outputSign } from '../view/path-lines.js';

/** More groups than this are not drawn one by one. */
const [barLimit, zeroLimit] = [40, 150];

/** A bar for each group that is not zero, a dot for each that is. */
export function GroupNorms(): JSX.Element {
  const store = useStore();
  const point = store.shown.value;
  const norms = point?.pathNorms ?? [];
  const groups = point?.groups ?? 0;
  const order = norms.map((norm, subNetwork) => ({ norm, subNetwork })).sort((a, b) => b.norm - a.norm);
  const largest = order[0]?.norm ?? 1;
  const zeros = Math.max(0, groups - norms.length);
  return (
    <figure class="chart-figure" id="groups">
      <figcaption>
        <h3>Group norms</h3>
        <span class="fine" id="group-count">
          {countText(norms.length)} of {countText(groups)} groups are not zero
        </span>
      </figcaption>
      <div class="bars" role="group" aria-label="Sub-networks by path norm">
        {order.slice(0, barLimit).map(({ norm, subNetwork }) => (
          <Bar key={subNetwork} subNetwork={subNetwork} norm={norm} share={norm / largest} />
        ))}
      </div>
      <p class="zeros" role="img" aria-label={`${zeros} groups are exactly zero`}>
        {'·'.repeat(Math.min(zeros, zeroLimit))}
      </p>
      <p class="fine">
        {order.length > barLimit ? `The ${barLimit} largest are drawn. ` : ''}
        {countText(zeros)} are exactly zero
        {zeros > zeroLimit ? `, ${zeroLimit} of them drawn` : ''}.
      </p>
    </figure>
  );
}

function Bar(props: {
  readonly subNetwork: number;
  readonly norm: number;
  readonly share: number;
}): JSX.Element {
  const { subNetwork, norm, share } = props;
  const store = useStore();
  const sign = outputSign(store.network.value?.subNetworks[subNetwork]?.output ?? [1]);
  const isOn = store.highlight.value?.subNetwork === subNetwork;
  const point = (): void => {
    store.highlight.value = { subNetwork, unit: null };
  };
  const leave = (): void => {
    store.highlight.value = null;
  };
  return (
    <button
      type="button"
      class={`bar ${sign > 0 ? 'plus' : 'minus'} ${isOn ? 'on' : ''}`}
      aria-label={`Sub-network ${subNetwork + 1}, output ${sign > 0 ? 'positive' : 'negative'}, path norm ${numberText(norm, 3)}`}
      data-sub-network={subNetwork}
      onFocus={point}
      onBlur={leave}
      onPointerEnter={point}
      onPointerLeave={leave}
    >
      <span style={{ height: `${Math.max(2, 100 * share).toFixed(1)}%` }} />
    </button>
  );
}
