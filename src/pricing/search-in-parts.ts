import type { Rows } from '../arrangement/sub-network-pattern.js';
import type { Executor } from '../executor/executor.js';
import { runPausing } from '../executor/run-pausing.js';
import type { Violation } from './exact-region.js';
import type { SearchStart } from './region-stack.js';
import { finish } from '../steps.js';
import { searchPart } from './search-part.js';
import type { SignedTree } from './signed-tree.js';
import { outcomeOf, SupportSearch, type SearchLimits, type SearchOutcome } from './support-search.js';

/** How a search is divided. */
export interface Division {
  /** Regions that are looked into before it is divided: smaller searches never are. */
  readonly undivided: number;
  /** Parts that are looked into side by side, without knowing of each other's findings. */
  readonly parts: number;
  /** Regions after which a part hands back what it has left, so that no part goes on alone. */
  readonly partRegions: number;
  /** Most starts given to a part. */
  readonly partStarts: number;
  /** Open regions from which on the smallest are dealt first, to have fewer: else the largest, which last longest. */
  readonly manyOpen: number;
}

/** About 0.1 s of one thread before it is divided, and 10 ms or more a part, which takes 0.2 ms to hand over. */
const DIVISION: Division = {
  undivided: 8192,
  parts: 32,
  partRegions: 1024,
  partStarts: 64,
  manyOpen: 16_384,
};

/**
 * A search is taken to last this many times as long as it has so far: what it costs shows only in the end. It decides where
 * parts run, and nothing else.
 */
const AHEAD = 8;

/** What is searched. */
export interface SearchTask {
  /** Merged rows in r coordinates. */
  readonly rows: Rows;
  readonly tree: SignedTree;
  /** Weights of the merged rows. */
  readonly v: Float64Array;
}

/** Where, and how to be interrupted. */
export interface SearchHooks {
  readonly executor: Executor;
  /** Awaited every few hundred regions, or milliseconds; it may throw to stop. */
  readonly pause: () => Promise<void>;
  /** Results depend on it. */
  readonly division?: Division;
}

/**
 * {@link SupportSearch} over all weights, a large one in parts. How it is divided, what each part may spend and the order
 * in which findings are put together depend on the search alone, so the outcome is the same bits on any executor: rounds of
 * so many parts, each with the threshold that the round before ended with.
 */
export async function searchInParts(
  { rows, tree, v }: SearchTask,
  limits: SearchLimits,
  { executor, pause, division = DIVISION }: SearchHooks,
): Promise<SearchOutcome> {
  const started = performance.now();
  const whole = new SupportSearch(rows, tree).search(v, {
    ...limits,
    stopAfter: Math.min(division.undivided, limits.regions),
  });
  const merged = new Merged(limits.threshold, await finish(whole, pause));
  for (;;) {
    const share = Math.floor((limits.regions - merged.regions) / division.parts);
    if (merged.open.length === 0 || share === 0) return merged.outcome();
    const partLimits = {
      threshold: merged.threshold,
      regions: share,
      stopAfter: Math.min(division.partRegions, share),
    };
    const inputs = merged.deal(division).map((starts) => ({ rows, tree, v, limits: partLimits, starts }));
    const roughMs = AHEAD * (performance.now() - started);
    for (const part of await runPausing({ executor, pause, roughMs }, searchPart, inputs)) merged.add(part);
  }
}

/** Findings so far, put together in the order of the parts. */
class Merged {
  threshold: number;
  regions = 0;
  open: SearchStart[] = [];
  private exactRegions = 0;
  private upper = 0;
  private readonly violations: Violation[] = [];

  constructor(threshold: number, first: SearchOutcome) {
    this.threshold = threshold;
    this.add(first);
  }

  /** Violations stay in ascending order: parts that did not know of a better one drop out. */
  add(part: SearchOutcome): void {
    for (const violation of part.violations) {
      const last = this.violations.at(-1);
      if (!last || violation.support > last.support) this.violations.push(violation);
    }
    this.threshold = Math.max(this.threshold, part.threshold);
    this.upper = Math.max(this.upper, part.settled);
    this.regions += part.regions;
    this.exactRegions += part.exactRegions;
    this.open.push(...part.open);
  }

  /** Takes starts for the next round out of those that are open. */
  deal({ parts, partStarts, manyOpen }: Division): SearchStart[][] {
    const direction = this.open.length > manyOpen ? -1 : 1;
    this.open.sort((a, b) => direction * (depthOf(a) - depthOf(b)));
    const dealt = this.open.splice(0, parts * partStarts);
    return Array.from({ length: Math.min(parts, dealt.length) }, (_, part) =>
      dealt.filter((__, at) => at % parts === part),
    );
  }

  outcome(): SearchOutcome {
    const { upper, threshold, violations, regions, exactRegions, open } = this;
    return outcomeOf({ upper, threshold, violations, regions, exactRegions }, open);
  }
}

function depthOf(start: SearchStart): number {
  return typeof start === 'number' ? 0 : start.depth;
}
