import { DEFAULT_MULTI_CLASS } from '../estimator/options.js';
import { classTargets, rowWeights } from '../estimator/class-targets.js';
import { foldRows, type FoldData, type LearningRows } from '../estimator/fold-data.js';
import { applyPreprocessing } from '../table/apply-preprocessing.js';
import { encodeTarget } from '../table/encode-target.js';
import { fitPreprocessing } from '../table/fit-preprocessing.js';
import type { PreparedTable } from './prepare-table.js';
import { type TrainOptions } from './train-options.js';

/**
 * The folds of the training rows, each made from the raw cells: medians, levels, scales, class weights and the scale of the target
 * are fitted on the rows within the fold, so that nothing of the rows held out there is known. Losses of a regression come back to
 * the scale of all training rows by `unit`.
 *
 * @param foldOf fold of each training row
 * @throws RelucentError where nothing varies on the rows within a fold
 */
export function tableFolds(
  prepared: PreparedTable,
  foldOf: Int32Array,
  folds: number,
  options: Pick<TrainOptions, 'classWeight' | 'multiClass'>,
): FoldData[] {
  const { source, split, labels, preprocessing } = prepared;
  const { table, schema, sampleWeights } = source;
  const { target } = preprocessing;
  const classes = target.task === 'classification' ? target.classes : [];
  return foldRows(foldOf, folds).map(({ inside, outside }) => {
    const rowsOf = (at: Int32Array): Int32Array => at.map((i) => split.train[i] ?? 0);
    const fitted = fitPreprocessing(table, schema, rowsOf(inside));
    const own = (at: Int32Array): Float64Array | null =>
      sampleWeights && Float64Array.from(rowsOf(at), (row) => sampleWeights[row] ?? NaN);
    const learn = (at: Int32Array): LearningRows => {
      const rows = rowsOf(at);
      const { X, n, d } = applyPreprocessing(table, fitted, rows);
      if (labels) {
        const these = at.map((i) => labels[i] ?? 0);
        return {
          rows: { X, n, d },
          targets: classTargets(these, classes.length, options.multiClass ?? DEFAULT_MULTI_CLASS),
          weights: rowWeights(own(at), these, classes, options.classWeight),
        };
      }
      const encoded = encodeTarget(table, fitted, rows);
      const y = encoded.task === 'regression' ? encoded.y : new Float64Array(0);
      return { rows: { X, n, d }, targets: [y], weights: own(at) };
    };
    const unit =
      target.task === 'regression' && fitted.target.task === 'regression'
        ? (fitted.target.scale / target.scale) ** 2
        : 1;
    return { inside: learn(inside), outside: learn(outside), unit };
  });
}
