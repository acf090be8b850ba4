import type { Figure } from '../experiment.js';
import { lineFigure, type Axis, type Series } from '../figure/line-figure.js';
import { spread } from '../statistics.js';
import type { Trained } from './beta-grid.js';
import type { Grid } from './experiment.js';
import type { Plan } from './plan.js';
import { shareOf, type Descents, type Searches } from './recovery.js';

export const names = {
  solver: 'certified, as the solver ends',
  reduced: 'certified, after elimination',
  'path-norm': 'Adam, path norm',
  'weight-decay': 'Adam, weight decay',
} as const;

const penalties = ['path-norm', 'weight-decay'] as const;

const activeOf = ({ trials }: Trained): number[] => trials.map(({ active }) => active[0] ?? NaN);

/** A little wider than the grid, so that marks at its ends are whole. */
function betaAxis(grids: readonly Grid[]): Axis {
  const least = Math.min(...grids.flatMap(({ optima }) => optima.map(({ ratio }) => ratio)));
  return { label: 'β / β_max', scale: 'log', domain: [least / 1.15, 1.15] };
}

/** Active sub-networks against β. */
export function activeFigure(grids: readonly Grid[]): Figure {
  const caption =
    'Active sub-networks against β as a share of β_max: of the certified optimum of the path-norm problem, as the solver ends and after elimination of dependent ones, and of networks trained by Adam on the same objective and with weight decay of the same β (median as a line, all trials inside the band); the dashed line is n + 1, with which an optimum exists.';
  return {
    name: 'active',
    title: 'Active sub-networks against β',
    caption,
    svg: lineFigure({
      id: 'active',
      label: caption,
      x: betaAxis(grids),
      y: { label: 'active sub-networks' },
      ownY: true,
      panels: grids.map(({ setting, optima, trained }) => {
        const most = setting.rows.n + 1;
        const highest = Math.max(
          ...optima.map(({ subNetworks }) => subNetworks),
          ...trained.flatMap(activeOf),
        );
        return {
          title: setting.title,
          series: [
            ...penalties.map((penalty): Series => ({
              name: names[penalty],
              marks: 'line',
              points: trained
                .filter((one) => one.penalty === penalty)
                .map((one) => ({ x: one.ratio, ...spread(activeOf(one)) })),
            })),
            {
              name: names.reduced,
              marks: 'line',
              points: optima.map(({ ratio, reduced }) => ({ x: ratio, y: reduced.subNetworks })),
            },
            {
              name: names.solver,
              dash: '5,3',
              points: optima.map(({ ratio, active }) => ({ x: ratio, y: active[0] ?? NaN })),
            },
          ],
          // Far above all curves it would flatten them.
          rules: most <= 1.5 * highest ? [{ name: 'n + 1', y: most }] : [],
        };
      }),
    }),
  };
}

function lossDomain([grid]: readonly Grid[]): [number, number] {
  const losses = grid?.trained.flatMap(({ trials }) => trials.map(({ loss }) => loss)) ?? [];
  const optimal = grid?.optima.map(({ loss }) => loss) ?? [];
  return [Math.min(...losses, ...optimal) / 1.2, 1.2];
}

/** Active sub-networks against the training loss: the same fit, whatever β it took. */
export function lossFigure(grids: readonly Grid[]): Figure {
  const caption =
    'Active sub-networks against the training loss reached, as a share of that of the zero network: certified optima of the path-norm problem after elimination, and every network that Adam trained, on the same objective or with weight decay.';
  return {
    name: 'equal-loss',
    title: 'Active sub-networks at equal training loss',
    caption,
    svg: lineFigure({
      id: 'equal-loss',
      label: caption,
      x: { label: 'training loss / loss of the zero network', scale: 'log', domain: lossDomain(grids) },
      y: { label: 'active sub-networks' },
      ownY: true,
      // The loss of the cars is noise that no β takes away: it spans less than a decade.
      panels: grids.slice(0, 1).map(({ setting, optima, trained }) => ({
        title: setting.title,
        series: [
          ...penalties.map((penalty): Series => ({
            name: names[penalty],
            marks: 'only',
            points: trained
              .filter((one) => one.penalty === penalty)
              .flatMap(({ trials }) => trials.map(({ loss, active }) => ({ x: loss, y: active[0] ?? NaN }))),
          })),
          {
            name: names.reduced,
            marks: 'line',
            points: optima.map(({ loss, reduced }) => ({ x: loss, y: reduced.subNetworks })),
          },
        ],
      })),
    }),
  };
}

/** How far the objective (1) of trained networks is above the optimum, against β. */
export function objectiveFigure(grids: readonly Grid[]): Figure {
  const caption =
    'The path-norm objective of networks trained by Adam above the certified optimum, in percent of it, against β as a share of β_max: trained on that objective and with weight decay of the same β; the median as a line, all trials inside the band.';
  return {
    name: 'objective',
    title: 'Objectives against the certified optimum',
    caption,
    svg: lineFigure({
      id: 'objective',
      label: caption,
      x: betaAxis(grids),
      y: { label: 'above the optimum (%)', scale: 'log' },
      panels: grids.map(({ setting, optima, trained }) => ({
        title: setting.title,
        series: penalties.map((penalty): Series => ({
          name: names[penalty],
          marks: 'line',
          points: trained
            .filter((one) => one.penalty === penalty)
            .map(({ ratio, trials }) => {
              const optimum = optima.find((one) => one.ratio === ratio)?.objective ?? NaN;
              // Of a logarithmic axis: what float32 cannot tell from 0 is at its lower end.
              const above = trials.map(({ pathObjective }) =>
                Math.max(1e-4, 100 * (pathObjective / optimum - 1)),
              );
              return { x: ratio, ...spread(above) };
            }),
        })),
      })),
    }),
  };
}

/** Share of planted teachers that the optimum finds again, against n. */
export function recoveredFigure(
  { kinds }: Plan,
  searches: readonly Searches[],
  descents: readonly Descents[],
): Figure {
  const caption =
    'Share of planted teachers recovered by the certified optimum against the number of rows n: full lines where the relative error on fresh rows is below 1 % (5 % with noise), dashed lines where the neurons found are those planted; dots for the best network trained by Adam on the same objective.';
  const isNoisy = (name: string): boolean => (kinds.find((kind) => kind.name === name)?.noise ?? 0) > 0;
  const groups = [
    { title: 'two layers, d = 2', of: kinds.filter(({ depth, d }) => depth === 2 && d === 2) },
    {
      title: 'two layers, d = 3',
      of: kinds.filter(({ depth, d, noise }) => depth === 2 && d === 3 && noise === 0),
    },
    { title: 'noise, and three layers', of: kinds.filter(({ depth, noise }) => depth === 3 || noise > 0) },
  ];
  return {
    name: 'recovered',
    title: 'Planted networks found again',
    caption,
    svg: lineFigure({
      id: 'recovered',
      label: caption,
      x: { label: 'rows n', scale: 'log', domain: [3.7, 69] },
      y: { label: 'share recovered', domain: [-0.03, 1.03] },
      panels: groups
        .filter(({ of }) => of.length > 0)
        .map(({ title, of }) => ({
          title,
          series: onTop(
            of.flatMap(({ name, within }): Series[] => {
              const own = searches.filter(({ kind }) => kind === name);
              const adam = descents.filter(({ kind }) => kind === name);
              const label = isNoisy(name) ? '2 neurons with noise' : name.replace(/^d = \d, /, '');
              return [
                ...(own.some(({ trials }) => trials.some(({ neurons }) => neurons !== null))
                  ? [
                      {
                        name: label,
                        dash: '5,4',
                        points: own.map(({ n, trials }) => ({
                          x: n,
                          y: shareOf(trials, ({ neurons }) => neurons === true),
                        })),
                      },
                    ]
                  : []),
                {
                  name: label,
                  marks: 'line',
                  points: own.map(({ n, trials }) => ({
                    x: n,
                    y: shareOf(trials, ({ error }) => error < within),
                  })),
                },
                ...(adam.length === 0
                  ? []
                  : [
                      {
                        name: `Adam, ${label}`,
                        marks: 'only' as const,
                        points: adam.map(({ n, trials }) => ({
                          x: n,
                          y: shareOf(trials, ({ error }) => error < within),
                        })),
                      },
                    ]),
              ];
            }),
          ),
        })),
    }),
  };
}

/** Dots above the lines, so that none is hidden. */
function onTop(series: readonly Series[]): Series[] {
  return [...series].sort((a, b) => Number(a.marks === 'only') - Number(b.marks === 'only'));
}
