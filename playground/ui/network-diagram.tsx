import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { ParallelNetwork } from '../../src/network/network.js';
import { countText, numberText } from '../../src/report/number-text.js';
import { useStore } from '../store.js';
import { layoutOf, type DiagramEdge, type DiagramUnit } from '../view/diagram.js';
import { Button } from './controls.js';
import { fitting } from './plane-model.js';

/** Sub-networks drawn before "show all" is pressed. */
const shownFirst = 8;

/** The network as sub-networks side by side, added up at the output; the largest path norms on top. */
export function NetworkDiagram(): JSX.Element {
  const store = useStore();
  const isAll = useSignal(false);
  const network = fitting(store.network.value, store.task.value);
  const norms = store.shown.value?.pathNorms ?? [];
  const order = norms.map((norm, k) => ({ norm, k })).sort((a, b) => b.norm - a.norm);
  const drawn = order.slice(0, isAll.value ? order.length : shownFirst).map(({ k }) => k);
  return (
    <section class="panel" id="network" aria-labelledby="network-title">
      <div class="panel-head">
        <h2 id="network-title">Network</h2>
        <span class="fine legend">
          <span class="plus">― positive weight</span> <span class="minus">╌ negative</span>
        </span>
      </div>
      {network && drawn.length > 0 ? (
        <Diagram network={network} drawn={drawn} />
      ) : (
        <p class="fine empty">
          {network ? 'The zero network: no sub-network pays for its path norm at this β.' : 'Not solved yet.'}
        </p>
      )}
      {order.length > shownFirst ? (
        <Button
          kind="quiet"
          onPress={() => {
            isAll.value = !isAll.value;
          }}
        >
          {isAll.value
            ? `Show the ${shownFirst} largest`
            : `Show all ${countText(order.length)} sub-networks`}
        </Button>
      ) : null}
    </section>
  );
}

function Diagram(props: {
  readonly network: ParallelNetwork;
  readonly drawn: readonly number[];
}): JSX.Element {
  const { width, height, nodes, edges, units } = layoutOf(props.network, props.drawn);
  return (
    <svg class="diagram" viewBox={`0 0 ${width} ${height}`} role="group" aria-label="Sub-networks">
      <g aria-hidden="true">
        {edges.map((edge) => (
          <Edge key={edge.key} edge={edge} />
        ))}
        {nodes.map(({ key, x, y, name }) => (
          <g key={key} class="node">
            <circle cx={x} cy={y} r={13} />
            <text x={x} y={y + 4.5} text-anchor="middle">
              {name}
            </text>
          </g>
        ))}
      </g>
      {units.map((unit) => (
        <Unit key={unit.key} unit={unit} />
      ))}
    </svg>
  );
}

function Edge({ edge }: { readonly edge: DiagramEdge }): JSX.Element {
  const store = useStore();
  const { from, to, weight, share, subNetwork } = edge;
  const at = store.highlight.value?.subNetwork;
  const middle = (from.x + to.x) / 2;
  const isOn = at === subNetwork;
  return (
    <g class={`edge ${weight < 0 ? 'minus' : 'plus'} ${isOn ? 'on' : at === undefined ? '' : 'off'}`}>
      <path
        d={`M${from.x} ${from.y}C${middle} ${from.y} ${middle} ${to.y} ${to.x} ${to.y}`}
        stroke-width={0.5 + 3.5 * share}
      />
      <title>{`weight ${numberText(weight, 3)}`}</title>
      {isOn ? (
        <text x={from.x + 0.62 * (to.x - from.x)} y={from.y + 0.7 * (to.y - from.y) - 3} text-anchor="middle">
          {numberText(weight, 2)}
        </text>
      ) : null}
    </g>
  );
}

function Unit({ unit }: { readonly unit: DiagramUnit }): JSX.Element {
  const store = useStore();
  const { x, y, subNetwork, place, label } = unit;
  const at = store.highlight.value;
  const isOn = at?.subNetwork === subNetwork;
  const point = (): void => {
    store.highlight.value = { subNetwork, unit: place };
  };
  const leave = (): void => {
    store.highlight.value = null;
  };
  return (
    <g
      class={`hidden-unit ${isOn ? 'on' : ''}`}
      role="button"
      tabindex={0}
      aria-label={label}
      data-sub-network={subNetwork}
      onFocus={point}
      onBlur={leave}
      onPointerEnter={point}
      onPointerLeave={leave}
    >
      <circle class="reach" cx={x} cy={y} r={12} />
      <circle class="mark" cx={x} cy={y} r={8} />
      <path class="bend" d={`M${x - 5} ${y + 2.5}H${x}L${x + 4} ${y - 3.5}`} />
    </g>
  );
}
