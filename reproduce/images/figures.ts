import type { Figure } from '../experiment.js';
import { lineFigure } from '../figure/line-figure.js';
import type { ImageResult } from './experiment.js';

/** Test accuracy of every method against the time of its last training. */
export function timeFigure(results: readonly ImageResult[]): Figure {
  const seconds = results.flatMap(({ methods }) => methods.map((one) => one.seconds));
  const caption =
    'Test accuracy in percent against the seconds of one training at the chosen β and learning rate, a dot for each method, a panel for each set of images.';
  return {
    name: 'accuracy-time',
    title: 'Test accuracy and time',
    caption,
    svg: lineFigure({
      id: 'accuracy-time',
      label: caption,
      columns: 2,
      width: 430,
      ownY: true,
      x: {
        label: 'time of one training (s)',
        scale: 'log',
        // Room for the dots at either end.
        domain: [Math.min(...seconds) / 1.3, Math.max(...seconds) * 1.3],
      },
      y: { label: 'test accuracy (%)' },
      panels: results.map(({ set, methods }) => ({
        title: set,
        series: methods.map((one) => ({
          name: one.method,
          marks: 'only' as const,
          points: [{ x: one.seconds, y: 100 * one.test.accuracy }],
        })),
      })),
    }),
  };
}

/** Relative duality gap against time for the class that took the most iterations. */
export function gapFigure(results: readonly ImageResult[], tolerance: number): Figure {
  const caption =
    'How the certificate closes: the relative duality gap against seconds, for the class that took the most iterations, two and three layers; the dashed line is the gap asked for.';
  return {
    name: 'gap',
    title: 'The duality gap closes',
    caption,
    svg: lineFigure({
      id: 'gap',
      label: caption,
      columns: 2,
      width: 430,
      x: { label: 'time (s)' },
      y: { label: 'relative duality gap', scale: 'log' },
      panels: results.map(({ set, methods }) => ({
        title: set,
        series: methods
          .filter(({ history }) => history.length > 0)
          .map(({ method, history }) => ({
            name: method,
            marks: 'line' as const,
            points: history.map(([seconds, gap]) => ({ x: seconds, y: gap })),
          })),
        rules: [{ name: `gap ${tolerance}`, y: tolerance }],
      })),
    }),
  };
}
