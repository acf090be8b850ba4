import type { Table } from '../experiment.js';
import { thresholds } from './active.js';
import type { Grid } from './experiment.js';
import { spread } from '../statistics.js';
import { names } from './figures.js';
import type { Plan } from './plan.js';
import { shareOf, type Descents, type Searches } from './recovery.js';

/** Counts, losses and objectives along β. */
export function activeTable({ setting, optima, trained }: Grid): Table {
  return {
    name: `active-${setting.name}`,
    title: `${setting.title}: along β`,
    columns: [
      { label: 'β / β_max', digits: 3 },
      { label: 'network' },
      { label: 'learning rate' },
      { label: 'active sub-networks' },
      { label: 'training loss / loss of 0', digits: 3 },
      { label: 'objective (1), median', digits: 7 },
      { label: 'above the optimum, best (%)', digits: 3 },
      { label: 'worst (%)', digits: 3 },
      { label: 'seconds', digits: 2 },
    ],
    rows: optima.flatMap(({ ratio, active, reduced, loss, objective, seconds }) => [
      [ratio, names.solver, null, active[0] ?? null, loss, objective, 0, 0, seconds],
      [ratio, names.reduced, null, reduced.subNetworks, loss, reduced.objective, 0, 0, null],
      ...trained
        .filter((one) => one.ratio === ratio)
        .map(({ penalty, rate, trials }) => {
          const counts = spread(trials.map((trial) => trial.active[0] ?? NaN));
          const reached = spread(trials.map(({ pathObjective }) => pathObjective));
          const above = (value: number): number => 100 * (value / objective - 1);
          return [
            ratio,
            names[penalty],
            rate,
            `${counts.y} (${counts.low}–${counts.high})`,
            spread(trials.map((trial) => trial.loss)).y,
            reached.y,
            above(reached.low),
            above(reached.high),
            null,
          ];
        }),
    ]),
  };
}

/** How the counts depend on the threshold. */
export function thresholdTable({ setting, optima, trained }: Grid): Table {
  const order = [...thresholds]
    .map((threshold, at) => ({ threshold, at }))
    .sort((a, b) => b.threshold - a.threshold);
  const medians = (ratio: number, penalty: 'path-norm' | 'weight-decay'): (number | null)[] => {
    const found = trained.find((one) => one.ratio === ratio && one.penalty === penalty);
    return order.map(({ at }) =>
      found ? spread(found.trials.map(({ active }) => active[at] ?? NaN)).y : null,
    );
  };
  const columns = (name: string): Table['columns'] =>
    order.map(({ threshold }) => ({ label: `${name}, ${threshold}` }));
  return {
    name: `thresholds-${setting.name}`,
    title: `${setting.title}: active sub-networks by the share of the largest path norm that counts as active (medians)`,
    columns: [
      { label: 'β / β_max', digits: 3 },
      ...columns('certified'),
      { label: 'certified, not 0' },
      ...columns(names['path-norm']),
      ...columns(names['weight-decay']),
    ],
    rows: optima.map(({ ratio, active, subNetworks }) => [
      ratio,
      ...order.map(({ at }) => active[at] ?? null),
      subNetworks,
      ...medians(ratio, 'path-norm'),
      ...medians(ratio, 'weight-decay'),
    ]),
  };
}

/** Shares of planted teachers recovered. */
export function recoveredTable(
  { kinds }: Plan,
  searches: readonly Searches[],
  descents: readonly Descents[],
): Table {
  const withinOf = (name: string): number => kinds.find((kind) => kind.name === name)?.within ?? NaN;
  return {
    name: 'recovered',
    title: 'Planted teachers recovered (shares of the trials)',
    columns: [
      { label: 'teacher' },
      { label: 'n' },
      { label: 'function recovered' },
      { label: 'neurons found' },
      { label: 'as many active as planted' },
      { label: 'active, median' },
      { label: 'relative error, median', digits: 2 },
      { label: 'Adam: function recovered' },
      { label: 'Adam: neurons found' },
      { label: 'Adam: above the optimum, median (%)', digits: 2 },
    ],
    rows: searches.map(({ kind, n, trials }) => {
      const planted = kinds.find(({ name }) => name === kind)?.subNetworks;
      const adam = descents.find((one) => one.kind === kind && one.n === n)?.trials;
      const within = withinOf(kind);
      return [
        kind,
        n,
        shareOf(trials, ({ error }) => error < within),
        trials.some(({ neurons }) => neurons !== null)
          ? shareOf(trials, ({ neurons }) => neurons === true)
          : null,
        shareOf(trials, ({ active }) => active === planted),
        spread(trials.map(({ active }) => active)).y,
        spread(trials.map(({ error }) => error)).y,
        adam ? shareOf(adam, ({ error }) => error < within) : null,
        adam ? shareOf(adam, ({ neurons }) => neurons === true) : null,
        adam ? 100 * spread(adam.map(({ above }) => above)).y : null,
      ];
    }),
  };
}

/** Where the optimum is not the teacher: Σ φ, and teachers with twins. */
export function normTable(searches: readonly Searches[]): Table {
  return {
    name: 'norms',
    title: 'Path norm of the optimum as a share of the teacher’s, and teachers with a twin',
    columns: [
      { label: 'teacher' },
      { label: 'n' },
      { label: 'least', digits: 3 },
      { label: 'median', digits: 3 },
      { label: 'largest', digits: 3 },
      { label: 'teachers with a twin' },
      { label: 'of these, neurons found' },
      { label: 'of the others, neurons found' },
    ],
    rows: searches.map(({ kind, n, trials }) => {
      const { y, low, high } = spread(trials.map(({ normShare }) => normShare));
      const twins = trials.filter(({ twin }) => twin === true);
      const others = trials.filter(({ twin }) => twin !== true);
      const found = (some: typeof trials): number | null =>
        some.length === 0 || some.some(({ neurons }) => neurons === null)
          ? null
          : shareOf(some, ({ neurons }) => neurons === true);
      return [kind, n, low, y, high, twins.length, found(twins), found(others)];
    }),
  };
}
