import type { OutputCertificate } from '../estimator/output.js';
import { norm2 } from '../linalg/vector.js';
import type { GroupTrack, PathReportInput } from '../report/path-report-input.js';
import type { OptionRow, ScoreSummary } from '../report/report-input.js';
import { countNoun } from '../report/number-text.js';
import type { TableSummary } from '../table/describe.js';
import { VERSION } from '../version.js';
import type { CurvePoint, Picks } from './path-scores.js';
import { METRICS } from './scores.js';
import type { PathOptions, PathOutcome } from './train-path.js';

/** What `path.json` holds and `relucent path --json` prints. Values go from the largest β down. */
export interface PathResult {
  readonly format: 'relucent-path';
  readonly version: 1;
  readonly relucent: string;
  readonly runtime: string;
  /** ISO 8601, UTC. */
  readonly date: string;
  readonly table: TableSummary;
  readonly target: { readonly name: string; readonly task: 'regression' | 'classification' };
  readonly classes: readonly string[];
  readonly options: PathOptions;
  readonly split: { readonly train: number; readonly heldOut: number };
  /** Worst status of any value: `optimal` where all are. */
  readonly status: OutputCertificate['status'];
  readonly metrics: ScoreSummary['metrics'];
  /** What `loss` measures; lower is better. */
  readonly lossName: string;
  readonly folds: number | null;
  /** Largest relative gap of any solve of the folds; null without cross-validation. */
  readonly largestFoldGap: number | null;
  readonly outputs: readonly {
    readonly label: string;
    readonly betaMax: number;
    readonly groups: number;
    readonly tracks: readonly GroupTrack[];
  }[];
  readonly values: readonly {
    readonly share: number;
    /** β, objective, bound and gap of each output. */
    readonly certificates: readonly OutputCertificate[];
    readonly subNetworks: number;
    readonly train: readonly number[];
    readonly heldOut: readonly number[] | null;
    readonly loss: CurvePoint | null;
  }[];
  /** Places among the values. */
  readonly picks: Picks | null;
  readonly notes: readonly string[];
}

/** The outcome of a path as plain data. */
export function pathResult(
  outcome: PathOutcome,
  run: { readonly date: string; readonly runtime: string },
): PathResult {
  const { prepared, models, ratios, scores, curve, state } = outcome;
  const { target } = prepared.preprocessing;
  const certificates = models.map((model) => model.outputs.map(({ certificate }) => certificate));
  const foldGaps = state.folds.flatMap(({ relativeGaps }) => relativeGaps);
  return {
    format: 'relucent-path',
    version: 1,
    relucent: VERSION,
    ...run,
    table: outcome.table,
    target: { name: target.name, task: target.task },
    classes: target.task === 'classification' ? target.classes : [],
    options: outcome.options,
    split: { train: prepared.split.train.length, heldOut: prepared.split.test.length },
    status: certificates.flat().find(({ status }) => status !== 'optimal')?.status ?? 'optimal',
    metrics: METRICS[target.task],
    lossName: outcome.curveName,
    folds: outcome.folds,
    largestFoldGap: foldGaps.length > 0 ? Math.max(...foldGaps) : null,
    outputs: state.outputs.map(({ label, values }, k) => ({
      label,
      betaMax: values[0]?.certificate.betaMax ?? NaN,
      groups: values[0]?.certificate.groups ?? 0,
      tracks: tracksOf(outcome, k),
    })),
    values: ratios.map((share, at) => ({
      share,
      certificates: certificates[at] ?? [],
      subNetworks: (certificates[at] ?? []).reduce((sum, { activeGroups }) => sum + activeGroups, 0),
      train: scores[at]?.train ?? [],
      heldOut: scores[at]?.heldOut ?? null,
      loss: curve?.[at] ?? null,
    })),
    picks: outcome.picks,
    notes: [...prepared.preprocessing.notes, ...prepared.notes, ...pickNotes(outcome)],
  };
}

/** The groups that are non-zero anywhere, in the order in which they enter. */
function tracksOf({ state, options, ratios }: PathOutcome, output: number): GroupTrack[] {
  const tracks = new Map<number, number[]>();
  state.outputs[output]?.values.forEach(({ point }, at) => {
    for (const { group, z } of point.coefficients) {
      const norms = tracks.get(group) ?? new Array<number>(ratios.length).fill(0);
      norms[at] = norm2(z);
      tracks.set(group, norms);
    }
  });
  return [...tracks].map(([group, norms]) => ({
    group,
    sign: options.formulation === 'gated' ? null : group % 2 === 1 ? -1 : 1,
    norms,
  }));
}

function pickNotes({ picks, ratios, curve }: PathOutcome): string[] {
  if (picks === null || curve === null) return [];
  if (picks.best === ratios.length - 1) {
    return ['The best β is the smallest of the path: a smaller one may do better, lower --ratio.'];
  }
  return picks.best === 0 ? ['The best network is zero: the columns say little about the target.'] : [];
}

/** The path as CSV, one line for each value and output; loss and scores are those of the value, repeated for its outputs. */
export function pathCsv({ values, outputs, metrics, picks }: PathResult): string {
  const names = metrics.map(({ name }) => name.replace('²', '2').replaceAll(' ', '_').toLowerCase());
  const header = [
    ...[
      'share',
      'output',
      'beta',
      'objective',
      'dual_bound',
      'gap',
      'relative_gap',
      'status',
      'sub_networks',
    ],
    ...['iterations', 'seconds', 'loss', 'loss_standard_error'],
    ...names.map((name) => `train_${name}`),
    ...names.map((name) => `held_out_${name}`),
    'pick',
  ];
  const lines = values.flatMap(({ share, certificates, train, heldOut, loss }, at) => {
    const pick = [
      ...(picks?.best === at ? ['best'] : []),
      ...(picks?.oneStandardError === at ? ['1se'] : []),
    ].join(' ');
    return certificates.map((c, k) =>
      [
        share,
        cell(outputs[k]?.label ?? ''),
        ...[c.beta, c.objective, c.dualBound, c.gap, c.relativeGap, c.status, c.activeGroups],
        ...[c.iterations, c.seconds, loss?.mean ?? '', loss?.standardError ?? ''],
        ...train,
        ...metrics.map((_, m) => heldOut?.[m] ?? ''),
        pick,
      ].join(','),
    );
  });
  return `${[header.join(','), ...lines].join('\n')}\n`;
}

/** As RFC 4180 wants it: quoted only where it must be. */
function cell(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The outcome as the page reads it. */
export function reportOfPath(
  outcome: PathOutcome,
  result: PathResult,
  run: { readonly date: string; readonly commandLine: string; readonly facts: readonly OptionRow[] },
): PathReportInput {
  const { options, table, prepared, folds } = outcome;
  const { target, split, outputs, values } = result;
  const isOne = outputs.length === 1;
  return {
    title: `${table.name} → ${target.name}`,
    byline: `regularisation path, ${target.task} of ${target.name} from ${table.name} · ${run.date} · relucent ${VERSION}`,
    version: VERSION,
    commandLine: run.commandLine,
    targetName: target.name,
    axis: isOne ? 'beta' : 'share',
    tolerance: options.tolerance,
    scoredOn:
      folds !== null
        ? `by ${folds}-fold cross-validation`
        : split.heldOut > 0
          ? `on ${countNoun(split.heldOut, 'held-out row')}`
          : 'on its training rows only',
    metric: result.metrics[0] ?? { name: 'score', better: 'higher' },
    curveName: result.lossName,
    outputs,
    values: values.map(({ share, certificates, subNetworks, train, heldOut, loss }, at) => ({
      x: isOne ? (certificates[0]?.beta ?? NaN) : share,
      share,
      active: subNetworks,
      pathNorm: outputs.reduce(
        (sum, { tracks }) => sum + tracks.reduce((own, { norms }) => own + (norms[at] ?? 0), 0),
        0,
      ),
      relativeGap: Math.max(...certificates.map(({ relativeGap }) => relativeGap)),
      status: certificates.find(({ status }) => status !== 'optimal')?.status ?? 'optimal',
      train: train[0] ?? NaN,
      heldOut: heldOut?.[0] ?? null,
      loss,
    })),
    picks: result.picks,
    notes: result.notes,
    facts: [
      { name: 'relucent', value: VERSION },
      { name: 'date', value: run.date },
      { name: 'source', value: `${table.name}: ${countNoun(table.rows, 'row')}` },
      {
        name: 'rows used',
        value: `${countNoun(split.train, 'training row')}, ${countNoun(split.heldOut, 'held-out row')}`,
      },
      {
        name: 'depth',
        value: `${options.depth} layers${options.depth === 3 ? `, width ${options.width ?? 4}` : ''}`,
      },
      { name: 'formulation', value: options.formulation },
      { name: 'loss', value: prepared.learning.loss },
      {
        name: 'β',
        value: `${countNoun(options.count, 'value')} from β max to ${options.smallestRatio} of it`,
      },
      { name: 'tolerance on the relative gap', value: String(options.tolerance) },
      ...(result.largestFoldGap === null
        ? []
        : [{ name: 'largest relative gap of a fold', value: String(result.largestFoldGap) }]),
      { name: 'seed', value: String(options.seed) },
      { name: 'patterns sampled', value: String(options.sample) },
      ...run.facts,
    ],
  };
}
