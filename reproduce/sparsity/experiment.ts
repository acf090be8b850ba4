import { gapClosed, noneBelow } from '../checks.js';
import type { Check, Experiment, Lab } from '../experiment.js';
import { numberText } from '../../src/report/number-text.js';
import { thresholds } from './active.js';
import { betaGridOf, optimumAt, trainedAt, width, type Optimum, type Trained } from './beta-grid.js';
import type { Setting } from './data.js';
import { activeFigure, lossFigure, objectiveFigure, recoveredFigure } from './figures.js';
import { plans, type Plan } from './plan.js';
import { descendAll, savedSearches, searchAll, seedsOf, type Descents, type Searches } from './recovery.js';
import { activeTable, normTable, recoveredTable, thresholdTable } from './tables.js';

const penalties = ['path-norm', 'weight-decay'] as const;

/** Everything along β for one data set. */
export interface Grid {
  readonly setting: Setting;
  readonly betaMax: number;
  readonly exact: boolean;
  readonly optima: readonly Optimum[];
  readonly trained: readonly Trained[];
}

/** How sparse optimal networks are, against β and against the data. */
export const sparsity: Experiment = {
  name: 'sparsity',
  run: async (lab) => {
    const plan = plans[lab.mode];
    lab.expect(stepCount(plan));
    const grids: Grid[] = [];
    for (const part of plan.settings) grids.push(await alongBeta(part, lab));
    const searches: Searches[] = [];
    for (const kind of plan.kinds) {
      for (const n of plan.sizes) {
        const seeds = seedsOf(plan.kinds, kind, plan.trials);
        searches.push(await lab.step(`${kind.name}, n = ${n}`, () => searchAll(kind, n, seeds, lab)));
      }
    }
    const descents = await descend(plan, searches, lab);
    return {
      setUp: setUp(plan, grids),
      figures: [
        activeFigure(grids),
        lossFigure(grids),
        objectiveFigure(grids),
        recoveredFigure(plan, searches, descents),
      ],
      tables: [
        ...grids.flatMap((grid) => [activeTable(grid), thresholdTable(grid)]),
        recoveredTable(plan, searches, descents),
        normTable(searches),
      ],
      checks: [...grids.flatMap(gridChecks), ...recoveryChecks(searches, descents)],
      numbers: {
        thresholds,
        grids: grids.map(({ setting, betaMax, optima, trained }) => ({
          data: setting.name,
          betaMax,
          optima,
          trained,
        })),
        kinds: plan.kinds.map((kind) => ({ ...kind })),
        searches: searches.map(savedSearches),
        descents,
      },
    };
  },
};

function stepCount({ settings, kinds, sizes, descent }: Plan): number {
  const alongGrids = settings.reduce((sum, { ratios }) => sum + 1 + 3 * ratios.length, 0);
  return alongGrids + kinds.length * sizes.length + descent.sizes.length;
}

async function alongBeta(part: Plan['settings'][number], lab: Lab): Promise<Grid> {
  const setting = await part.of(lab);
  const { name } = setting;
  const grid = await lab.step(`${name}: β_max`, async () => ({
    ...(await betaGridOf(setting, part.ratios, lab)),
  }));
  const optima: Optimum[] = [];
  const trained: Trained[] = [];
  for (const point of grid.points) {
    const at = `β = ${numberText(point.ratio, 2)}·β_max`;
    optima.push(await lab.step(`${name}, ${at}: certified`, () => optimumAt(setting, point, lab)));
    for (const penalty of penalties) {
      trained.push(
        await lab.step(`${name}, ${at}: Adam, ${penalty}`, () =>
          trainedAt(setting, point, penalty, part.training, lab),
        ),
      );
    }
  }
  return { setting, betaMax: grid.betaMax, exact: grid.exact, optima, trained };
}

async function descend(
  { kinds, descent }: Plan,
  searches: readonly Searches[],
  lab: Lab,
): Promise<Descents[]> {
  const kind = kinds.find(({ name }) => name === descent.kind);
  if (kind === undefined) throw new RangeError(`descent: expected a kind of the plan, got ${descent.kind}`);
  const found: Descents[] = [];
  for (const n of descent.sizes) {
    const searched = searches.find((one) => one.kind === kind.name && one.n === n);
    if (searched === undefined) throw new RangeError(`descent: expected a size of the plan, got ${n}`);
    const some = { ...searched, trials: searched.trials.slice(0, descent.trials) };
    found.push(
      await lab.step(`Adam, ${kind.name}, n = ${n}`, () => descendAll(kind, some, descent.training, lab)),
    );
  }
  return found;
}

function setUp(plan: Plan, grids: readonly Grid[]): string[] {
  const { kinds, sizes, trials, descent } = plan;
  const grid = grids.map(({ setting }, k) => {
    const part = plan.settings[k];
    const { subNetworks = 0, seeds = 0, iterations = 0, rates = [] } = part?.training ?? {};
    return (
      `${setting.name}: ${setting.described}; ${part?.ratios.length ?? 0} values of β from β_max down to ` +
      `${numberText(part?.ratios.at(-1) ?? NaN, 2)}·β_max. Adam: K = ${subNetworks} sub-networks, ${seeds} seeds, ${iterations} steps, ` +
      `the rate of ${rates.join(', ')} with the smallest mean objective.`
    );
  });
  return [
    `Networks along β: parallel, three layers, ${width} first-layer neurons a sub-network; squared loss ½‖f − y‖².`,
    ...grid,
    'Certified: the optimum of (1) over all activation patterns. Adam (TensorFlow.js, full batches, rate falling to 0 over the second half) minimises (1), or the same loss with weight decay ½βΣw² in place of path norms, from the same He initialisations.',
    `A sub-network is active when its path norm is above ${thresholds[0]} of the largest one of its network, or of ‖y‖/‖X‖ where that is larger.`,
    `Teachers: ${kinds.map(({ name }) => name).join('; ')}; unit neurons in uniform directions, output weights ±1, normal rows without bias, n = ${sizes.join(', ')}; ${trials} trials each. β = 1e-4·β_max, with noise (5 % of the root mean square of the outputs) 1e-2·β_max; certified over all activation patterns.`,
    'Recovered: the relative error on 1000 fresh rows is below 1 % (5 % with noise). Neurons found: each planted neuron has found ones of its sign at a cosine above 0.99, and they hold 99 % of Σ φ.',
    `Adam on "${descent.kind}": K = ${descent.training.subNetworks}, the best of ${descent.training.seeds} initialisations by objective, ${descent.training.iterations} steps, rates ${descent.training.rates.join(', ')}, ${descent.trials} trials.`,
  ];
}

function gridChecks({ setting, exact, optima, trained }: Grid): Check[] {
  const { name, rows } = setting;
  const atTop = optima.filter(({ ratio }) => ratio >= 1);
  const most = Math.max(...optima.map(({ reduced }) => reduced.subNetworks));
  const apart = Math.max(
    ...optima.map(({ objective, reduced }) => Math.abs(reduced.objective - objective) / objective),
  );
  return [
    ...gapClosed(`${name}, every β`, optima),
    {
      claim: `${name}: the certificates are over all arrangements, β_max exact`,
      holds: exact && optima.every(({ scope }) => scope === 'all-arrangements'),
      detail: `${optima.length} certificates`,
    },
    {
      claim: `${name}: no sub-network is active at β_max`,
      holds: atTop.length > 0 && atTop.every(({ subNetworks }) => subNetworks === 0),
      detail: `${atTop.map(({ subNetworks }) => subNetworks).join(', ')} active`,
    },
    {
      claim: `${name}: an optimum with at most n + 1 = ${rows.n + 1} sub-networks exists at every β`,
      holds: most <= rows.n + 1 && apart <= 1e-6,
      detail: `at most ${most} after elimination, objectives differ by ${numberText(apart, 2)} at most`,
    },
    ...optima.map(({ ratio, dualBound }) =>
      noneBelow(
        `${name}, β = ${numberText(ratio, 2)}·β_max, (1) of all trained networks`,
        trained
          .filter((one) => one.ratio === ratio)
          .flatMap(({ trials }) => trials.map(({ pathObjective }) => pathObjective)),
        dualBound,
      ),
    ),
  ];
}

function recoveryChecks(searches: readonly Searches[], descents: readonly Descents[]): Check[] {
  const all = searches.flatMap(({ trials }) => trials);
  const closest = Math.min(...all.map(({ teacherObjective, dualBound }) => teacherObjective / dualBound - 1));
  const trained = descents.flatMap(({ trials }) => trials);
  return [
    ...gapClosed('planted teachers', all),
    {
      claim: 'planted teachers: the certificates are over all arrangements',
      holds: all.every(({ scope }) => scope === 'all-arrangements'),
      detail: `${all.length} certificates`,
    },
    {
      claim: 'planted teachers: no teacher is below the certified bound',
      holds: closest >= 0,
      detail: `the closest is ${numberText(closest, 2)} of the bound above it`,
    },
    {
      claim: 'planted teachers: no network trained by Adam is below the certified bound',
      holds: trained.every(({ objective, dualBound }) => objective >= dualBound),
      detail: `${trained.length} trials`,
    },
  ];
}
