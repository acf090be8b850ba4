import { numberText } from '../../src/report/number-text.js';
import type { ParallelNetwork } from '../../src/network/network.js';
import { inputNames } from './equation.js';
import type { Place } from './frame.js';
import type { UnitPlace } from './unit.js';

/** An input or the output. */
export interface DiagramNode extends Place {
  readonly key: string;
  readonly name: string;
}

/** A weight. `share`: its size over the largest of its layer. */
export interface DiagramEdge {
  readonly key: string;
  readonly from: Place;
  readonly to: Place;
  readonly weight: number;
  readonly share: number;
  readonly subNetwork: number;
}

/** A hidden unit. */
export interface DiagramUnit extends Place {
  readonly key: string;
  readonly subNetwork: number;
  readonly place: Omit<UnitPlace, 'subNetwork'>;
  readonly label: string;
}

/** A network laid out. */
export interface Diagram {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly DiagramNode[];
  readonly edges: readonly DiagramEdge[];
  readonly units: readonly DiagramUnit[];
}

const width = 520;
const [left, right] = [22, 498];
/** Between units of a sub-network, and between sub-networks. */
const [unitStep, gap] = [24, 10];

/** The sub-networks `drawn` under each other: inputs on the left, layer after layer, the sum on the right. */
export function layoutOf(network: ParallelNetwork, drawn: readonly number[]): Diagram {
  const names = inputNames(network.inputs);
  const tall = drawn.map((k) => unitStep * widest(network, k));
  const height = Math.max(
    34 * names.length + 10,
    tall.reduce((sum, part) => sum + part + gap, 0),
  );
  const used = tall.reduce((sum, part) => sum + part + gap, 0);
  const nodes: DiagramNode[] = [
    ...names.map((name, t) => ({ key: `in${t}`, name, x: left, y: spread(height, names.length, t) })),
    { key: 'out', name: 'Σ', x: right, y: height / 2 },
  ];
  const edges: DiagramEdge[] = [];
  const units: DiagramUnit[] = [];
  const largest = largestWeights(network, drawn);
  let top = (height - used) / 2 + gap / 2;
  drawn.forEach((k, d) => {
    const own = unitsAt(network, k, top, tall[d] ?? unitStep);
    top += (tall[d] ?? unitStep) + gap;
    units.push(...own.flat());
    edges.push(...edgesOf(network, k, nodes, own, largest));
  });
  return { width, height, nodes, edges, units };
}

function spread(height: number, count: number, index: number): number {
  const step = Math.min(70, height / count);
  return height / 2 + (index - (count - 1) / 2) * step;
}

function layersOf(network: ParallelNetwork, k: number): readonly (readonly Float64Array[])[] {
  const found = network.subNetworks[k];
  return found ? [found.first, ...found.inner] : [];
}

function widest(network: ParallelNetwork, k: number): number {
  return Math.max(1, ...layersOf(network, k).map((layer) => layer.length));
}

/** Layer after layer, the units of one sub-network in a band. */
function unitsAt(network: ParallelNetwork, k: number, top: number, tall: number): DiagramUnit[][] {
  const layers = layersOf(network, k);
  return layers.map((layer, l) =>
    layer.map((_, unit) => ({
      key: `${k}.${l}.${unit}`,
      subNetwork: k,
      place: { layer: l, unit },
      x: left + ((l + 1) / (layers.length + 1)) * (right - left),
      y: top + ((unit + 0.5) / layer.length) * tall,
      label: `Sub-network ${k + 1}, layer ${l + 1}, unit ${unit + 1}: ${weightsText(network, k, l, unit)}`,
    })),
  );
}

function weightsText(network: ParallelNetwork, k: number, l: number, unit: number): string {
  const weights = layersOf(network, k)[l]?.[unit] ?? [];
  return `weights ${Array.from(weights, (weight) => numberText(weight, 2)).join(', ')}`;
}

function edgesOf(
  network: ParallelNetwork,
  k: number,
  nodes: readonly DiagramNode[],
  units: readonly (readonly DiagramUnit[])[],
  largest: readonly number[],
): DiagramEdge[] {
  const found = network.subNetworks[k];
  const out = nodes.at(-1);
  const edge = (from: Place, to: Place, weight: number, level: number, key: string): DiagramEdge[] =>
    weight === 0
      ? []
      : [{ key, from, to, weight, share: Math.abs(weight) / (largest[level] ?? 1), subNetwork: k }];
  const hidden = layersOf(network, k).flatMap((layer, l) =>
    layer.flatMap((weights, unit) =>
      Array.from(weights).flatMap((weight, t) => {
        const from = l === 0 ? nodes[t] : units[l - 1]?.[t];
        const to = units[l]?.[unit];
        return from && to ? edge(from, to, weight, l, `${k}.${l}.${unit}.${t}`) : [];
      }),
    ),
  );
  const last = units.at(-1) ?? [];
  const output = Array.from(found?.output ?? []).flatMap((weight, t) => {
    const from = last[t];
    return from && out ? edge(from, out, weight, units.length, `${k}.out.${t}`) : [];
  });
  return [...hidden, ...output];
}

/** Largest size of a weight in each layer, the output last. */
function largestWeights(network: ParallelNetwork, drawn: readonly number[]): readonly number[] {
  const levels = network.depth;
  return Array.from({ length: levels }, (_, level) => {
    const sizes = drawn.flatMap((k) => {
      const layers = layersOf(network, k);
      const weights = level < layers.length ? layers[level] : [network.subNetworks[k]?.output ?? []];
      return (weights ?? []).flatMap((unit) => Array.from(unit, Math.abs));
    });
    return Math.max(...sizes, Number.MIN_VALUE);
  });
}
