import type { FittedModel } from '../estimator/fitted-model.js';
import type { Importance } from '../report/report-input.js';
import { featureNamesOf, type Preprocessing } from '../table/preprocessing.js';

/**
 * Shares of the columns in the path norm of a model, largest first (`inputShares`); the indicators of a categorical column are
 * added up. Empty for a network that is zero or reads the bias alone.
 */
export function importancesOf({
  model,
  preprocessing,
}: {
  readonly model: Pick<FittedModel, 'featureImportances'>;
  readonly preprocessing: Preprocessing | null;
}): Importance[] {
  const shares = model.featureImportances;
  if (!(shares.reduce((sum, share) => sum + share, 0) > 0)) return [];
  let at = 0;
  const columns: readonly { readonly name: string; readonly width: number }[] = preprocessing
    ? preprocessing.columns.map((column) => ({ name: column.name, width: featureNamesOf(column).length }))
    : Array.from(shares, (_, t) => ({ name: `input ${t + 1}`, width: 1 }));
  return columns
    .map(({ name, width }) => {
      const from = at;
      at += width;
      return { name, share: shares.subarray(from, at).reduce((sum, share) => sum + share, 0) };
    })
    .sort((a, b) => b.share - a.share);
}
