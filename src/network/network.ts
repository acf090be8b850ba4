import { preactivation, type StoredRows } from '../arrangement/sub-network-pattern.js';
import { norm2 } from '../linalg/vector.js';
import type { Depth } from '../program/convex-program.js';

/** Weights of the hidden layers of a sub-network, fully connected: zeros where units do not see each other. */
export interface HiddenLayers {
  /** First-layer weight vectors, m of length d. */
  readonly first: readonly Float64Array[];
  /** inner[l][u]: weights of unit u of hidden layer l + 2 over all units of the layer below it; [] at depth 2. */
  readonly inner: readonly (readonly Float64Array[])[];
}

/** One sub-network of any depth. Those that come from the convex program have one unit in their last hidden layer. */
export interface SubNetwork extends HiddenLayers {
  /** Output weights, one for each unit of the last hidden layer. */
  readonly output: Float64Array;
  /** The output of the network that this sub-network feeds, from 0. */
  readonly channel: number;
  /** Fixed gates of a gated network, of the same shape: they decide when a unit is active in place of its weights. */
  readonly gates?: HiddenLayers;
}

/** Sub-networks added up. A row x of length d goes in (with its bias 1 where there is one), `outputs` numbers come out. */
export interface ParallelNetwork {
  readonly kind: 'relu' | 'gated';
  /** Layers L ≥ 2 of every sub-network. */
  readonly depth: Depth;
  /** Length d of an input row, the bias column included. */
  readonly inputs: number;
  /** Outputs for each row: 1 but for vector-valued losses. */
  readonly outputs: number;
  readonly subNetworks: readonly SubNetwork[];
}

/**
 * Outputs of the network on the n rows of X, output-major: output k of row i is at k·n + i. The caller owns the array.
 * Cost O(n) per non-zero weight.
 */
export function forward(network: ParallelNetwork, rows: StoredRows): Float64Array {
  const { n } = rows;
  const out = new Float64Array(n * network.outputs);
  for (const subNetwork of network.subNetworks) {
    const { channel } = subNetwork;
    addSubNetwork(out.subarray(channel * n, (channel + 1) * n), rows, subNetwork);
  }
  return out;
}

function addSubNetwork(
  out: Float64Array,
  rows: StoredRows,
  { first, inner, output, gates }: SubNetwork,
): void {
  let values = first.map((w) => preactivation(rows, w));
  // A ReLU unit is its own gate.
  let gating = gates ? gates.first.map((g) => preactivation(rows, g)) : values;
  inner.forEach((layer, l) => {
    const next = nextLayer(layer, passed(values, gating), rows.n);
    gating = gates ? nextLayer(gates.inner[l]!, passed(gating, gating), rows.n) : next;
    values = next;
  });
  output.forEach((weight, u) => {
    for (let i = 0; i < rows.n; i++) {
      if (gating[u]![i]! >= 0) out[i]! += weight * values[u]![i]!;
    }
  });
}

/** What active units hand on: their values where their gates are open, else 0. */
function passed(values: readonly Float64Array[], gating: readonly Float64Array[]): Float64Array[] {
  return values.map((unit, u) => unit.map((value, i) => (gating[u]![i]! >= 0 ? value : 0)));
}

/** Pre-activations of a layer on n rows. */
function nextLayer(
  layer: readonly Float64Array[],
  below: readonly Float64Array[],
  n: number,
): Float64Array[] {
  return layer.map((weights) => {
    const out = new Float64Array(n);
    weights.forEach((weight, j) => {
      if (weight === 0) return; // most weights of a block-diagonal layer
      const values = below[j]!;
      for (let i = 0; i < n; i++) out[i]! += weight * values[i]!;
    });
    return out;
  });
}

/**
 * Path norm φ of a sub-network: the ℓ2 norm over all input→output paths of the product of weights on the path (theory
 * §1). With c_j = ‖w₁ⱼ‖² it is c ← (W∘W)ᵀc layer by layer and sqrt(Σ_u c_u·output_u²) at the end; square roots and
 * exponents are kept apart, so that weights of 1e±150 in any number of layers neither overflow nor vanish.
 */
export function pathNorm({ first, inner, output }: SubNetwork): number {
  let units = first.map((w) => scaled(norm2(w)));
  for (const layer of inner) units = layer.map((weights) => weightedNorm(weights, units));
  const { value, exponent } = weightedNorm(output, units);
  // In two steps: 2^exponent alone may leave the range where the product does not.
  const half = Math.trunc(exponent / 2);
  return value * 2 ** half * 2 ** (exponent - half);
}

/** Σ_k φ_k, what β multiplies in the objective. */
export function totalPathNorm({ subNetworks }: Pick<ParallelNetwork, 'subNetworks'>): number {
  return subNetworks.reduce((sum, subNetwork) => sum + pathNorm(subNetwork), 0);
}

/** The number value · 2^exponent; value is 0 or of size about 1. */
interface Scaled {
  readonly value: number;
  readonly exponent: number;
}

function scaled(number: number): Scaled {
  if (number === 0 || !Number.isFinite(number)) return { value: number, exponent: 0 };
  const exponent = Math.floor(Math.log2(Math.abs(number)));
  const half = Math.trunc(exponent / 2);
  return { value: number / 2 ** half / 2 ** (exponent - half), exponent };
}

/** sqrt(Σ_j (weights_j · units_j)²). */
function weightedNorm(weights: Float64Array, units: readonly Scaled[]): Scaled {
  const products = units.map((unit, j): Scaled => {
    const weight = scaled(weights[j]!);
    return { value: weight.value * unit.value, exponent: weight.exponent + unit.exponent };
  });
  const present = products.filter((product) => product.value !== 0);
  if (present.length === 0) return { value: 0, exponent: 0 };
  const top = Math.max(...present.map((product) => product.exponent));
  const { value, exponent } = scaled(
    norm2(Float64Array.from(present, (product) => product.value * 2 ** (product.exponent - top))),
  );
  return { value, exponent: exponent + top };
}
