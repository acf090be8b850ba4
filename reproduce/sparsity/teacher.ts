import type { Rows } from '../../src/arrangement/sub-network-pattern.js';
import { dot, norm2 } from '../../src/linalg/vector.js';
import { forward, pathNorm, type ParallelNetwork, type SubNetwork } from '../../src/network/network.js';
import { normalGenerator } from '../../src/random.js';

/** A kind of planted network, and how it is looked for. */
export interface TeacherKind {
  readonly name: string;
  readonly depth: 2 | 3;
  /** Inputs, without bias. */
  readonly d: number;
  readonly subNetworks: number;
  /** Deviation of the noise as a share of the root mean square of the teacher's outputs. */
  readonly noise: number;
  /** β / β_max. */
  readonly ratio: number;
  /** Largest relative error on fresh rows that counts as recovered. */
  readonly within: number;
}

/** One planted network with rows to learn it from and fresh ones. */
export interface Planted {
  readonly teacher: ParallelNetwork;
  readonly rows: Rows;
  readonly y: Float64Array;
  readonly fresh: Rows;
}

const freshRows = 1000;

/**
 * Draws a teacher with first-layer weights uniform on the sphere and output weights ±1; at depth 3 each sub-network is
 * ±((w₁ᵀx)₊ − (w₂ᵀx)₊)₊, so that its second layer has something to do. The rows of a trial are the same for all n, the first
 * n of one normal sequence; it begins where the teacher is not 0, so that there is something to learn.
 */
export function plant(kind: TeacherKind, n: number, seed: number): Planted {
  const normal = normalGenerator(seed);
  const teacher: ParallelNetwork = {
    kind: 'relu',
    depth: kind.depth,
    inputs: kind.d,
    outputs: 1,
    subNetworks: Array.from({ length: kind.subNetworks }, () => drawSubNetwork(kind, normal)),
  };
  const fresh = drawRows(freshRows, kind.d, normal);
  const scale = norm2(forward(teacher, fresh)) / Math.sqrt(freshRows);
  const rows = { X: new Float64Array(n * kind.d), n, d: kind.d };
  rows.X.set(firstRow(teacher, normal));
  const noise = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let t = 0; t < kind.d && i > 0; t++) rows.X[i * kind.d + t] = normal();
    noise[i] = kind.noise * scale * normal();
  }
  const y = forward(teacher, rows).map((value, i) => value + (noise[i] ?? 0));
  return { teacher, rows, y, fresh };
}

function drawSubNetwork({ depth, d }: TeacherKind, normal: () => number): SubNetwork {
  const direction = (): Float64Array => {
    const w = Float64Array.from({ length: d }, normal);
    return w.map((value) => value / norm2(w));
  };
  const output = Float64Array.of(normal() > 0 ? 1 : -1);
  if (depth === 2) return { first: [direction()], inner: [], output, channel: 0 };
  return { first: [direction(), direction()], inner: [[Float64Array.of(1, -1)]], output, channel: 0 };
}

function firstRow(teacher: ParallelNetwork, normal: () => number): Float64Array {
  for (;;) {
    const row = drawRows(1, teacher.inputs, normal);
    if (forward(teacher, row)[0] !== 0) return row.X;
  }
}

function drawRows(n: number, d: number, normal: () => number): Rows {
  return { X: Float64Array.from({ length: n * d }, normal), n, d };
}

/** ‖f − f*‖ / ‖f*‖ on fresh rows. */
export function freshError(network: ParallelNetwork, { teacher, fresh }: Planted): number {
  const wanted = forward(teacher, fresh);
  const found = forward(network, fresh);
  return norm2(found.map((value, i) => value - (wanted[i] ?? NaN))) / norm2(wanted);
}

/** Least cosine between a planted neuron and the ones found for it. */
const alike = 0.99;
/** Most of Σ φ that may lie elsewhere. */
const elsewhere = 0.01;

/**
 * Whether a network of two layers has its neurons where the teacher has them: each planted neuron has found ones of its sign
 * at a cosine above 0.99, and those hold 99 % of Σ φ. One planted neuron may be found as several in neighbouring patterns.
 */
export function findsNeurons(network: ParallelNetwork, { teacher }: Planted): boolean {
  const planted = teacher.subNetworks.map(neuronOf);
  const found = network.subNetworks.map(neuronOf);
  const isAlike = (a: Neuron, b: Neuron): boolean => a.sign === b.sign && dot(a.w, b.w) > alike;
  const total = found.reduce((sum, { norm }) => sum + norm, 0);
  const matched = found.filter((one) => planted.some((other) => isAlike(one, other)));
  return (
    total > 0 &&
    matched.reduce((sum, { norm }) => sum + norm, 0) >= (1 - elsewhere) * total &&
    planted.every((one) => matched.some((other) => isAlike(one, other)))
  );
}

interface Neuron {
  readonly w: Float64Array;
  readonly sign: number;
  readonly norm: number;
}

function neuronOf(subNetwork: SubNetwork): Neuron {
  const first = subNetwork.first[0] ?? new Float64Array();
  const length = norm2(first);
  return {
    w: first.map((value) => value / length),
    sign: Math.sign(subNetwork.output[0] ?? 0),
    norm: pathNorm(subNetwork),
  };
}

/**
 * Whether a two-layer teacher of two inputs has a twin: the same function everywhere, the same Σ φ, other neurons. It has
 * where Σ c_k s_k w_k = 0 for some c > 0 of its neurons w_k and signs s_k, for then Σ c_k s_k (w_kᵀx)₊ = Σ c_k s_k (−w_kᵀx)₊: in
 * the plane, where no half-plane holds all s_k w_k. (Two neurons would have to be exactly opposite.)
 */
export function hasTwin({ subNetworks }: ParallelNetwork): boolean {
  const angles = subNetworks
    .map(neuronOf)
    .map(({ w, sign }) => Math.atan2(sign * (w[1] ?? 0), sign * (w[0] ?? 0)))
    .sort((a, b) => a - b);
  if (angles.length < 3) return false;
  return angles.every((angle, k) => (angles[k + 1] ?? (angles[0] ?? 0) + 2 * Math.PI) - angle < Math.PI);
}
