import { wordCount, type ActivationPattern } from '../arrangement/pattern.js';
import { patternOfUnits, type SubNetworkPattern } from '../arrangement/sub-network-pattern.js';
import { dotAt } from '../linalg/vector.js';
import type { Violation } from './exact-region.js';
import { inInputSpace, type PricingRows } from './pricing-rows.js';
import { innerSigns, type SignedTree } from './signed-tree.js';

/** Makes patterns of the program, on the rows of X, from weights in the coordinates of pricing. */
export class PatternMaker {
  private readonly pricing: PricingRows;
  private readonly d: number;

  /** @param d columns of X */
  constructor(pricing: PricingRows, d: number) {
    this.pricing = pricing;
    this.d = d;
  }

  /** The pattern that weights z realise. */
  at(tree: SignedTree, z: Float64Array): SubNetworkPattern {
    return this.make(tree, z, this.statesAt(tree, z));
  }

  /**
   * The pattern in whose closed cell a violation was found: units are as inside its region, but for the open rows, and but for
   * rows without weight, whose units may change within the region.
   */
  ofViolation(tree: SignedTree, { z, inside, open }: Violation, weights: Float64Array): SubNetworkPattern {
    const states = this.statesAt(tree, inside);
    const reached = this.statesAt(tree, z);
    weights.forEach((weight, row) => {
      if (weight !== 0) return;
      const at = row * tree.units;
      states.set(reached.subarray(at, at + tree.units), at);
    });
    for (const { row, on } of open) states.set(on, row * tree.units);
    return this.make(tree, z, states);
  }

  /** 1 for each unit that is on, merged row after merged row. */
  private statesAt(tree: SignedTree, z: Float64Array): Uint8Array {
    const { X, n, d } = this.pricing.rows;
    const states = new Uint8Array(n * tree.units);
    const outputs = new Float64Array(tree.units);
    for (let k = 0; k < n; k++) {
      for (let u = 0; u < tree.units; u++) {
        let value = 0;
        if (u < tree.leaves) value = dotAt(X, k * d, z, u * d, d);
        else {
          const first = tree.firstChild[u]!;
          for (let c = first; c < first + tree.children[u]!; c++) value += tree.sign[c]! * outputs[c]!;
        }
        states[k * tree.units + u] = value >= 0 ? 1 : 0;
        outputs[u] = Math.max(0, value);
      }
    }
    return states;
  }

  private make(tree: SignedTree, z: Float64Array, states: Uint8Array): SubNetworkPattern {
    const width = this.pricing.rows.d;
    const first = Array.from({ length: tree.leaves }, (_, leaf) =>
      inInputSpace(this.pricing, z.subarray(leaf * width, (leaf + 1) * width), this.d),
    );
    const inner = innerSigns(tree);
    const gates = inner.length === 0 ? { first } : { first, inner };
    return patternOfUnits(this.unitPatterns(tree, states), gates);
  }

  /** Patterns on the rows of X; rows that are zero count as active, as everywhere. */
  private unitPatterns(tree: SignedTree, states: Uint8Array): ActivationPattern[] {
    const { source } = this.pricing;
    const patterns = Array.from({ length: tree.units }, () => new Uint32Array(wordCount(source.length)));
    source.forEach((k, i) => {
      patterns.forEach((pattern, u) => {
        if (k < 0 || states[k * tree.units + u] === 1) pattern[i >>> 5]! |= 1 << (i & 31);
      });
    });
    return patterns;
  }
}
