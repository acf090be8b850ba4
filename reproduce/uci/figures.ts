import type { Figure } from '../experiment.js';
import { categoryFigure, type CategoryValue } from '../figure/category-figure.js';
import { lineFigure } from '../figure/line-figure.js';
import { mean } from '../statistics.js';
import { bySet, methodsOf, spreadOf, testAccuracies, type SplitResult } from './results.js';

/** Test accuracy of every method on every set: mean and standard deviation over splits. */
export function accuracyFigure(results: readonly SplitResult[]): Figure {
  const caption =
    'Test accuracy in percent on each data set: the mean over the splits as a dot, one standard deviation to either side as a whisker, a colour for each method.';
  const values = bySet(results).flatMap(([set, splits]) =>
    methodsOf(results).map((method): CategoryValue => {
      const accuracies = testAccuracies(splits, method).map((accuracy) => 100 * accuracy);
      const value = mean(accuracies);
      const spread = spreadOf(accuracies);
      return {
        category: set,
        series: method,
        value,
        low: value - spread,
        high: Math.min(100, value + spread),
      };
    }),
  );
  return {
    name: 'accuracy',
    title: 'Test accuracy',
    caption,
    svg: categoryFigure({ id: 'accuracy', label: caption, x: 'test accuracy (%)', values }),
  };
}

/** Validation loss against β, mean over splits, for each method at its best rate. */
export function chosenFigure(results: readonly SplitResult[], ratios: readonly number[]): Figure {
  const caption =
    'How each method was tuned: logistic loss a row on the validation part against β, at the best learning rate for each β, mean over the splits, one panel for each data set.';
  return {
    name: 'validation',
    title: 'Validation loss against β',
    caption,
    svg: lineFigure({
      id: 'validation',
      label: caption,
      columns: 2,
      ownY: true,
      x: {
        label: 'β / β_max of two layers',
        scale: 'log',
        domain: [Math.min(...ratios) / 1.15, Math.max(...ratios) * 1.15],
      },
      y: { label: 'validation loss (nats a row)' },
      panels: bySet(results).map(([set, splits]) => ({
        title: set,
        series: methodsOf(results).map((method) => ({
          name: method,
          marks: 'line' as const,
          points: ratios.map((ratio) => ({
            x: ratio,
            y: mean(
              splits.map(({ methods }) => {
                const own = methods.find((one) => one.method === method)?.candidates ?? [];
                const losses = own
                  .filter(({ betaRatio }) => betaRatio === ratio)
                  .map(({ validation }) => validation.loss);
                return Math.min(...losses);
              }),
            ),
          })),
        })),
      })),
    }),
  };
}
