import type { Approximation, ArrangementSearch, Certificate, SolveResult } from '../src/problem/result.js';
import { boundPairText, countNoun, numberText } from '../src/report/number-text.js';
import { gapText, statusText } from './certificate-text.js';

/** Row of a summary: name and text. */
type Row = [string, string];

/** What a certificate covers and how it was checked, as rows; where the bound is loose, that and what to do about it. */
export function scopeRows(result: Pick<SolveResult, 'certificate' | 'status' | 'approximation'>): Row[] {
  const { certificate, status, approximation } = result;
  const { scope, patternsTotal, search } = certificate;
  if (scope === 'given-arrangements') {
    const patterns = countNoun(patternsTotal, 'pattern');
    return [['scope', `given arrangements: networks on these ${patterns}, not all there are`]];
  }
  const rows: Row[] = [
    ['scope', `all arrangements: every network of this form, on ${patternsText(certificate)}`],
  ];
  if (search !== null) rows.push(['', searchText(search, certificate)]);
  if (status !== 'optimal') rows.push(...looseRows(certificate, approximation));
  return rows;
}

/** How many activation patterns there are. */
function patternsText({ patternsTotal, patternsTotalExact }: Certificate): string {
  if (!Number.isFinite(patternsTotal)) return 'more than 10³⁰⁸ activation patterns';
  const count =
    patternsTotal < 1e7
      ? countNoun(patternsTotal, 'activation pattern')
      : `${numberText(patternsTotal, 2)} activation patterns`;
  return patternsTotalExact ? count : `at most ${count}`;
}

/** How all arrangements were searched. */
function searchText(
  { dimensions, verifications, regions, exactRegions }: ArrangementSearch,
  { patternsHeld }: Certificate,
): string {
  return (
    `verified by ${countNoun(verifications, 'search', 'searches')} in ${countNoun(dimensions, 'dimension')}: ` +
    `${countNoun(regions, 'region')} of weights bounded, ${countNoun(exactRegions, 'one', 'of them')} solved exactly; ` +
    `${countNoun(patternsHeld, 'pattern')} held`
  );
}

function looseRows(
  { boundOnPatterns, patternsHeld }: Certificate,
  approximation: Approximation | null,
): Row[] {
  const on = approximation === null ? '' : ' of the approximation';
  return [
    ['', 'the dual bound holds for every network but is loose: the search did not get through'],
    [
      'bound on patterns',
      `${numberText(boundOnPatterns, 8)}  on the ${countNoun(patternsHeld, 'pattern')}${on} found; others may be lower`,
    ],
    ['to get through', 'more maxRegions or timeLimit, a lower rank, fewer units, or a larger β'],
  ];
}

/** What solving on X of lower rank means, as rows. */
export function rankRows(
  { status, approximation }: Pick<SolveResult, 'status' | 'approximation'>,
  tolerance: number,
): Row[] {
  if (approximation === null) return [];
  const { rank, singularValue, bound, relativeGap } = approximation;
  const own = boundPairText(approximation.objective, approximation.dualBound);
  const next = subscript(rank + 1);
  return [
    [
      'rank',
      `${rank}: solved on the best approximation of X, at distance σ${next} = ${numberText(singularValue, 4)}; the numbers above hold for X itself`,
    ],
    ['', `the objective is at most ${numberText(bound, 4)} times the optimum, as was known before the solve`],
    [
      '',
      `on the approximation: objective ${own.objective}, dual bound ${own.bound}, relative gap ${gapText(relativeGap)} ${statusText(status, tolerance)}`,
    ],
  ];
}

function subscript(number: number): string {
  return String(number).replace(/\d/g, (digit) => String.fromCharCode(0x2080 + Number(digit)));
}
