import { featureNamesOf, type Preprocessing } from '../table/preprocessing.js';
import type { TrainedModel } from './fit-model.js';

/** A column of the table and its share in the path norm, from 0 to 1. */
export interface ColumnShare {
  readonly name: string;
  readonly share: number;
}

/** Shares of the columns of a table, largest first; the indicators of a categorical column are added up. */
export function importancesOf(
  model: Pick<TrainedModel, 'featureImportances'>,
  { columns }: Preprocessing,
): ColumnShare[] {
  const shares = model.featureImportances;
  let at = 0;
  return columns
    .map((column) => {
      const from = at;
      at += featureNamesOf(column).length;
      return { name: column.name, share: shares.subarray(from, at).reduce((sum, share) => sum + share, 0) };
    })
    .sort((a, b) => b.share - a.share);
}
