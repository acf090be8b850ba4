import type { OptionRow } from './report-input.js';

/** Everything the page of a regularisation path shows, as plain data; values go from the largest β down. */
export interface PathReportInput {
  readonly title: string;
  readonly byline: string;
  readonly version: string;
  readonly commandLine: string;
  readonly targetName: string;
  /** β where there is one output, else its share of each output's β_max. */
  readonly axis: 'beta' | 'share';
  readonly tolerance: number;
  /** How the values were scored, as a clause: `on 98 held-out rows`. */
  readonly scoredOn: string;
  readonly metric: { readonly name: string; readonly better: 'higher' | 'lower' };
  readonly curveName: string;
  readonly outputs: readonly PathOutputSummary[];
  readonly values: readonly PathValueSummary[];
  /** Places among the values; null where nothing was held out. */
  readonly picks: { readonly best: number; readonly oneStandardError: number } | null;
  /** What was done to the data, and what to take care of, one sentence each. */
  readonly notes: readonly string[];
  readonly facts: readonly OptionRow[];
}

export interface PathOutputSummary {
  readonly label: string;
  /** Groups of the program. */
  readonly groups: number;
  /** The groups that are non-zero anywhere on the path. */
  readonly tracks: readonly GroupTrack[];
}

/** One sub-network along the path: φ = ‖z_g‖ at every value, 0 where it is not in the network. */
export interface GroupTrack {
  readonly group: number;
  /** Whether it adds to the output or takes from it; gated sub-networks do both: null. */
  readonly sign: 1 | -1 | null;
  readonly norms: readonly number[];
}

export interface PathValueSummary {
  /** β or its share, see `axis`; above 0. */
  readonly x: number;
  /** Share of β_max. */
  readonly share: number;
  /** Sub-networks, over all outputs. */
  readonly active: number;
  /** Σ φ over all outputs. */
  readonly pathNorm: number;
  /** The largest relative gap of an output. */
  readonly relativeGap: number;
  readonly status: string;
  /** The first metric on the training and on the held-out rows; null without the latter. */
  readonly train: number;
  readonly heldOut: number | null;
  /** What the picks go by, lower is better. */
  readonly loss: { readonly mean: number; readonly standardError: number } | null;
}
