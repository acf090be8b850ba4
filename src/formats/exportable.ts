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
  'checksum',
]);
const outputFields: ReadonlySet<string> = new Set(['label', 'network', 'certificate', 'decomposition']);

/**
 * How the K raw outputs f of a row become its prediction.
 * `number`: mean + scale · f₁. `log-odds`: probability 1/(1 + exp(−f₁)) of the second class, which is predicted where
 * f₁ > 0. `one-against-rest`: the sigmoids of f divided by their sum (1/K each where all of them vanish); the class of the
 * largest f is predicted, the first on a tie.
 */
export type OutputMapping =
  | { readonly kind: 'number'; readonly mean: number; readonly scale: number }
  | { readonly kind: 'log-odds' | 'one-against-rest'; readonly classes: readonly (string | number)[] };

/**
 * The output mapping of a model: the one place of the formats that knows how outputs become predictions.
 * @throws RelucentError `unsupported` for a model with a part that the formats do not know, rather than to leave it out
 */
export function outputMapping(model: ModelJson): OutputMapping {
  refuseUnknown(model, modelFields, '');
  model.outputs.forEach((output, k) => {
    refuseUnknown(output, outputFields, `outputs.${k}.`);
    if (output.network.outputs !== 1) {
      throw unsupported(`outputs.${k}.network.outputs`, `expected 1, got ${output.network.outputs}`);
    }
  });
  const { kind, classes, target, outputs } = model;
  if (kind === 'regressor') {
    return { kind: 'number', mean: target?.mean ?? 0, scale: target?.scale ?? 1 };
  }
  const expected = classes.length === 2 ? 1 : classes.length;
  if (outputs.length !== expected) {
    throw unsupported('outputs', `expected ${expected} for ${classes.length} classes, got ${outputs.length}`);
  }
  return { kind: expected === 1 ? 'log-odds' : 'one-against-rest', classes };
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
