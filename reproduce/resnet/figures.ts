import { forward, type ParallelNetwork } from '../../src/network/network.js';
import { typedNetwork } from '../../src/network/network-json.js';
import type { Certified } from '../checks.js';
import type { Figure } from '../experiment.js';
import { lineFigure, type Series } from '../figure/line-figure.js';
import { median } from '../statistics.js';
import { excess, shownTrials, withBias, type Control, type Points, type Trials } from './trials.js';

const trained = 'residual network, Adam';
const optimal = 'certified optimum';

/** Training objective against iterations, one panel for each C. */
export function curvesFigure(all: readonly Trials[], optimum: Certified): Figure {
  const shown = all.slice(0, 4);
  const caption = `Training objective of ${shownTrials} trials of Adam with C = ${shown.map(({ branches }) => branches).join(', ')} residual networks side by side; the dashed line is the certified optimum over all parallel networks that contain them.`;
  return {
    name: 'curves',
    title: 'Residual networks against the certified optimum',
    caption,
    svg: lineFigure({
      id: 'resnet-curves',
      label: caption,
      columns: 2,
      x: { label: 'iteration' },
      y: { label: 'training objective', scale: 'log', domain: curveRange(shown, optimum) },
      panels: shown.map(({ branches, trials }) => ({
        title: `C = ${branches}`,
        series: trials.slice(0, shownTrials).map(({ curve }): Series => ({
          name: trained,
          isFaint: true,
          points: curve.flatMap(([x, y]) => (y === null ? [] : [{ x, y }])),
        })),
        rules: [{ name: optimal, y: optimum.objective }],
      })),
    }),
  };
}

/** From the optimum to the worst of the ends: the first steps, from far above, are cut off. */
function curveRange(shown: readonly Trials[], optimum: Certified): [number, number] {
  const ends = shown.flatMap(({ trials }) => trials.slice(0, shownTrials).map(({ best }) => best));
  return [0.9 * optimum.objective, 1.6 * Math.max(...ends)];
}

/** Distance of every trial from the optimum against C. */
export function distanceFigure(all: readonly Trials[], control: Control, optimum: Certified): Figure {
  const caption =
    'How far each trial ends above the certified optimum, in percent of it, against the number of residual networks side by side: one dot a trial, the median as a line. Green: parallel networks of the family itself, as many sub-networks as the residual ones beside them expand to.';
  const percent = ({ trials }: Trials): number[] =>
    trials.map(({ best }) => 100 * excess(best, optimum)).sort((a, b) => a - b);
  return {
    name: 'distance',
    title: 'Distance from the optimum',
    caption,
    svg: lineFigure({
      id: 'resnet-distance',
      label: caption,
      x: {
        label: 'residual networks C',
        scale: 'log',
        domain: [0.85, 1.3 * Math.max(...all.map(({ branches }) => branches))],
      },
      y: { label: 'above the optimum (%)', scale: 'log' },
      panels: [
        {
          series: [
            {
              name: 'residual networks, median',
              points: all.map((trials) => ({ x: trials.branches, y: median(percent(trials)) })),
            },
            {
              name: 'residual networks, trials',
              marks: 'only',
              points: all.flatMap((trials) => percent(trials).map((y) => ({ x: trials.branches, y }))),
            },
            {
              name: 'parallel networks, trials',
              marks: 'only',
              // Beside the others, not on them.
              points: control.bests.map((best) => ({
                x: 1.15 * control.branches,
                y: 100 * excess(best, optimum),
              })),
            },
          ],
        },
      ],
    }),
  };
}

/** The functions themselves: they have one input. */
export function functionsFigure({
  points,
  optimum,
  all,
}: {
  readonly points: Points;
  readonly optimum: ParallelNetwork;
  readonly all: readonly Trials[];
}): Figure {
  const caption =
    'The function of the certified optimum and those of the best trial with the fewest and the most residual networks, over the rows they were fitted to.';
  const grid = Array.from({ length: 201 }, (_, k) => -1.1 + 0.011 * k);
  const line = (name: string, network: ParallelNetwork, dash?: string): Series => {
    const f = forward(network, withBias(grid));
    return {
      name,
      points: grid.map((x, i) => ({ x, y: f[i] ?? NaN })),
      ...(dash === undefined ? {} : { dash }),
    };
  };
  const ends = [all[0], all.at(-1)].flatMap((trials) => (trials === undefined ? [] : [trials]));
  return {
    name: 'functions',
    title: 'What was learnt',
    caption,
    svg: lineFigure({
      id: 'resnet-functions',
      label: caption,
      x: { label: 'x' },
      y: { label: 'f(x)' },
      panels: [
        {
          series: [
            line(optimal, optimum),
            ...ends.map(({ branches, network }, k) =>
              line(`best of C = ${branches}`, typedNetwork(network), ['6,4', '2,3'][k]),
            ),
            {
              name: 'rows',
              marks: 'only',
              points: points.x.map((x, i) => ({ x, y: points.training.targets[i] ?? NaN })),
            },
          ],
        },
      ],
    }),
  };
}
