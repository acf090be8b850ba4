import { preactivation, type StoredRows } from '../../src/arrangement/sub-network-pattern.js';
import type { HiddenLayers, ParallelNetwork } from '../../src/network/network.js';

/** A hidden unit: its sub-network, its hidden layer (0 is the first) and its place in the layer. */
export interface UnitPlace {
  readonly subNetwork: number;
  readonly layer: number;
  readonly unit: number;
}

/** Every hidden unit, sub-network after sub-network. */
export function unitsOf(network: ParallelNetwork): readonly UnitPlace[] {
  return network.subNetworks.flatMap(({ first, inner }, subNetwork) =>
    [first, ...inner].flatMap((units, layer) =>
      units.map((_, unit): UnitPlace => ({ subNetwork, layer, unit })),
    ),
  );
}

/** The weights that decide when the units of a sub-network are active: its own, or its fixed gates. */
export function gatingLayers(network: ParallelNetwork, subNetwork: number): HiddenLayers | null {
  const found = network.subNetworks[subNetwork];
  return found ? (found.gates ?? found) : null;
}

/** What a unit's activity depends on, on each row: it is active where this is ≥ 0. O(rows × weights below it). */
export function activityOf(network: ParallelNetwork, place: UnitPlace, rows: StoredRows): Float64Array {
  const layers = gatingLayers(network, place.subNetwork);
  const values = layers ? valueOf(layers, place.layer, place.unit, rows) : null;
  return values ?? new Float64Array(rows.n).fill(NaN);
}

function valueOf(layers: HiddenLayers, layer: number, unit: number, rows: StoredRows): Float64Array | null {
  if (layer === 0) {
    const weights = layers.first[unit];
    return weights ? preactivation(rows, weights) : null;
  }
  const weights = layers.inner[layer - 1]?.[unit];
  if (!weights) return null;
  const out = new Float64Array(rows.n);
  weights.forEach((weight, j) => {
    if (weight === 0) return;
    const below = valueOf(layers, layer - 1, j, rows);
    below?.forEach((value, i) => {
      out[i] = (out[i] ?? 0) + weight * Math.max(0, value);
    });
  });
  return out;
}
