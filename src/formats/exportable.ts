import { relativeGapOf } from '../certificate/relative-gap.js';
import { RelucentError } from '../error.js';
import type { ModelJson } from '../estimator/model-json.js';

/** Fields of a model that the formats here can carry. A newer one may change what is predicted: see {@link refuseUnknown}. */
const modelFields: ReadonlySet<string> = new Set([
  'format',
  'version',
  'relucent',
  'kind',
  'classes',
  'options',
  'scaling',
  'columns',
  'target',
  'outputs',
  'preprocessing',
  'weighted',
  'calibration',
  'checksum',
]);
const outputFields: ReadonlySet<string> = new Set(['label', 'network', 'certificate', 'decomposition']);

/**
 * How the K raw outputs f of a row become its prediction.
 * `number`: mean + scale · f₁. `log-odds`: probability 1/(1 + exp(−f₁)) of the second class, which is predicted where
 * f₁ > 0. `one-against-rest`: the sigmoids of f divided by their sum (1/K each where all of them vanish); the class of the
 * largest f is predicted, the first on a tie. `softmax`: exp f_k / Σ_j exp f_j, and the same class.
 *
 * With a calibration the log-odds of each class (f itself, or f_k − log Σ_{j≠k} exp f_j for softmax) go through its map instead
 * of the sigmoid, their results divided by their sum, and the most probable class is predicted, on a tie that of the largest f.
 */
export type OutputMapping =
  | { readonly kind: 'number'; readonly mean: number; readonly scale: number }
  | {
      readonly kind: 'log-odds' | 'one-against-rest' | 'softmax';
      readonly classes: readonly (string | number)[];
      /** One map for each class, or one for the second of two. */
      readonly maps: NonNullable<ModelJson['calibration']>['maps'] | null;
    };

/**
 * The output mapping of a model: the one place of the formats that knows how outputs become predictions.
 * @throws RelucentError `unsupported` for a model with a part that the formats do not know, rather than to leave it out
 */
export function outputMapping(model: ModelJson): OutputMapping {
  refuseUnknown(model, modelFields, '');
  const { kind, classes, target, outputs, options, calibration } = model;
  const isTogether = kind === 'classifier' && classes.length > 2 && options.multiClass === 'softmax';
  outputs.forEach((output, k) => {
    refuseUnknown(output, outputFields, `outputs.${k}.`);
    const expected = isTogether ? classes.length : 1;
    if (output.network.outputs !== expected) {
      throw unsupported(
        `outputs.${k}.network.outputs`,
        `expected ${expected}, got ${output.network.outputs}`,
      );
    }
  });
  if (kind === 'regressor') {
    return { kind: 'number', mean: target?.mean ?? 0, scale: target?.scale ?? 1 };
  }
  const expected = classes.length === 2 || isTogether ? 1 : classes.length;
  if (outputs.length !== expected) {
    throw unsupported('outputs', `expected ${expected} for ${classes.length} classes, got ${outputs.length}`);
  }
  const maps = calibration?.maps ?? null;
  if (isTogether) return { kind: 'softmax', classes, maps };
  return { kind: expected === 1 ? 'log-odds' : 'one-against-rest', classes, maps };
}

type Network = ModelJson['outputs'][number]['network'];

/** One network for each raw output: those of the model, a network with several outputs taken apart. */
export function outputNetworks({ outputs }: ModelJson): Network[] {
  return outputs.flatMap(({ network }) =>
    Array.from({ length: network.outputs }, (_, k) => ({
      ...network,
      outputs: 1,
      subNetworks: network.subNetworks.filter(({ channel }) => channel === k),
    })),
  );
}

/** What is proven about a model, in one object: objectives and bounds of the outputs added up. */
export interface CertificateSummary {
  readonly objective: number;
  readonly dualBound: number;
  readonly relativeGap: number;
  readonly tolerance: number;
  readonly scope: string;
  readonly status: string;
}

export function certificateSummary({ outputs }: ModelJson): CertificateSummary {
  const all = outputs.map(({ certificate }) => certificate);
  const objective = all.reduce((sum, c) => sum + c.objective, 0);
  const dualBound = all.reduce((sum, c) => sum + c.dualBound, 0);
  return {
    objective,
    dualBound,
    relativeGap: relativeGapOf(objective, dualBound),
    tolerance: Math.max(...all.map((c) => c.tolerance)),
    scope: all.every((c) => c.scope === 'all-arrangements') ? 'all-arrangements' : 'given-arrangements',
    status: all.find((c) => c.status !== 'optimal')?.status ?? 'optimal',
  };
}

function refuseUnknown(part: object, known: ReadonlySet<string>, where: string): void {
  for (const [name, value] of Object.entries(part) as [string, unknown][]) {
    if (!known.has(name) && value !== null && value !== undefined) {
      throw unsupported(`${where}${name}`, `expected a model without it, got ${typeof value}`);
    }
  }
}

function unsupported(where: string, message: string): RelucentError {
  return new RelucentError('unsupported', where, `${message}; this format cannot hold it, use model.json`);
}
