import type { FittedOutput } from '../estimator/output.js';
import type { LossName } from '../loss/index.js';
import { pathNorm } from '../network/network.js';
import type {
  ClassificationPredictions,
  CvCurve,
  ModelSummary,
  OptionRow,
  OutputSummary,
  RegressionPredictions,
  ReportInput,
} from '../report/report-input.js';
import { VERSION } from '../version.js';
import type { BetaChoice } from './choose-beta.js';
import type { TrainedModel } from './fit-model.js';
import { decisionSurfaceOf } from './decision-surface.js';
import { importancesOf } from './importances.js';
import type { LoadedModel } from './predict-table.js';
import type { TrainOutcome } from './train-table.js';

/** What only the caller of a run knows. */
export interface RunFacts {
  readonly date: string;
  readonly commandLine: string;
  /** Further rows for the reproducibility block: checksums, what it ran on. */
  readonly facts?: readonly OptionRow[];
}

/** The outcome of a run as the report page reads it. */
export function reportOfOutcome(
  outcome: TrainOutcome,
  { date, commandLine, facts = [] }: RunFacts,
): ReportInput {
  const { prepared, model, table, options } = outcome;
  const { target, featureNames } = prepared.preprocessing;
  const loaded: LoadedModel = {
    model,
    classes: target.task === 'classification' ? target.classes : [],
    preprocessing: prepared.preprocessing,
  };
  const importances = importancesOf(loaded);
  return {
    title: `${table.name} → ${target.name}`,
    sourceName: table.name,
    targetName: target.name,
    task: target.task,
    version: VERSION,
    date,
    commandLine,
    table: {
      rows: table.rows,
      columns: table.columns.length,
      trainRows: prepared.split.train.length,
      testRows: prepared.split.test.length,
      notes: outcome.notes,
    },
    model: modelSummary(model, betaChoiceText(outcome.beta)),
    outputs: model.outputs.map(outputSummary),
    scores: outcome.scores,
    predictions: predictionRows(outcome),
    cvCurve: cvCurve(outcome),
    importances,
    surface: decisionSurfaceOf(loaded, importances, {
      part: prepared.test ?? prepared.train,
      predictions: outcome.predictions,
      from: prepared.test ? 'test' : 'train',
    }),
    options: [
      { name: 'seed', value: String(options.seed) },
      { name: 'patterns sampled', value: String(options.sample) },
      { name: 'inputs', value: `${featureNames.length} numbers and a bias` },
      ...selectionRows(outcome),
      ...decompositionRows(model),
      ...facts,
    ],
  };
}

/** The report of a model file alone: what it is and what is proven, without rows, scores and the way to it. */
export function reportOfModel(loaded: LoadedModel, sourceName: string): ReportInput {
  const { model, preprocessing, classes } = loaded;
  const importances = importancesOf(loaded);
  const targetName = preprocessing?.target.name ?? 'the target';
  return {
    title: `${sourceName} → ${targetName}`,
    sourceName,
    targetName,
    task: classes.length > 0 ? 'classification' : 'regression',
    date: 'date not recorded',
    version: VERSION,
    commandLine: '',
    table: null,
    model: modelSummary(model, 'chosen in training'),
    outputs: model.outputs.map(outputSummary),
    importances,
    surface: decisionSurfaceOf(loaded, importances, null),
    options: [
      { name: 'seed', value: String(model.options.seed) },
      { name: 'patterns sampled', value: String(model.options.sample) },
      { name: 'inputs', value: `${model.columns} numbers${model.options.bias ? ' and a bias' : ''}` },
      ...decompositionRows(model),
    ],
  };
}

/** What kind of network a model is. @param betaChoice clause that follows "β was" */
export function modelSummary(model: TrainedModel, betaChoice: string): ModelSummary {
  const { options, outputs, certificate } = model;
  return {
    depth: options.depth,
    widths: options.depth === 3 ? [options.width] : [],
    formulation: options.formulation,
    lossName: lossNameOf(model),
    beta: certificate.beta,
    betaMax: certificate.betaMax,
    betaChoice,
    subNetworks: outputs.reduce((sum, { network }) => sum + network.subNetworks.length, 0),
    groupsTotal: certificate.groups,
  };
}

function lossNameOf({ target, outputs }: TrainedModel): LossName {
  if (target !== null) return 'squared';
  return (outputs[0]?.network.outputs ?? 1) > 1 ? 'softmax' : 'logistic';
}

/** One output with its certificate. Group norms are the path norms of its sub-networks, padded with zeros. */
export function outputSummary({ label, certificate, network, history }: FittedOutput): OutputSummary {
  const norms = network.subNetworks.map(pathNorm);
  const zeros = Math.max(0, certificate.groups - norms.length);
  return { ...certificate, label, history, groupNorms: [...norms, ...new Array<number>(zeros).fill(0)] };
}

/** How β was chosen, as a clause that follows "β was". */
function betaChoiceText({ by, folds, betaRatio }: BetaChoice): string {
  switch (by) {
    case 'beta':
      return 'given by --beta';
    case 'beta-ratio':
      return `set to ${betaRatio ?? ''} of β_max by --beta-ratio`;
    case 'cross-validation':
      return `chosen by ${folds ?? ''}-fold cross-validation`;
    case 'default':
      return `set to the default share ${betaRatio ?? ''} of β_max, without cross-validation`;
    default:
      return by satisfies never;
  }
}

function predictionRows({
  prepared,
  predictions,
}: TrainOutcome): RegressionPredictions | ClassificationPredictions {
  const rowsFrom = prepared.test ? 'test' : 'train';
  const { actual } = prepared.test ?? prepared.train;
  const { target } = prepared.preprocessing;
  if (predictions.task === 'regression' || actual.task === 'regression') {
    const values = actual.task === 'regression' ? [...actual.values] : [];
    const predicted = predictions.task === 'regression' ? predictions.values : new Float64Array(0);
    return {
      kind: 'regression',
      rowsFrom,
      rows: values.map((value, i) => ({ actual: value, predicted: predicted[i] ?? NaN })),
    };
  }
  const classes = target.task === 'classification' ? target.classes : [];
  const nameOf = (label: number | undefined): string => classes[label ?? -1] ?? '';
  return {
    kind: 'classification',
    rowsFrom,
    classes,
    rows: [...actual.labels].map((label, i) => ({
      actual: nameOf(label),
      predicted: nameOf(predictions.labels[i]),
      probability: predictions.probabilities[i] ?? [],
    })),
  };
}

function cvCurve({ beta, model, prepared }: TrainOutcome): CvCurve | undefined {
  if (beta.curve === null || beta.betaRatio === null) return undefined;
  const { betaMax } = model.certificate;
  const loss =
    prepared.learning.loss === 'squared' ? 'half squared error per row (standardised)' : 'log loss per row';
  return {
    metricName: `held-out ${loss}${prepared.outputs.length > 1 ? ', outputs added up' : ''}`,
    better: 'lower',
    points: beta.curve.map(({ betaRatio, mean, standardError }) => ({
      beta: betaRatio * betaMax,
      mean,
      standardError,
    })),
    chosenBeta: beta.betaRatio * betaMax,
  };
}

/** What was asked for beyond the defaults. */
function selectionRows({ beta, options, model, nested }: TrainOutcome): OptionRow[] {
  const rows: (OptionRow | null)[] = [
    beta.rule === 'one-standard-error' ? { name: 'selection', value: 'one standard error' } : null,
    beta.largestGap === null
      ? null
      : {
          name: 'largest gap of the folds',
          value: `${beta.largestGap.toExponential(1)} (tolerance ${beta.tolerance ?? ''})`,
        },
    options.classWeight === undefined
      ? null
      : {
          name: 'class weights',
          value:
            typeof options.classWeight === 'string'
              ? options.classWeight
              : JSON.stringify(options.classWeight),
        },
    options.weights === undefined ? null : { name: 'sample weights', value: options.weights },
    model.calibration && {
      name: 'calibration',
      value: `${model.calibration.method}, out-of-fold scores of ${model.calibration.folds} folds`,
    },
    nested && {
      name: `nested cross-validation, ${nested.folds} outer folds`,
      value: nested.metrics
        .map(
          ({ name }, k) =>
            `${name} ${nested.mean[k]?.toPrecision(4) ?? ''} ± ${nested.standardDeviation[k]?.toPrecision(2) ?? ''}`,
        )
        .join(', '),
    },
  ];
  return rows.filter((row) => row !== null);
}

function decompositionRows({ outputs }: TrainedModel): OptionRow[] {
  return outputs.flatMap(({ label, decomposition }) =>
    decomposition === null
      ? []
      : [
          {
            name: `cone decomposition of ${label}`,
            value: `objective ${decomposition.gatedObjective} → ${decomposition.networkObjective}`,
          },
        ],
  );
}
