import { RelucentError } from '../error.js';

/** Most first-layer units of one sub-network: the length of a group's variables is this times d. */
export const MOST_LEAVES = 256;

/** Widths of the sub-networks of a problem. */
export interface SubNetworkWidths {
  /** [m₁ … m_{L−2}]: units of layer l that each unit of layer l + 1 reads. */
  readonly widths: readonly number[];
  /** m_{L−1}, units of the last hidden layer. */
  readonly lastWidth: number;
}

/** The networks that a result is about. */
export interface Architecture extends SubNetworkWidths {
  readonly depth: number;
  /** True where the sub-networks are trees that fully connected ones of the same widths are not: some width above the first is > 1. */
  readonly tree: boolean;
  /** Units in each hidden layer of the fully connected sub-networks returned: ∏ m_l, …, m_{L−2}, m_{L−1}. */
  readonly attainedWidths: readonly number[];
  /** What the bounds say about fully connected sub-networks (theory §2), for trees; else null. */
  readonly statement: string | null;
}

/**
 * Widths of a problem of some depth: L − 2 of them, or L − 1 with the width of the last hidden layer.
 * @throws RelucentError `invalid-problem` for another number of widths, or more than 256 first-layer units
 */
export function readWidths(depth: number, given: readonly number[]): SubNetworkWidths {
  const inner = depth - 2;
  if (given.length !== inner && given.length !== inner + 1) {
    const example = JSON.stringify(Array.from({ length: inner }, (_, l) => (l === 0 ? 4 : 2)));
    const fix = inner === 0 ? 'leave widths out' : `give for example "widths": ${example}`;
    throw new RelucentError(
      'invalid-problem',
      'widths',
      `expected ${inner} entries at depth ${depth} (one per hidden layer below the last), or ${inner + 1} with the ` +
        `width of the last hidden layer, got ${given.length}; ${fix}`,
    );
  }
  const widths = given.slice(0, inner);
  const leaves = widths.reduce((product, m) => product * m, 1);
  if (leaves > MOST_LEAVES) {
    throw new RelucentError(
      'invalid-problem',
      'widths',
      `expected a product of at most ${MOST_LEAVES} (first-layer units of a sub-network), got ${widths.join(' · ')} = ` +
        `${leaves}; take smaller widths`,
    );
  }
  return { widths, lastWidth: given[inner] ?? 1 };
}

/** What is known about the networks of a problem with these widths. */
export function architectureOf(depth: number, { widths, lastWidth }: SubNetworkWidths): Architecture {
  const attainedWidths = [
    ...widths.map((_, l) => widths.slice(l).reduce((product, m) => product * m, 1)),
    lastWidth,
  ];
  const tree = widths.slice(1).some((m) => m > 1);
  const wanted = [...widths, lastWidth].join(', ');
  const statement =
    `on these patterns exact for tree sub-networks; the dual bound is a lower bound for fully connected ones of widths ` +
    `${wanted} too; the objective is attained by fully connected ones of widths ${attainedWidths.join(', ')}, as returned`;
  return { depth, widths, lastWidth, tree, attainedWidths, statement: tree ? statement : null };
}
