import type { OutputCertificate, Decomposition } from '../estimator/output.js';
import type { ScoreSummary } from '../report/report-input.js';
import type { Iteration } from '../solver/solve-program.js';
import type { TableSummary } from '../table/describe.js';
import { VERSION } from '../version.js';
import type { BetaChoice } from './choose-beta.js';
import type { Importance } from '../report/report-input.js';

import type { NestedEstimate } from './nested.js';
import type { StageSeconds, TrainOutcome } from './train-table.js';
import type { TrainOptions } from './train-options.js';

/**
 * What `result.json` holds and `relucent train --json` prints: everything that is shown, and more.
 *
 * The certificate's fields stand at the top level as in interface.md, added up over the outputs. Objectives are sums
 * over the training rows, on standardised columns and, in regression, a standardised target. A number that does not
 * exist (a score of no rows, a bound never found) is null.
 */
export interface TrainResult extends OutputCertificate {
  readonly format: 'relucent-result';
  readonly version: 1;
  /** Version of relucent, and of what it ran on. */
  readonly relucent: string;
  readonly runtime: string;
  /** ISO 8601, UTC. */
  readonly date: string;
  /** The table as understood: name, rows, task, and kind, missing, distinct, range, example of each column. */
  readonly table: TableSummary;
  readonly target: { readonly name: string; readonly task: 'regression' | 'classification' };
  /** Class names in the order of the probabilities; empty in regression. */
  readonly classes: readonly string[];
  /** Names of the numbers that the network reads, without the bias. */
  readonly features: readonly string[];
  readonly split: { readonly train: number; readonly test: number };
  readonly options: TrainOptions;
  /** How β was chosen, with the curve of the cross-validation. */
  readonly betaChoice: BetaChoice;
  /** Share of each column in the path norm of the network, largest first, sum 1; see src/network/input-shares.ts. */
  readonly importances: readonly Importance[];
  /** How probabilities were calibrated; null where they were not. */
  readonly calibration: {
    readonly method: string;
    readonly folds: number;
    readonly largestGap: number;
  } | null;
  /** Nested cross-validation, null unless asked for. */
  readonly nested: NestedEstimate | null;
  readonly subNetworks: number;
  readonly outputs: readonly {
    readonly label: string;
    readonly certificate: OutputCertificate;
    readonly decomposition: Decomposition | null;
    readonly subNetworks: number;
    readonly history: readonly Iteration[];
  }[];
  /** Network, linear model, constant predictor; one score per metric. */
  readonly scores: ScoreSummary;
  /** The linear yardstick's own β and certificate. */
  readonly linear: {
    readonly name: string;
    readonly betaChoice: BetaChoice;
    readonly certificate: OutputCertificate;
  };
  readonly stageSeconds: StageSeconds;
  readonly notes: readonly string[];
  readonly warning: string | null;
}

/** The outcome of a run as plain data. */
export function resultOfOutcome(
  outcome: TrainOutcome,
  run: { readonly date: string; readonly runtime: string },
): TrainResult {
  const { prepared, model, linear, beta } = outcome;
  const { target, featureNames } = prepared.preprocessing;
  return {
    format: 'relucent-result',
    version: 1,
    relucent: VERSION,
    ...run,
    ...model.certificate,
    table: outcome.table,
    target: { name: target.name, task: target.task },
    classes: target.task === 'classification' ? target.classes : [],
    features: featureNames,
    split: { train: prepared.split.train.length, test: prepared.split.test.length },
    options: outcome.options,
    betaChoice: beta,
    importances: outcome.importances,
    calibration: calibrationOf(outcome),
    nested: outcome.nested,
    subNetworks: subNetworksOf(outcome),
    outputs: model.outputs.map(({ label, certificate, decomposition, network, history }) => ({
      label,
      certificate,
      decomposition,
      subNetworks: network.subNetworks.length,
      history,
    })),
    scores: outcome.scores,
    linear: { name: linear.name, betaChoice: linear.choice, certificate: linear.model.certificate },
    stageSeconds: outcome.seconds,
    notes: outcome.notes,
    warning: outcome.warning,
  };
}

/** Sub-networks of the trained network, over all outputs. */
function subNetworksOf({ model }: Pick<TrainOutcome, 'model'>): number {
  return model.outputs.reduce((sum, { network }) => sum + network.subNetworks.length, 0);
}

function calibrationOf({ model }: Pick<TrainOutcome, 'model'>): TrainResult['calibration'] {
  if (model.calibration === null) return null;
  const { method, folds, largestGap } = model.calibration;
  return { method, folds, largestGap };
}
