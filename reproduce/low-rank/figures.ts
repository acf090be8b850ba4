import type { Figure } from '../experiment.js';
import {
  lineFigure,
  type Axis,
  type LinePanel,
  type Point as Mark,
  type Series,
} from '../figure/line-figure.js';
import type { Case } from './data.js';
import { oneStep, ratioOf, type CaseFacts, type Curve, type Point } from './curves.js';

/** Half a mark of room on both sides. */
function rankAxis(curves: readonly Curve[]): Axis {
  const largest = Math.max(...curves.map(({ points }) => points.length));
  return { label: 'rank κ of the approximation', domain: [0.9, largest + 0.1] };
}

const dashes = [undefined, '9,4', '2,4'] as const;

/** P_κ and both bounds as multiples of P*, a panel for each problem and β. */
export function boundsFigure(cases: readonly Case[], curves: readonly Curve[]): Figure {
  const caption =
    "What the approximation costs, P_κ / P*, against the rank κ of the approximated data, with the theorem's bound and the bound without its square; the dashed line at 1 is the certified optimum P*. A row of panels for each problem, β falls from left to right. The scale is logarithmic: the bounds hold and are far away until X_κ is X.";
  return {
    name: 'bounds',
    title: 'The price of a lower rank, and its bound',
    caption,
    svg: lineFigure({
      id: 'bounds',
      label: caption,
      columns: new Set(curves.map(({ share }) => share)).size,
      width: 310,
      height: 210,
      x: rankAxis(curves),
      y: { label: 'multiple of P*', scale: 'log' },
      panels: cases.flatMap((one) =>
        curvesOf(one, curves).map((curve): LinePanel => {
          const line = (of: (point: Point) => number): Mark[] =>
            curve.points.map((point) => ({ x: point.rank, y: of(point) }));
          return {
            title: `${one.title}, β = ${curve.share} β_max`,
            series: [
              { name: 'P_κ / P*', marks: 'line', points: line((point) => ratioOf(point, curve)) },
              {
                name: "theorem's bound",
                dash: '6,4',
                points: line(({ approximation }) => approximation.bound),
              },
              { name: 'bound without its square', dash: '2,3', points: line(oneStep) },
            ],
            rules: [{ name: 'P*', y: 1 }],
          };
        }),
      ),
    }),
  };
}

/** How far P_κ is above P*, on a linear scale. */
export function objectiveFigure(cases: readonly Case[], curves: readonly Curve[]): Figure {
  const caption =
    'P_κ above the certified optimum P*, in percent of it, against κ, a line for each β. It falls with every κ and ends at 0.';
  return {
    name: 'objective',
    title: 'How far above the optimum',
    caption,
    svg: lineFigure({
      id: 'objective',
      label: caption,
      columns: 2,
      height: 240,
      ownY: true,
      x: rankAxis(curves),
      y: { label: 'P_κ above P* (%)' },
      panels: cases.map((one) => ({
        title: one.title,
        series: curvesOf(one, curves).map((curve, at) =>
          byRank(curve, at, (point) => 100 * (ratioOf(point, curve) - 1)),
        ),
      })),
    }),
  };
}

/** Scores on held-out rows. */
export function scoreFigure(
  cases: readonly Case[],
  curves: readonly Curve[],
  facts: readonly CaseFacts[],
): Figure {
  const caption =
    'Score on held-out rows of the network that is optimal on X_κ, against κ, a line for each β: R² where a number is predicted, accuracy where a class is. The original test rows are scored.';
  return {
    name: 'scores',
    title: 'What it costs on new rows',
    caption,
    svg: lineFigure({
      id: 'scores',
      label: caption,
      columns: 2,
      height: 240,
      ownY: true,
      x: rankAxis(curves),
      y: { label: 'test score' },
      panels: cases.map((one) => ({
        title: `${one.title}: ${one.score} of ${facts.find(({ name }) => name === one.name)?.testRows ?? 0} test rows`,
        series: curvesOf(one, curves).map((curve, at) => byRank(curve, at, ({ testScore }) => testScore)),
      })),
    }),
  };
}

function byRank({ share, points }: Curve, at: number, of: (point: Point) => number): Series {
  const dash = dashes[at];
  return {
    name: `β = ${share} β_max`,
    marks: 'line',
    ...(dash === undefined ? {} : { dash }),
    points: points.map((point) => ({ x: point.rank, y: of(point) })),
  };
}

function curvesOf({ name }: Case, curves: readonly Curve[]): Curve[] {
  return curves.filter((curve) => curve.case === name);
}
