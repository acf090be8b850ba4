import * as Plot from '@observablehq/plot';
import { chartColor } from '../../src/report/chart-theme.js';
import { countText, numberText } from '../../src/report/number-text.js';
import type { RaceTry } from '../race-tries.js';
import { draw } from './draw.js';

/** Places of the axis, as shares above the optimum. */
const ticks = [0, 0.01, 0.1, 0.5, 1, 2, 5, 10, 20];
/** A diverging start must not press everything else flat. */
const highest = 20;

/** How far every try is above the certified optimum, against the step; the line at the bottom is what none can cross. */
export function raceChart(tries: readonly RaceTry[], optimum: number, steps: number, width: number): Element {
  const laps = tries.flatMap(({ laps: own }, attempt) =>
    own.flatMap(({ iteration, objective }) =>
      objective === null ? [] : [{ iteration, above: Math.max(0, objective / optimum - 1), attempt }],
    ),
  );
  const last = tries.length - 1;
  const top = Math.min(highest, Math.max(1.2, ...laps.map(({ above }) => above)));
  return draw({
    width,
    height: 260,
    marginLeft: 56,
    marginRight: 14,
    marginTop: 28,
    marginBottom: 40,
    x: {
      domain: [0, steps],
      label: 'step of gradient descent',
      labelArrow: 'none',
      labelAnchor: 'center',
      ticks: 5,
      tickFormat: countText,
    },
    y: {
      // The cube root: one per cent is seen beside two hundred.
      type: 'pow',
      exponent: 1 / 3,
      domain: [0, top],
      label: 'objective above the optimum',
      labelArrow: 'none',
      ticks: ticks.filter((share) => share <= top),
      tickFormat: (share: number) => (share === 0 ? '0' : `+${numberText(100 * share, 2)}\u202f%`),
      grid: true,
    },
    marks: [
      Plot.line(
        laps.filter(({ attempt }) => attempt < last),
        {
          x: 'iteration',
          y: 'above',
          z: 'attempt',
          stroke: chartColor.muted,
          strokeOpacity: 0.5,
          clip: true,
        },
      ),
      Plot.line(
        laps.filter(({ attempt }) => attempt === last),
        { x: 'iteration', y: 'above', stroke: chartColor.dual, strokeWidth: 2.25, clip: true },
      ),
      Plot.ruleY([0], { stroke: chartColor.primal, strokeWidth: 2.5 }),
      Plot.text([`certified optimum ${numberText(optimum, 5)}`], {
        text: String,
        frameAnchor: 'bottom-right',
        dx: -4,
        dy: -6,
        fill: chartColor.primal,
        fontWeight: 600,
        stroke: chartColor.surface,
        strokeWidth: 4,
      }),
    ],
  });
}
