import {
  intersection,
  isActive,
  patternKey,
  patternOf,
  activeCount,
  type ActivationPattern,
} from './pattern.js';

/** Weights that realise a sub-network's patterns: the fixed gates of a gated network, a witness for a ReLU one. */
export interface GateWeights {
  /** First layer, one vector of length d per first-layer unit. */
  readonly first: readonly Float64Array[];
  /** Second layer (depth 3), one weight per first-layer unit; absent at depth 2. */
  readonly second?: Float64Array;
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
    readonly mask: ActivationPattern | null; // null: every row
  }[];
}

/**
 * Activation patterns of a whole sub-network: what one group of the convex program (2) is built on.
 * Its variables are one vector z_j ∈ ℝᵈ per leaf, its penalty ‖(z_j)_j‖_F.
 */
export interface SubNetworkPattern {
  readonly leaves: readonly Leaf[];
  readonly units: readonly Unit[];
  readonly gates: GateWeights;
}

/** Data matrix X, n×d row-major. */
export interface Rows {
  readonly X: Float64Array;
  readonly n: number;
  readonly d: number;
}

/** Pre-activation X·w of one first-layer unit. */
export function preactivation(rows: Rows, w: Float64Array): Float64Array {
  const { X, n, d } = rows;
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let t = 0; t < d; t++) sum += X[i * d + t]! * w[t]!;
    out[i] = sum;
  }
  return out;
}

/** The patterns that given gate weights realise on the rows of X; signs s_j are those of the second-layer weights. */
export function realisedPattern(rows: Rows, gates: GateWeights): SubNetworkPattern {
  const first = gates.first.map((w) => preactivation(rows, w));
  const patterns = first.map(patternOf);
  const firstUnits: Unit[] = patterns.map((pattern, leaf) => ({
    pattern,
    terms: [{ leaf, sign: 1, mask: null }],
  }));
  const { second } = gates;
  if (!second) {
    return { leaves: patterns.map((mask) => ({ sign: 1, mask })), units: firstUnits, gates };
  }
  const sum = new Float64Array(rows.n);
  first.forEach((values, j) => {
    for (let i = 0; i < rows.n; i++) sum[i]! += Math.max(0, values[i]!) * second[j]!;
  });
  const upper = patternOf(sum);
  const signs = Array.from(second, (w): 1 | -1 => (w < 0 ? -1 : 1));
  return {
    leaves: patterns.map((pattern, j) => ({ sign: signs[j]!, mask: intersection(pattern, upper) })),
    units: [
      ...firstUnits,
      { pattern: upper, terms: patterns.map((mask, leaf) => ({ leaf, sign: signs[leaf]!, mask })) },
    ],
    gates,
  };
}

/** True when the sub-network is zero on every row whatever its weights: its group can be left out. */
export function isSilent(pattern: SubNetworkPattern): boolean {
  return pattern.leaves.every((leaf) => activeCount(leaf.mask) === 0);
}

/**
 * Key under which two sub-networks span the same group: neurons of a group commute, so the multiset of
 * (first-layer pattern, sign) and the second-layer pattern decide (theory §2).
 */
export function groupKey(pattern: SubNetworkPattern): string {
  const m = pattern.leaves.length;
  const first = pattern.leaves.map(
    (leaf, j) => (leaf.sign > 0 ? '+' : '-') + patternKey(pattern.units[j]!.pattern),
  );
  const upper = pattern.units.slice(m).map((unit) => patternKey(unit.pattern));
  return [...first.sort(), ...upper].join('|');
}

/**
 * Rows on which the cone constraint of an upper unit does not follow from those below it. It does follow where all
 * active leaves have one sign and the unit's state is the one that sign forces; a unit exactly on its hyperplane may
 * be in the other state.
 */
export function unimpliedRows(unit: Unit, candidates: Int32Array): Int32Array {
  return candidates.filter((i) => {
    const active = isActive(unit.pattern, i);
    return unit.terms.some((term) => (!term.mask || isActive(term.mask, i)) && term.sign > 0 !== active);
  });
}
