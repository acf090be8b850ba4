/**
 * A tree of units with signs on its edges: the shape of one sub-network in the convex program (theory §2), every inner
 * weight reduced to its sign. Units are numbered layer by layer from the leaves (first-layer units) to the top (the one
 * unit of the last hidden layer); the children of a unit are consecutive.
 */
export interface SignedTree {
  /** Number of first-layer units, ∏ widths. */
  readonly leaves: number;
  /** Number of units of all layers. */
  readonly units: number;
  /** Parent of each unit; −1 for the top. */
  readonly parent: Int32Array;
  /** Sign of the weight from each unit to its parent; +1 for the top. */
  readonly sign: Int8Array;
  /** First child and number of children of each unit; 0 children for leaves. */
  readonly firstChild: Int32Array;
  readonly children: Int32Array;
}

/** One kind of unit up to permutation of its children. */
interface Kind {
  readonly children: readonly { readonly sign: 1 | -1; readonly kind: Kind }[];
}

/**
 * Every signed tree for the widths [m₁, …, m_{L−2}] up to permutation of siblings. A unit whose incoming weights are all
 * negative is never active, and whatever it may do another unit with its own weights at zero does as well: such trees
 * are left out. Depth 2 (no widths) has one tree, depth 3 has m₁: with 1 … m₁ positive signs.
 */
export function signedTrees(widths: readonly number[]): SignedTree[] {
  let kinds: Kind[] = [{ children: [] }];
  for (const width of widths) kinds = unitKinds(kinds, width);
  return kinds.map((kind) => flatten(kind));
}

function unitKinds(below: readonly Kind[], width: number): Kind[] {
  const edges = ([1, -1] as const).flatMap((sign) => below.map((kind) => ({ sign, kind })));
  const found: Kind[] = [];
  const extend = (from: number, chosen: Kind['children']): void => {
    if (chosen.length === width) {
      if (chosen.some(({ sign }) => sign > 0)) found.push({ children: chosen });
      return;
    }
    for (let e = from; e < edges.length; e++) extend(e, [...chosen, edges[e]!]);
  };
  extend(0, []);
  return found;
}

function flatten(top: Kind): SignedTree {
  const layers: { kind: Kind; sign: 1 | -1 }[][] = [[{ kind: top, sign: 1 }]];
  while (layers[0]!.some(({ kind }) => kind.children.length > 0)) {
    layers.unshift(layers[0]!.flatMap(({ kind }) => kind.children.map((child) => ({ ...child }))));
  }
  const units = layers.flat();
  const parent = new Int32Array(units.length).fill(-1);
  const firstChild = new Int32Array(units.length);
  const children = Int32Array.from(units, ({ kind }) => kind.children.length);
  let child = 0;
  for (let u = layers[0]!.length; u < units.length; u++) {
    firstChild[u] = child;
    for (let c = 0; c < children[u]!; c++) parent[child++] = u;
  }
  return {
    leaves: layers[0]!.length,
    units: units.length,
    parent,
    sign: Int8Array.from(units, ({ sign }) => sign),
    firstChild,
    children,
  };
}

/** Inner weights ±1 of a tree, layer by layer: entry [l][u] holds the signs of the children of unit u of layer l + 2. */
export function innerSigns(tree: SignedTree): Float64Array[][] {
  const layers: Float64Array[][] = [];
  let from = 0;
  let size = tree.leaves;
  for (let first = from + size; first < tree.units; first = from + size) {
    const count = size / tree.children[first]!;
    layers.push(
      Array.from({ length: count }, (_, u) => {
        const begin = tree.firstChild[first + u]!;
        return Float64Array.from(tree.sign.subarray(begin, begin + tree.children[first + u]!));
      }),
    );
    from = first;
    size = count;
  }
  return layers;
}

/** Product of the signs between a unit and the top. */
export function signToTop(tree: SignedTree, unit: number): 1 | -1 {
  let sign = 1;
  for (let u = unit; u >= 0; u = tree.parent[u]!) sign *= tree.sign[u]!;
  return sign > 0 ? 1 : -1;
}
