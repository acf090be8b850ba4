import { RelucentError } from '../error.js';
import { plainNetwork, sizeMismatch } from '../network/network-json.js';
import type { ParallelNetwork, SubNetwork } from '../network/network.js';
import { MOST_LEAVES, readWidths, type SubNetworkWidths } from '../problem/architecture.js';

/**
 * Widths of the smallest family that all sub-networks of a network belong to: in each layer those of the widest one, which
 * contains the narrower ones with units of zero weight (the same function, the same path norm).
 *
 * In the last two hidden layers the widths are the numbers of units. Further below they are too, unless no unit is read by
 * more than one unit above it (weights of exactly zero do not read): such layers are those of a tree, as `solve` returns
 * them, and the width is the number of units that each unit above reads. `given` widths, in the form of a problem's, take
 * the place of those read off.
 *
 * @throws RelucentError `invalid-problem` for given widths that the network does not fit; `unsupported` for more than 256
 * first-layer units, which no program is made for
 */
export function familyOf(network: ParallelNetwork, given?: readonly number[]): SubNetworkWidths {
  const { depth, subNetworks } = network;
  const least = subNetworks.map(treeWidths).reduce(
    (widest, widths) => widest.map((m, l) => Math.max(m, widths[l] ?? 1)),
    Array.from({ length: depth - 1 }, () => 1),
  );
  const family = given === undefined ? splitLast(least) : readWidths(depth, given);
  if (given !== undefined) refuseNarrow([...family.widths, family.lastWidth], least);
  const leaves = family.widths.reduce((product, m) => product * m, 1);
  if (leaves > MOST_LEAVES) {
    throw new RelucentError(
      'unsupported',
      'network',
      `expected sub-networks with at most ${MOST_LEAVES} first-layer units below one unit of the last hidden layer, got ` +
        `${family.widths.join(' · ')} = ${leaves}; certify a narrower network`,
    );
  }
  return family;
}

/**
 * Checks that a network is a ReLU network whose parts fit together and are finite numbers.
 * @throws RelucentError `unsupported` for a gated one, `invalid-model` naming the field
 */
export function checkNetwork(network: ParallelNetwork): void {
  if (network.kind === 'gated') {
    throw new RelucentError(
      'unsupported',
      'network',
      'expected a ReLU network, got a gated one, whose fixed gates are another family; train with --decompose (option ' +
        'decompose: true) or in the ReLU formulation',
    );
  }
  const wrong = sizeMismatch(plainNetwork(network));
  if (wrong) {
    throw invalid(
      `network.${wrong.where}`,
      `expected ${wrong.expected}, got ${wrong.found}; make the sizes fit together`,
    );
  }
  network.subNetworks.forEach(({ first, inner, output }, k) => {
    for (const weights of [...first, ...inner.flat(), output]) {
      const at = weights.findIndex((weight) => !Number.isFinite(weight));
      if (at < 0) continue;
      throw invalid(
        `network.subNetworks.${k}`,
        `expected finite weights, got ${String(weights[at])}; the training has diverged`,
      );
    }
  });
}

/** [m₁ … m_{L−1}] of one sub-network. */
function treeWidths({ first, inner }: SubNetwork): readonly number[] {
  const sizes = [first.length, ...inner.map((layer) => layer.length)];
  return sizes.map((size, l) => {
    const above = inner[l];
    return above === undefined || l >= sizes.length - 2 ? size : fanIn(above, size);
  });
}

/** Most units that a unit reads where no unit is read twice; else the number of units. */
function fanIn(above: readonly Float64Array[], size: number): number {
  const read = above.map((weights) => weights.reduce((count, weight) => count + Number(weight !== 0), 0));
  const isTree = Array.from({ length: size }, (_, j) => j).every(
    (j) => above.filter((weights) => weights[j] !== 0).length <= 1,
  );
  return isTree ? Math.max(1, ...read) : size;
}

function splitLast(all: readonly number[]): SubNetworkWidths {
  return { widths: all.slice(0, -1), lastWidth: all.at(-1) ?? 1 };
}

function refuseNarrow(given: readonly number[], least: readonly number[]): void {
  if (least.every((m, l) => m <= (given[l] ?? 1))) return;
  throw new RelucentError(
    'invalid-problem',
    'widths',
    `expected at least ${JSON.stringify(least)}, the widths of the network with its last hidden layer, got ` +
      `${JSON.stringify(given)}; widen them or leave widths out`,
  );
}

function invalid(where: string, message: string): RelucentError {
  return new RelucentError('invalid-model', where, message);
}
