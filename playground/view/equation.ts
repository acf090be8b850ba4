import { numberText } from '../../src/report/number-text.js';
import type { ParallelNetwork } from '../../src/network/network.js';

/** Names of the inputs of a network, the bias last. */
export function inputNames(inputs: number): readonly string[] {
  return inputs === 2 ? ['x', '1'] : ['x', 'y', '1'];
}

/** A sub-network of two layers written out, `−1.2 · (0.5 x − 0.2 y + 0.1)₊`; of a deeper one its shape. */
export function equationText(network: ParallelNetwork, subNetwork: number): string {
  const found = network.subNetworks[subNetwork];
  if (!found) return '';
  const { first, inner, output, gates } = found;
  const [weights] = first;
  if (inner.length > 0 || first.length !== 1 || !weights) {
    const widths = [first.length, ...inner.map((layer) => layer.length)];
    return `${widths.join(' → ')} units, output weight ${numberText(output[0] ?? 0, 3)}`;
  }
  const sum = sumText(weights, inputNames(network.inputs));
  const gate = gates?.first[0];
  const scale = numberText(output[0] ?? 0, 3);
  return gate
    ? `${scale} · (${sum}) where ${sumText(gate, inputNames(network.inputs))} ≥ 0`
    : `${scale} · (${sum})₊`;
}

function sumText(weights: ArrayLike<number>, names: readonly string[]): string {
  return Array.from(weights)
    .map((weight, i) => {
      const size = numberText(Math.abs(weight), 2);
      const sign = weight < 0 ? '−' : '+';
      const name = names[i] === '1' ? '' : ` ${names[i] ?? ''}`;
      return i === 0 ? `${weight < 0 ? '−' : ''}${size}${name}` : `${sign} ${size}${name}`;
    })
    .join(' ');
}
