import {
  intersection,
  isActive,
  patternKey,
  patternOf,
  activeCount,
  union,
  type ActivationPattern,
} from './pattern.js';

/** Weights that realise a sub-network's patterns: the fixed gates of a gated network, a witness for a ReLU one. */
export interface GateWeights {
  /** First layer, one vector of length d per first-layer unit: the leaves of the tree. */
  readonly first: readonly Float64Array[];
  /**
   * inner[l][u]: weights of tree unit u of hidden layer l + 2 over its own m children, the units u·m … u·m + m − 1 of the
   * layer below. The last layer has one unit. Absent or empty at depth 2.
   */
  readonly inner?: readonly (readonly Float64Array[])[];
}

/** One first-layer unit as the output sees it. */
export interface Leaf {
  /** Product of the signs of the inner weights between this unit and the sub-network's output (s_j in equation (2)). */
  readonly sign: 1 | -1;
  /** Rows on which every unit from here to the output is active: D₂·D₁ⱼ. */
  readonly mask: ActivationPattern;
}

/** One unit with its cone constraint (2D − I)·(pre-activation) ≥ 0, pre-activation = Σ_terms sign · mask · X·z_leaf. */
export interface Unit {
  readonly pattern: ActivationPattern;
  readonly terms: readonly {
    readonly leaf: number;
    readonly sign: 1 | -1;
    /** Rows on which the leaf and every unit strictly between it and this one are active; null: every row. */
    readonly mask: ActivationPattern | null;
  }[];
  /** The units of the layer below that this one adds up; absent in the first layer. */
  readonly children?: readonly {
    /** Sign of the weight on it. */
    readonly sign: 1 | -1;
    /**
     * Rows on which it may hand on more than 0: it is active and so is a path from an input to it. A unit with nothing
     * active below it is exactly on its hyperplane, so that it counts as active.
     */
    readonly live: ActivationPattern;
  }[];
}

/**
 * Activation patterns of a whole sub-network: what one group of the convex program (2) is built on.
 * Its variables are one vector z_j ∈ ℝᵈ per leaf, its penalty ‖(z_j)_j‖_F.
 */
export interface SubNetworkPattern {
  readonly leaves: readonly Leaf[];
  /** Layer by layer from the first: unit j < leaves is that of leaf j, the last one is the only one of its layer. */
  readonly units: readonly Unit[];
  readonly gates: GateWeights;
}

/**
 * Data matrix X, n×d row-major, as it is stored: a Float32Array halves the memory of data that float32 holds exactly, and is
 * widened number by number.
 */
export interface StoredRows {
  readonly X: Float64Array | Float32Array;
  readonly n: number;
  readonly d: number;
}

/** Data matrix X, n×d row-major, in float64. */
export interface Rows extends StoredRows {
  readonly X: Float64Array;
}

/** The same data in float64: a copy where it is stored in float32. */
export function widenRows(rows: StoredRows): Rows {
  return { ...rows, X: rows.X instanceof Float64Array ? rows.X : Float64Array.from(rows.X) };
}

/** Pre-activation X·w of one first-layer unit. */
export function preactivation(rows: StoredRows, w: Float64Array): Float64Array {
  const { X, n, d } = rows;
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let t = 0; t < d; t++) sum += X[i * d + t]! * w[t]!;
    out[i] = sum;
  }
  return out;
}

/**
 * The patterns that given gate weights realise on the rows of X, at any depth; the signs of a group are those of the
 * inner weights. Cost O(n·(d + 1)) per first-layer unit and O(n) per inner weight.
 */
export function realisedPattern(rows: StoredRows, gates: GateWeights): SubNetworkPattern {
  let layer = gates.first.map((w) => preactivation(rows, w));
  const patterns = layer.map(patternOf);
  for (const weights of gates.inner ?? []) {
    const below = layer;
    layer = weights.map((w, u) => {
      const values = new Float64Array(rows.n);
      w.forEach((weight, j) => {
        const child = below[u * w.length + j]!;
        for (let i = 0; i < rows.n; i++) values[i]! += Math.max(0, child[i]!) * weight;
      });
      return values;
    });
    patterns.push(...layer.map(patternOf));
  }
  return patternOfUnits(patterns, gates);
}

/**
 * The sub-network pattern whose units, layer by layer from the first, have the given activation patterns. Shape and signs
 * are those of the gates, whether or not their weights realise the patterns.
 */
export function patternOfUnits(
  patterns: readonly ActivationPattern[],
  gates: GateWeights,
): SubNetworkPattern {
  let layer = gates.first.map((_, leaf): TreeNode => {
    const pattern = patterns[leaf]!;
    const unit: Unit = { pattern, terms: [{ leaf, sign: 1, mask: null }] };
    return { unit, leaves: [{ leaf, sign: 1, mask: pattern }] };
  });
  const units = layer.map((node) => node.unit);
  for (const weights of gates.inner ?? []) {
    const below = layer;
    layer = weights.map((w, u) =>
      parentNode(patterns[units.length + u]!, w, below.slice(u * w.length, (u + 1) * w.length)),
    );
    units.push(...layer.map((node) => node.unit));
  }
  return {
    leaves: layer.flatMap((node) => node.leaves.map(({ sign, mask }) => ({ sign, mask }))),
    units,
    gates,
  };
}

/** A unit while the tree is built, with its leaves as the layer above sees them. */
interface TreeNode {
  readonly unit: Unit;
  readonly leaves: readonly (Leaf & { readonly leaf: number })[];
}

function parentNode(
  pattern: ActivationPattern,
  weights: Float64Array,
  children: readonly TreeNode[],
): TreeNode {
  const signs = Array.from(weights, signOfWeight);
  const terms = children.flatMap((child, j) =>
    child.leaves.map(({ leaf, sign, mask }) => ({ leaf, sign: sign === signs[j]! ? 1 : -1, mask }) as const),
  );
  return {
    unit: {
      pattern,
      terms,
      children: children.map((child, j) => ({ sign: signs[j]!, live: liveRows(child) })),
    },
    leaves: terms.map((term) => ({ ...term, mask: intersection(term.mask, pattern) })),
  };
}

function liveRows({ leaves, unit }: TreeNode): ActivationPattern {
  return leaves.map(({ mask }) => mask).reduce(union, new Uint32Array(unit.pattern.length));
}

/** The sign that a weight between hidden layers gives its group; a weight of 0 counts as positive. */
export function signOfWeight(weight: number): 1 | -1 {
  return weight < 0 ? -1 : 1;
}

/** True when the sub-network is zero on every row whatever its weights: its group can be left out. */
export function isSilent(pattern: SubNetworkPattern): boolean {
  return pattern.leaves.every((leaf) => activeCount(leaf.mask) === 0);
}

/**
 * Key under which two sub-networks of one shape span the same group: siblings of a tree commute together with their
 * sub-trees, so each unit is written as its pattern and the sorted keys of its children with their signs (theory §2).
 *
 * A sub-tree that contributes to no row, whatever its weights, is written as such and no more: its vectors are zero in
 * every optimum and its constraints bind nothing else.
 */
export function groupKey({ leaves, units, gates }: SubNetworkPattern): string {
  let layer = units.slice(0, leaves.length).map((unit) => patternKey(unit.pattern));
  let at = leaves.length;
  const { inner = [] } = gates;
  inner.forEach((weights, l) => {
    layer = weights.map((w, u) => {
      const unit = units[at++]!;
      if (l < inner.length - 1 && isDead(unit)) return DEAD;
      const children = Array.from(w, (weight, j) => {
        const key = layer[u * w.length + j]!;
        return key === DEAD ? DEAD : (signOfWeight(weight) > 0 ? '+' : '-') + key;
      });
      return children.sort().join('') + patternKey(unit.pattern);
    });
  });
  return layer.join('');
}

/** In place of a sub-tree; shorter than any pattern, so that keys are still read in one way only. */
const DEAD = '0';

/** True when what a unit hands on is zero on every row whatever its weights. */
function isDead({ pattern, terms }: Unit): boolean {
  return terms.every(({ mask }) => mask !== null && activeCount(intersection(mask, pattern)) === 0);
}

/**
 * Rows on which the cone constraint of an upper unit does not follow from those below it. What an active child hands on
 * is ≥ 0 by the child's own constraint, so it does follow where all live children have one sign and the unit's state is
 * the one that sign forces; a unit exactly on its hyperplane may be in the other state.
 */
export function unimpliedRows({ pattern, children = [] }: Unit, candidates: Int32Array): Int32Array {
  return candidates.filter((i) => {
    const active = isActive(pattern, i);
    return children.some((child) => isActive(child.live, i) && child.sign > 0 !== active);
  });
}
