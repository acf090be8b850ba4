import { norm2 } from '../linalg/vector.js';
import { CellTree } from './cell-tree.js';
import type { EnumerationReport } from './cells.js';
import { Cone } from './cone.js';
import { hyperplanesOf, weightsOf, type Hyperplanes } from './hyperplanes.js';
import { isActive } from './pattern.js';
import { firstLayerCells, productInto, type FirstLayerCell } from './product-cone.js';
import { realisedPattern, type Rows, type SubNetworkPattern } from './sub-network-pattern.js';

/** One first-layer neuron of a group: the cell of its weights and the sign of its second-layer weight. */
interface Neuron {
  readonly cell: FirstLayerCell;
  readonly sign: 1 | -1;
}

/** Options of {@link depth3Patterns}. */
export interface GroupPatternsOptions {
  /** Called once, after the last pattern; `cells` counts the patterns. */
  readonly onReport?: (report: EnumerationReport) => void;
}

/**
 * Every pattern of a whole sub-network of depth 3 with `width` = m₁ first-layer neurons that is realised by weights in
 * general position, each group of equation (2) once: multisets of (first-layer cell, sign), since neurons commute, and
 * for each of them every second-layer pattern. A row on which all active neurons have one sign forces its entry of D₂;
 * on a row of mixed sign it depends on the side of {Z : Σ_j s_j D₁ⱼ x_i·z_j = 0}, hyperplanes that cut the product of
 * the first-layer cones into the patterns (theory §2).
 *
 * Patterns whose output is zero on every row whatever the weights are left out (only zero rows active at most): those
 * without a positive sign are such. Every pattern comes from `realisedPattern` of a witness and is checked against the
 * search, as in `cells`, with the same tolerance.
 *
 * With P cells there are C(2P + m₁ − 1, m₁) multisets: memory O(P), time O(P^m₁) times a polynomial in n.
 */
export function* depth3Patterns(
  rows: Rows,
  width: number,
  options: GroupPatternsOptions = {},
): Generator<SubNetworkPattern, void> {
  const planes = hyperplanesOf(rows);
  const neurons = firstLayerCells(planes).flatMap((cell): Neuron[] => [
    { cell, sign: 1 },
    { cell, sign: -1 },
  ]);
  const dimension = width * planes.rank;
  const values = new Float64Array(rows.n * dimension);
  const tree = new CellTree({ values, dimension }, rows.n);
  const product = new Cone(dimension);
  let found = 0;
  let unresolved = 0;
  for (const group of multisets(neurons, width)) {
    const { upper, mixed } = secondLayer(planes, group, values);
    const cones = group.map(({ cell }) => cell.cone);
    productInto(product, cones);
    tree.start(product, mixed.length);
    while (tree.next()) {
      mixed.forEach((members, h) => {
        for (const i of members) upper[i] = tree.sign[h]!;
      });
      if (isZero(planes, group, upper)) continue;
      const pattern = patternAt({ rows, planes, group, inside: tree.inside });
      if (agrees(pattern, { planes, group, upper })) {
        found++;
        yield pattern;
      } else unresolved++;
    }
  }
  options.onReport?.({ cells: found, unresolved, largestZero: tree.largestZero });
}

/** Multisets of `size` neurons of which at least one has a positive sign. */
function* multisets(neurons: readonly Neuron[], size: number): Generator<Neuron[], void> {
  if (neurons.length === 0 || size === 0) return;
  const index = new Int32Array(size);
  for (;;) {
    const group = Array.from(index, (k) => neurons[k]!);
    if (group.some(({ sign }) => sign > 0)) yield group;
    let at = size - 1;
    while (at >= 0 && index[at] === neurons.length - 1) at--;
    if (at < 0) return;
    index.fill(index[at]! + 1, at);
  }
}

function firstLayerActive({ hyperplaneOf, orientation }: Hyperplanes, { cell }: Neuron, i: number): boolean {
  // Zero rows are on no hyperplane and active everywhere.
  return orientation[i] === 0 || orientation[i]! * cell.sign[hyperplaneOf[i]!]! > 0;
}

/**
 * D₂ where it is forced (+1 active, −1 inactive; 0 where it is not) and the rows of mixed sign, together those on one
 * side of one hyperplane: they have the same active neurons. The normals of Σ_j s_j D₁ⱼ x_i·z_j = 0, one for each such
 * set of rows, are written to `normals`, scaled to unit length.
 */
function secondLayer(
  planes: Hyperplanes,
  group: readonly Neuron[],
  normals: Float64Array,
): { readonly upper: Int8Array; readonly mixed: readonly number[][] } {
  const { hyperplaneOf, orientation } = planes;
  const upper = new Int8Array(hyperplaneOf.length);
  const classes = new Map<number, number[]>();
  for (let i = 0; i < upper.length; i++) {
    const active = orientation[i] === 0 ? [] : group.filter((neuron) => firstLayerActive(planes, neuron, i));
    const positive = active.some(({ sign }) => sign > 0);
    const negative = active.some(({ sign }) => sign < 0);
    if (!positive || !negative) {
      // No active neuron: the pre-activation is 0, and 1[0 ≥ 0] = 1.
      upper[i] = negative ? -1 : 1;
      continue;
    }
    const key = 2 * hyperplaneOf[i]! + (orientation[i]! > 0 ? 1 : 0);
    const known = classes.get(key);
    if (known) known.push(i);
    else {
      writeNormal(planes, { group, row: i }, normals, classes.size);
      classes.set(key, [i]);
    }
  }
  return { upper, mixed: [...classes.values()] };
}

function writeNormal(
  planes: Hyperplanes,
  { group, row }: { readonly group: readonly Neuron[]; readonly row: number },
  out: Float64Array,
  at: number,
): void {
  const { rank: r, normals, hyperplaneOf, orientation } = planes;
  const h = hyperplaneOf[row]!;
  const active = group.map((neuron) => firstLayerActive(planes, neuron, row));
  const length = Math.sqrt(active.filter(Boolean).length);
  group.forEach(({ sign }, j) => {
    const factor = active[j] ? (sign * orientation[row]!) / length : 0;
    for (let t = 0; t < r; t++) out[(at * group.length + j) * r + t] = factor * normals[h * r + t]!;
  });
}

/** Whether a group with this D₂ has no row but zero rows on which any neuron reaches the output. */
function isZero(planes: Hyperplanes, group: readonly Neuron[], upper: Int8Array): boolean {
  return upper.every(
    (side, i) =>
      side < 0 || planes.orientation[i] === 0 || !group.some((neuron) => firstLayerActive(planes, neuron, i)),
  );
}

/** The pattern of the sub-network whose first layer is a point of the product cone, scaled to unit length as a whole. */
function patternAt(at: {
  readonly rows: Rows;
  readonly planes: Hyperplanes;
  readonly group: readonly Neuron[];
  readonly inside: Float64Array;
}): SubNetworkPattern {
  const { rows, planes, group, inside } = at;
  const r = planes.rank;
  const first = group.map((_, j) => weightsOf(planes, rows.d, inside.subarray(j * r, (j + 1) * r)));
  const length = norm2(Float64Array.from(first, norm2));
  return realisedPattern(rows, {
    first: first.map((w) => w.map((value) => value / length)),
    inner: [[Float64Array.from(group, ({ sign }) => sign)]],
  });
}

/** Whether a realised pattern is the one the search stands at, in both layers. */
function agrees(
  { units }: SubNetworkPattern,
  expected: {
    readonly planes: Hyperplanes;
    readonly group: readonly Neuron[];
    readonly upper: Int8Array;
  },
): boolean {
  const { planes, group, upper } = expected;
  return upper.every(
    (side, i) =>
      isActive(units[group.length]!.pattern, i) === side > 0 &&
      group.every((neuron, j) => isActive(units[j]!.pattern, i) === firstLayerActive(planes, neuron, i)),
  );
}
