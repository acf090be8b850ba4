import { intersection, type ActivationPattern } from '../arrangement/pattern.js';
import type { GateWeights, Leaf, SubNetworkPattern, Unit } from '../arrangement/sub-network-pattern.js';
import type { SignedTree } from './signed-tree.js';

/**
 * Group of the program (2) whose units have the given activation patterns, unit after unit as in `tree`.
 *
 * @param gates weights that go with it, kept as they are
 */
export function treePattern(
  tree: SignedTree,
  patterns: readonly ActivationPattern[],
  gates: GateWeights,
): SubNetworkPattern {
  const units: Unit[] = patterns.map((pattern, u) => ({ pattern, terms: termsBelow(tree, patterns, u) }));
  const top = tree.units - 1;
  const leaves = termsBelow(tree, patterns, top).map(({ sign, mask }): Leaf => ({
    sign,
    mask: mask ? intersection(mask, patterns[top]!) : patterns[top]!,
  }));
  return { leaves, units, gates };
}

/** Leaves below a unit, with the sign and the rows by which each enters the unit's pre-activation. */
function termsBelow(tree: SignedTree, patterns: readonly ActivationPattern[], unit: number): Unit['terms'] {
  if (tree.children[unit] === 0) return [{ leaf: unit, sign: 1, mask: null }];
  const terms: Unit['terms'][number][] = [];
  const first = tree.firstChild[unit]!;
  for (let child = first; child < first + tree.children[unit]!; child++) {
    for (const { leaf, sign, mask } of termsBelow(tree, patterns, child)) {
      terms.push({
        leaf,
        sign: sign * tree.sign[child]! > 0 ? 1 : -1,
        mask: mask ? intersection(mask, patterns[child]!) : patterns[child]!,
      });
    }
  }
  return terms;
}
