import { numberText } from '../../src/report/number-text.js';
import { gapClosed, noneBelow } from '../checks.js';
import type { Check } from '../experiment.js';
import type { Case } from './data.js';
import { oneStep, ratioOf, type CaseFacts, type Curve, type Point } from './curves.js';

/** Solves end with a gap of at most 1e-6, so that every objective is this close to the exact one that theorems speak of. */
const gapRoom = 1 + 2e-6;
/** Two sums over the same numbers in another order. */
const rounding = 1e-10;

/** What the theorem, and the argument that sharpens it, say of every κ. */
export function checks(
  cases: readonly Case[],
  facts: readonly CaseFacts[],
  curves: readonly Curve[],
): Check[] {
  const all = curves.flatMap((curve) => curve.points.map((point) => ({ curve, point })));
  // At full rank the bound is 1 and its share is that of the last check but one.
  const lossy = all.filter(({ point }) => point.approximation.singularValue > 0);
  const scopes = [...curves.map(({ optimum }) => optimum.scope), ...all.map(({ point }) => point.scope)];
  return [
    ...gapClosed(
      'P*',
      curves.map(({ optimum }) => optimum),
    ),
    atMost(
      'every X_κ: duality gap closed to 10⁻⁶',
      all.map(({ point }) => point.approximation.relativeGap),
      1e-6,
    ),
    {
      claim: 'every certificate is over all arrangements',
      holds: scopes.every((scope) => scope === 'all-arrangements'),
      detail: `${scopes.length} solves`,
    },
    noneBelow(
      'P* ≤ P_κ, P_κ on X, as a multiple of the bound for P*',
      all.map(({ curve, point }) => point.objective / curve.optimum.dualBound),
      1,
    ),
    noneBelow(
      'P* ≤ P_κ, P_κ the optimum on X_κ alone, as a multiple of the bound for P*',
      all.map(({ curve, point }) => point.approximation.objective / curve.optimum.dualBound),
      1 - rounding,
    ),
    atMost(
      'both are the same: a network that is optimal on X_κ has the same objective on X (relative difference)',
      all.map(({ point }) => Math.abs(point.objective / point.approximation.objective - 1)),
      1e-6,
    ),
    atMost(
      "P_κ ≤ P*·(1 + √(m₁m₂)·R·σ_{κ+1}/β)², the theorem's bound (share of it that is reached)",
      lossy.map(({ curve, point }) => ratioOf(point, curve) / point.approximation.bound),
      gapRoom,
    ),
    atMost(
      'P_κ ≤ the bound without its square (share of it that is reached)',
      lossy.map(({ curve, point }) => ratioOf(point, curve) / oneStep(point)),
      gapRoom,
    ),
    atMost(
      'the bound that relucent reports is the formula of the theorem (relative difference)',
      all.flatMap(({ curve, point }) => {
        const factor = theoremFactor(cases, facts, curve, point);
        return factor === null ? [] : [Math.abs(point.approximation.bound / factor - 1)];
      }),
      rounding,
    ),
    atMost(
      'P_κ never rises with κ (P_{κ+1} certified from below, as a multiple of P_κ)',
      curves.flatMap(({ points }) =>
        points.slice(1).map((next, k) => next.approximation.dualBound / (points[k]?.objective ?? 0)),
      ),
      1 + rounding,
    ),
    atMost(
      'P_κ = P* at full rank (relative difference)',
      curves.map((curve) => {
        const last = curve.points.at(-1);
        return last === undefined ? Infinity : Math.abs(ratioOf(last, curve) - 1);
      }),
      2e-6,
    ),
    atMost(
      'the lower bound for P* that X_κ gives is below P* (as a multiple of it)',
      all.map(({ curve, point }) => point.dualBound / curve.optimum.objective),
      1 + rounding,
    ),
  ];
}

/** (1 + √(m₁m₂)·R·σ_{κ+1}/β)² from its parts; null for the squared loss, which has no R. */
function theoremFactor(
  cases: readonly Case[],
  facts: readonly CaseFacts[],
  curve: Curve,
  { approximation }: Point,
): number | null {
  const one = cases.find(({ name }) => name === curve.case);
  const fact = facts.find(({ name }) => name === curve.case);
  if (one === undefined || fact === undefined || one.loss === 'squared') return null;
  return (1 + (fact.rootLeaves * Math.sqrt(fact.n) * approximation.singularValue) / curve.beta) ** 2;
}

function atMost(claim: string, values: readonly number[], limit: number): Check {
  const largest = Math.max(...values);
  return {
    claim,
    holds: largest <= limit,
    detail: `largest of ${values.length} is ${numberText(largest, 8)}`,
  };
}
