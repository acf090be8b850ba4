import type { Rows } from '../arrangement/sub-network-pattern.js';
import type { Task } from '../executor/executor.js';
import { finish } from '../steps.js';
import type { SearchStart } from './region-stack.js';
import type { SignedTree } from './signed-tree.js';
import { SupportSearch, type SearchLimits, type SearchOutcome } from './support-search.js';

/** Part of a search over all weights. */
export interface SearchPartInput {
  /** Merged rows in r coordinates. */
  readonly rows: Rows;
  readonly tree: SignedTree;
  /** Weights of the merged rows. */
  readonly v: Float64Array;
  readonly limits: SearchLimits;
  readonly starts: readonly SearchStart[];
}

/** Branch and bound below some regions, see {@link SupportSearch}. What its limits leave open is part of the output. */
export const searchPart: Task<SearchPartInput, SearchOutcome> = {
  name: 'search-part',
  run: ({ rows, tree, v, limits, starts }, { pause }) =>
    finish(new SupportSearch(rows, tree).search(v, limits, starts), pause),
};
