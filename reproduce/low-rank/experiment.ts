import type { Experiment, Table } from '../experiment.js';
import { plans, type Plan } from './cases.js';
import { checks } from './claims.js';
import { curveOf, factsOf, oneStep, ratioOf, tolerance, type CaseFacts, type Curve } from './curves.js';
import type { Case } from './data.js';
import { boundsFigure, objectiveFigure, scoreFigure } from './figures.js';

/** Theorem: solving for the best rank-κ approximation of the data loses at most a known factor. */
export const lowRank: Experiment = {
  name: 'low-rank',
  run: async (lab) => {
    const plan = plans[lab.mode];
    lab.expect(plan.cases.length * (1 + plan.shares.length));
    const facts: CaseFacts[] = [];
    const curves: Curve[] = [];
    for (const one of plan.cases) {
      const data = await one.load(lab);
      const found = await lab.step(`${one.name}: β_max`, () => factsOf(lab, one, data));
      facts.push(found);
      for (const share of plan.shares) {
        const beta = share * found.betaMax;
        curves.push(
          await lab.step(`${one.name}, β = ${share} β_max`, () => curveOf(lab, one, data, { share, beta })),
        );
      }
    }
    return {
      setUp: setUp(plan),
      figures: [
        boundsFigure(plan.cases, curves),
        objectiveFigure(plan.cases, curves),
        scoreFigure(plan.cases, curves, facts),
      ],
      tables: [pointsTable(plan.cases, curves)],
      checks: checks(plan.cases, facts, curves),
      numbers: { shares: plan.shares, tolerance, cases: facts, curves },
    };
  },
};

function setUp({ cases, shares }: Plan): string[] {
  return [
    ...cases.map(({ title, about, loss }) => `${title}: ${about}; ${loss} loss, a sum over rows.`),
    `β = ${shares.join(', ')} of β_max, from which on the zero network is optimal. Every solve is over all activation patterns, to a relative gap of ${tolerance}.`,
    'X_κ is the best approximation of X (with its bias column) of rank κ. P_κ is the objective on X of the network that is optimal on X_κ; P* is the optimum on X, solved without approximation.',
    "Bound: P_κ ≤ P*·(1 + √(m₁m₂)·R·σ_{κ+1}/β)² for a loss with Lipschitz constant R (√n for the absolute and the logistic loss); the squared loss has none and takes relucent's own (1 + √½·√(m₁m₂)·σ_{κ+1}·√𝓛(0)/β)⁴ (docs/math).",
    'Test scores are those of the original test rows, which are never approximated.',
  ];
}

function pointsTable(cases: readonly Case[], curves: readonly Curve[]): Table {
  const titles = new Map(cases.map(({ name, title }) => [name, title]));
  return {
    name: 'ranks',
    title: 'All ranks',
    columns: [
      { label: 'data' },
      { label: 'β/β_max' },
      { label: 'κ' },
      { label: 'σ_{κ+1}', digits: 3 },
      { label: 'P_κ', digits: 7 },
      { label: 'P_κ / P*', digits: 5 },
      { label: 'its bound' },
      { label: 'without the square' },
      { label: 'lower bound for P* from X_κ, of P*' },
      { label: 'regions searched', digits: 7 },
      { label: 'sub-networks' },
      { label: 'test score' },
    ],
    rows: curves.flatMap((curve) =>
      curve.points.map((point) => [
        titles.get(curve.case) ?? curve.case,
        curve.share,
        point.rank,
        point.approximation.singularValue,
        point.objective,
        ratioOf(point, curve),
        point.approximation.bound,
        oneStep(point),
        point.dualBound / curve.optimum.objective,
        point.regions,
        point.subNetworks,
        point.testScore,
      ]),
    ),
  };
}
