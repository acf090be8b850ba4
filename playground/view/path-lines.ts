import type { ParallelJson } from '../../src/network/architecture-json.js';

type PlainSubNetwork = ParallelJson['network']['subNetworks'][number];

/** What the path plot needs of a point on the path. */
export interface PathStep {
  readonly beta: number;
  readonly network: ParallelJson;
  readonly pathNorms: readonly number[];
}

/** A sub-network followed along the path: its path norm at each β at which it was recognised. Near-identical ones count as one. */
export interface PathLine {
  /** Sign of its output weights. */
  readonly sign: 1 | -1;
  readonly places: readonly {
    readonly beta: number;
    readonly norm: number;
    readonly step: number;
    /** Those added up here. */
    readonly subNetworks: readonly number[];
  }[];
}

/** Cosine from which on two sub-networks at neighbouring β are taken to be the same one. */
const sameCosine = 0.9;
/** Cosine from which on two sub-networks at one β act as one: a kink may sit in two neighbouring patterns. */
const identicalCosine = 0.99;

/**
 * Sub-networks followed from one β to the next: the path holds no names, so a sub-network is continued by the one of the
 * same output sign whose first-layer weights point in the most similar direction, the nearest pairs first.
 * O(steps × sub-networks²).
 */
export function pathLines(steps: readonly PathStep[]): readonly PathLine[] {
  const lines: { sign: 1 | -1; places: PathLine['places'][number][] }[] = [];
  let open: { line: (typeof lines)[number]; direction: Direction }[] = [];
  steps.forEach(({ beta, network, pathNorms }, step) => {
    const members = clusters(network.network.subNetworks.map(directionOf), pathNorms);
    const found = members.map(({ direction }) => direction);
    const pairs = open
      .flatMap((before, o) =>
        found.map((direction, f) => ({ o, f, cosine: cosine(before.direction, direction) })),
      )
      .filter(({ cosine: value }) => value >= sameCosine)
      .sort((a, b) => b.cosine - a.cosine);
    const continued = new Map<number, (typeof lines)[number]>();
    const taken = new Set<number>();
    for (const { o, f } of pairs) {
      const line = open[o]?.line;
      if (!line || taken.has(o) || continued.has(f)) continue;
      taken.add(o);
      continued.set(f, line);
    }
    open = found.map((direction, f) => {
      let line = continued.get(f);
      if (!line) {
        line = { sign: direction.sign, places: [] };
        lines.push(line);
      }
      const { norm = 0, subNetworks = [] } = members[f] ?? {};
      line.places.push({ beta, norm, step, subNetworks });
      return { line, direction };
    });
  });
  return lines;
}

/** Unit vector of a sub-network's first-layer weights, times the weights above where these are of one unit each. */
interface Direction {
  readonly sign: 1 | -1;
  readonly vector: readonly number[];
}

/** Sub-networks of one β that act as one. */
interface Cluster {
  readonly direction: Direction;
  norm: number;
  readonly subNetworks: number[];
}

/** The largest first: the others join the one that they hardly differ from. */
function clusters(directions: readonly Direction[], norms: readonly number[]): readonly Cluster[] {
  const order = directions.map((_, k) => k).sort((a, b) => (norms[b] ?? 0) - (norms[a] ?? 0));
  const found: Cluster[] = [];
  for (const k of order) {
    const direction = directions[k];
    if (!direction) continue;
    const norm = norms[k] ?? 0;
    const home = found.find((cluster) => cosine(cluster.direction, direction) >= identicalCosine);
    if (home) {
      home.norm += norm;
      home.subNetworks.push(k);
    } else found.push({ direction, norm, subNetworks: [k] });
  }
  return found;
}

/** Sign of the sum of a sub-network's output weights. */
export function outputSign(output: ArrayLike<number>): 1 | -1 {
  return Array.from(output).reduce((sum, weight) => sum + weight, 0) < 0 ? -1 : 1;
}

function directionOf({ first, inner, output }: PlainSubNetwork): Direction {
  const flat = [...first.flat(), ...inner.flat(2)];
  const size = Math.hypot(...flat);
  return { sign: outputSign(output), vector: flat.map((weight) => weight / (size || 1)) };
}

function cosine(a: Direction, b: Direction): number {
  if (a.sign !== b.sign || a.vector.length !== b.vector.length) return -1;
  return a.vector.reduce((sum, value, i) => sum + value * (b.vector[i] ?? 0), 0);
}
