import { pathNorm } from '../network/network.js';
import type { Importance } from '../report/report-input.js';
import { featureNamesOf } from '../table/preprocessing.js';
import type { LoadedModel } from './predict-table.js';

/**
 * Share of the path norm that goes through each input column of a model, largest first:
 *
 *     share_t = Σ_k φ_k · ‖W_k[:, t]‖² / Σ_s ‖W_k[:, s]‖²,   normalised to add up to 1,
 *
 * W_k the first-layer weights of sub-network k without those on the bias; the indicators of a category are added up. The
 * outputs of a model with several are added up as well. Empty for a network that is zero or reads the bias alone.
 */
export function importancesOf({ model, preprocessing }: LoadedModel): readonly Importance[] {
  const shares = new Float64Array(model.columns);
  for (const subNetwork of model.outputs.flatMap(({ network }) => network.subNetworks)) {
    const own = squaredWeights(subNetwork.first, model.columns);
    const total = own.reduce((sum, value) => sum + value, 0);
    if (!(total > 0)) continue;
    const phi = pathNorm(subNetwork);
    own.forEach((value, t) => {
      shares[t] = (shares[t] ?? 0) + (phi * value) / total;
    });
  }
  const all = shares.reduce((sum, share) => sum + share, 0);
  if (!(all > 0)) return [];
  let at = 0;
  const columns: readonly { readonly name: string; readonly width: number }[] = preprocessing
    ? preprocessing.columns.map((column) => ({ name: column.name, width: featureNamesOf(column).length }))
    : Array.from(shares, (_, t) => ({ name: `input ${t + 1}`, width: 1 }));
  return columns
    .map(({ name, width }) => {
      const share = shares.subarray(at, at + width).reduce((sum, value) => sum + value, 0) / all;
      at += width;
      return { name, share };
    })
    .sort((a, b) => b.share - a.share);
}

/** Σ_j w_jt² for each input t but the bias, over the largest of them, so that no square overflows. */
function squaredWeights(first: readonly Float64Array[], columns: number): Float64Array {
  const largest = first.reduce(
    (most, weights) => weights.subarray(0, columns).reduce((max, w) => Math.max(max, Math.abs(w)), most),
    0,
  );
  const out = new Float64Array(columns);
  if (largest === 0) return out;
  for (const weights of first) {
    for (let t = 0; t < columns; t++) out[t] = (out[t] ?? 0) + ((weights[t] ?? 0) / largest) ** 2;
  }
  return out;
}
