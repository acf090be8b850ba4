import { countText, percentTextUp } from '../../src/report/number-text.js';
import type { PathPoint } from '../protocol.js';
import type { ModelState } from '../state.js';

/** A certificate in plain words. */
export interface CertificateWords {
  /** One line. */
  readonly verdict: string;
  /** Whether the bound meets the objective. */
  readonly isProven: boolean;
  /** What the bound covers, and what it does not. */
  readonly scope: string;
}

/** What a solved value proves; never calls optimal "global" what was checked on some patterns only. */
export function certificateWords(
  point: Pick<PathPoint, 'status' | 'scope' | 'patternsTotal' | 'patternsHeld' | 'relativeGap'>,
  model?: Pick<ModelState, 'depth' | 'formulation'>,
): CertificateWords {
  const isProven = point.status === 'optimal';
  const isAll = point.scope === 'all-arrangements';
  const kind = `${model?.formulation === 'gated' ? 'gated network' : 'network'} of this form`;
  const trees = (model?.depth ?? 2) > 3 ? ' Sub-networks of four layers are trees here.' : '';
  const total = Number.isFinite(point.patternsTotal) ? countText(point.patternsTotal) : 'more than 10³⁰⁸';
  if (isAll) {
    return {
      isProven,
      verdict: isProven
        ? 'Global optimum, proven.'
        : `Not proven yet: within ${percentTextUp(point.relativeGap)} of the global optimum.`,
      scope:
        `No ${kind}, whatever its weights, is below the bound: it holds over all ${total} activation patterns, ` +
        `of which the program held ${countText(point.patternsHeld)}.${trees}`,
    };
  }
  return {
    isProven,
    verdict: isProven
      ? 'Optimal among the patterns used.'
      : `Not proven yet: within ${percentTextUp(point.relativeGap)} of the best on the patterns used.`,
    scope:
      `The bound covers every ${kind} on these ${total} activation patterns. One with other patterns ` +
      `may be lower: this is no claim about all arrangements.${trees}`,
  };
}
