import type { Experiment, Table } from '../experiment.js';
import { checks, degreeOf, exponentOf, measuresOf, patternsAt } from './claims.js';
import { median } from '../statistics.js';
import { fittedExponent } from './exponent.js';
import { countsFigure, dimensionFigure, regionsOfSearch, secondsOf, timeFigure } from './figures.js';
import { betaShare, measure, tolerance, type Measured, type Trial } from './measure.js';
import { plans, type Plan, type Sweep } from './plans.js';

/** Sizes from which the exponent at the large end is fitted. */
const largeSizes = 3;

/** Theorem: training to global optimality is polynomial in n and d at fixed rank. */
export const polynomial: Experiment = {
  name: 'polynomial',
  run: async (lab) => {
    const plan = plans[lab.mode];
    const { sweeps } = plan;
    lab.expect(sweeps.reduce((sum, { sizes }) => sum + sizes.length, 0));
    const measured: Measured[] = [];
    for (const sweep of sweeps) {
      for (const size of sweep.sizes) {
        measured.push(
          await lab.step(`${sweep.name}, n = ${size.n}, d = ${size.d}`, () =>
            measure(lab, plan, sweep, size),
          ),
        );
      }
    }
    return {
      setUp: setUp(plan),
      figures: [
        timeFigure(sweeps, measured),
        countsFigure(sweeps, measured),
        dimensionFigure(sweeps, measured),
      ],
      tables: [exponentsTable(sweeps, measured), sizesTable(sweeps, measured)],
      checks: checks(sweeps, measured),
      numbers: { betaShare, tolerance, seeds: plan.seeds, repeats: plan.repeats, measured },
    };
  },
};

function setUp({ seeds, repeats }: Plan): string[] {
  return [
    `Data: X = U·V with U normal, n×r, and r orthonormal rows V of length d (d = r where n grows); target: three ReLU neurons of U plus noise of standard deviation 0.5; ${seeds.length} data sets of each size (seeds ${seeds.join(', ')}).`,
    `Squared loss, β = ${betaShare} β_max, relative gap ${tolerance}, patterns "all": every optimum is global. Two layers, and three layers with m₁ = 2 first-layer neurons.`,
    `Times are of whole calls of solve on one thread: the median of ${repeats} for each data set after one that is not timed, then the median over data sets. They depend on the machine and its load; counts do not.`,
  ];
}

/** Exponents by least squares on logarithms. */
function exponentsTable(sweeps: readonly Sweep[], measured: readonly Measured[]): Table {
  return {
    name: 'exponents',
    title: 'Fitted exponents',
    columns: [
      { label: 'sweep' },
      { label: 'in' },
      { label: 'patterns, by the formula' },
      { label: 'patterns', digits: 3 },
      { label: 'regions of a search', digits: 3 },
      { label: 'patterns held', digits: 3 },
      { label: 'time', digits: 3 },
      { label: `time, last ${largeSizes} sizes`, digits: 3 },
    ],
    rows: sweeps.map((sweep) => {
      const sizes = measuresOf(sweep, measured);
      const fit = (quantity: (trial: Trial) => number, count?: number): number =>
        exponentOf(sweep, measured, quantity, count);
      return [
        sweep.name,
        sweep.along,
        degreeOf(sweep),
        fittedExponent(sizes.map((size) => ({ x: size[sweep.along], y: patternsAt(sweep, size) }))),
        fit(regionsOfSearch),
        fit(({ patternsHeld }) => patternsHeld),
        fit(secondsOf),
        fit(secondsOf, largeSizes),
      ];
    }),
  };
}

function isCounted({ widths }: Sweep, trials: readonly Trial[]): boolean {
  return widths.length === 0 && trials.every(({ patternsTotalExact }) => patternsTotalExact);
}

function sizesTable(sweeps: readonly Sweep[], measured: readonly Measured[]): Table {
  return {
    name: 'sizes',
    title: 'All sizes, medians over the data sets',
    columns: [
      { label: 'sweep' },
      { label: 'n', digits: 6 },
      { label: 'd', digits: 6 },
      { label: 'patterns that exist', digits: 7 },
      { label: 'counted' },
      { label: 'regions of a search', digits: 6 },
      { label: 'searches' },
      { label: 'patterns held' },
      { label: 'iterations' },
      { label: 'Newton steps' },
      { label: 'time (s)', digits: 3 },
      { label: 'fastest data set (s)', digits: 3 },
      { label: 'slowest data set (s)', digits: 3 },
    ],
    rows: sweeps.flatMap((sweep) =>
      measuresOf(sweep, measured).map((size) => {
        const { n, d, trials } = size;
        const middle = (quantity: (trial: Trial) => number): number => median(trials.map(quantity));
        return [
          sweep.name,
          n,
          d,
          patternsAt(sweep, size),
          isCounted(sweep, trials) ? 'one by one' : 'by the formula',
          middle(regionsOfSearch),
          middle(({ verifications }) => verifications),
          middle(({ patternsHeld }) => patternsHeld),
          middle(({ iterations }) => iterations),
          middle(({ newtonSteps }) => newtonSteps),
          middle(secondsOf),
          Math.min(...trials.map(secondsOf)),
          Math.max(...trials.map(secondsOf)),
        ];
      }),
    ),
  };
}
