import type { Certified } from '../checks.js';
import type { Figure } from '../experiment.js';
import { lineFigure, type Series } from '../figure/line-figure.js';
import { spread } from '../statistics.js';
import { excess, type Trials } from './experiment.js';

const names = { sgd: 'SGD', adam: 'Adam' } as const;
/** Trials drawn as curves. */
export const shownTrials = 5;

/** Training objective against iterations for a few K, five trials each, the certified optimum as a line. */
export function curvesFigure(all: readonly Trials[], optimum: Certified): Figure {
  const counts = [...new Set(all.map(({ subNetworks }) => subNetworks))].slice(0, 4);
  const caption = `Training objective of ${shownTrials} trials of SGD and Adam with K = ${counts.join(', ')} sub-networks; the dashed line is the certified global optimum, which no network can beat.`;
  return {
    name: 'curves',
    title: 'Trials against the certified optimum',
    caption,
    svg: lineFigure({
      id: 'curves',
      label: caption,
      columns: 2,
      x: { label: 'iteration' },
      y: { label: 'training objective', scale: 'log' },
      panels: counts.map((count) => ({
        title: `K = ${count}`,
        series: all.filter(({ subNetworks }) => subNetworks === count).flatMap(curves),
        rules: [{ name: 'certified optimum', y: optimum.objective }],
      })),
    }),
  };
}

function curves({ optimiser, trials }: Trials): Series[] {
  return trials.slice(0, shownTrials).map(({ curve }) => ({
    name: names[optimiser],
    isFaint: true,
    points: curve.flatMap(([x, y]) => (y === null ? [] : [{ x, y }])),
  }));
}

/** Distance from the optimum against K: median, and the range of all trials. */
export function luckFigure(all: readonly Trials[], optimum: Certified): Figure {
  const caption =
    'How far trials end above the certified optimum, in percent of it, against the number of parallel sub-networks: the median as a line, all trials inside the band.';
  const series = (['sgd', 'adam'] as const).map((name): Series => ({
    name: names[name],
    marks: 'line',
    points: all
      .filter(({ optimiser }) => optimiser === name)
      .map(({ subNetworks, trials }) => {
        const above = trials.map(({ best }) => 100 * excess(best, optimum));
        return { x: subNetworks, ...spread(above) };
      }),
  }));
  return {
    name: 'luck',
    title: 'Luck fades with the number of sub-networks',
    caption,
    svg: lineFigure({
      id: 'luck',
      label: caption,
      x: { label: 'sub-networks K', scale: 'log' },
      y: { label: 'above the optimum (%)', scale: 'log' },
      panels: [{ series }],
    }),
  };
}
