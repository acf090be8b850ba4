import { cells } from '../../src/arrangement/cells.js';
import { depth3Patterns } from '../../src/arrangement/group-patterns.js';
import { signOfWeight, type GateWeights, type Rows } from '../../src/arrangement/sub-network-pattern.js';
import type { SignedTree } from '../../src/pricing/signed-tree.js';
import { projectByQuadprog } from './cone.js';
import { denseGroup, transposedTimes } from './dense-group.js';

/** Gates of every pattern there is at depth 2 or 3, silent ones left out at depth 3. */
export function everyGates(rows: Rows, widths: readonly number[]): GateWeights[] {
  const [width] = widths;
  if (width === undefined) return Array.from(cells(rows), ({ witness }) => ({ first: [witness] }));
  return Array.from(depth3Patterns(rows, width), ({ gates }) => gates);
}

/** max { Σ v_i h_Z(x_i) : ‖Z‖ ≤ 1 } over networks with the signs of a tree of depth 2 or 3, pattern by pattern. */
export function largestSupport(rows: Rows, v: Float64Array, tree: SignedTree): number {
  const widths = tree.units === 1 ? [] : [tree.leaves];
  const positive = tree.sign.subarray(0, tree.leaves).filter((sign) => sign > 0).length;
  let most = 0;
  for (const gates of everyGates(rows, widths)) {
    const signs = gates.inner?.[0]?.[0];
    if (signs && signs.filter((weight) => signOfWeight(weight) > 0).length !== positive) continue;
    const { A, B } = denseGroup(rows, gates);
    most = Math.max(most, Math.hypot(...projectByQuadprog(B, transposedTimes(A, v))));
  }
  return most;
}
