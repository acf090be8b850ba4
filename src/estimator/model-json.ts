import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { RelucentError, quoteValue } from '../error.js';
import { networkSchema, plainNetwork, sizeMismatch, typedNetwork } from '../network/network-json.js';
import { columnSchema, preprocessingSchema, type Preprocessing } from '../table/preprocessing.js';
import { VERSION } from '../version.js';
import { calibrationSchema } from './calibration.js';
import type { ModelState } from './model-state.js';
import { upgradeVersion1 } from './model-version1.js';
import { upgradeVersion2 } from './model-version2.js';
import { optionsSchema } from './options.js';

/** Most columns, levels and units that a model file may hold, so that no claim of a size costs memory: far above any model. */
const MAX_COLUMNS = 1e6;

/** Version of the model format this library writes, and the newest it reads; it reads the older ones too. */
export const MODEL_FORMAT_VERSION = 3;

const number = z.number();
const vector = z.array(number);
const certificateSchema = z.strictObject({
  scope: z.enum(['given-arrangements', 'all-arrangements']),
  objective: number,
  dualBound: number,
  gap: number,
  relativeGap: number,
  tolerance: number,
  status: z.enum(['optimal', 'iteration-limit', 'time-limit']),
  networkObjective: number,
  beta: number,
  betaMax: number,
  patternsPriced: number,
  patternsTotal: number,
  groups: number,
  activeGroups: number,
  iterations: number,
  seconds: number,
});
const moments = z.strictObject({ mean: number, scale: number });
/** Model files of this version; `schema/model.schema.json` is made from it. */
export const modelSchema = z.strictObject({
  format: z.literal('relucent-model'),
  version: z.literal(MODEL_FORMAT_VERSION),
  relucent: z.string(),
  kind: z.enum(['classifier', 'regressor']),
  classes: z.array(z.union([z.string(), number])),
  options: optionsSchema,
  scaling: z.strictObject({ mean: vector, scale: vector }).nullable(),
  columns: z.int().min(1).max(MAX_COLUMNS),
  target: moments.nullable(),
  outputs: z
    .array(
      z.strictObject({
        label: z.string(),
        network: networkSchema,
        certificate: certificateSchema,
        decomposition: z
          .strictObject({ gatedObjective: number, networkObjective: number, change: number })
          .nullable(),
      }),
    )
    .min(1),
  weighted: z.boolean(),
  calibration: calibrationSchema.nullable(),
  preprocessing: preprocessingSchema.nullable(),
  checksum: z.string(),
});

/** A complete model as plain data: what `model.json` holds. */
export type ModelJson = z.infer<typeof modelSchema>;

/** Plain data of a model, with a checksum by which an edited file is noticed. */
export function writeModel(
  kind: 'classifier' | 'regressor',
  state: ModelState,
  classes: readonly (string | number)[],
  preprocessing: Preprocessing | null = null,
): ModelJson {
  const { scaling } = state;
  const body: Omit<ModelJson, 'checksum'> = {
    format: 'relucent-model',
    version: MODEL_FORMAT_VERSION,
    relucent: VERSION,
    kind,
    classes: [...classes],
    options: state.options,
    scaling: scaling ? { mean: [...scaling.mean], scale: [...scaling.scale] } : null,
    columns: state.columns,
    target: state.target,
    outputs: state.outputs.map(({ label, network, certificate, decomposition }) => ({
      label,
      network: plainNetwork(network),
      certificate,
      decomposition,
    })),
    weighted: state.weighted,
    calibration: state.calibration,
    preprocessing,
  };
  return { ...body, checksum: checksumOf(body) };
}

/** A model read back, checked. */
export interface ReadModel {
  readonly kind: 'classifier' | 'regressor';
  readonly state: ModelState;
  readonly classes: readonly (string | number)[];
  readonly preprocessing: Preprocessing | null;
}

/**
 * Checks plain data and makes a model of it.
 * @throws RelucentError `invalid-model` naming the field: not a model, a newer version, a field missing or of the wrong
 * shape, sizes that do not fit together, or a checksum that does not match (the file was edited).
 */
export function readModel(json: unknown, kind?: 'classifier' | 'regressor'): ReadModel {
  const found: Record<string, unknown> = typeof json === 'object' && json !== null ? { ...json } : {};
  const { format, version } = found;
  if (format !== 'relucent-model') {
    throw invalid(
      'format',
      `expected "relucent-model", got ${quoteValue(format)}; this is not a model written by relucent`,
    );
  }
  if (typeof version === 'number' && version > MODEL_FORMAT_VERSION) {
    throw invalid(
      'version',
      `expected at most ${MODEL_FORMAT_VERSION}, got ${version}; the model is from a newer relucent, upgrade this one (${VERSION})`,
    );
  }
  refuseWrongEntries(found);
  const parsed = parseFields(found);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const where = issue?.path.map(String).join('.') ?? '';
    throw invalid(
      where === '' ? 'model' : where,
      `expected a field as relucent writes it, got one that is not (${issue?.message ?? 'not valid'}); the file is damaged or was edited, train again`,
    );
  }
  const model = parsed.data;
  const { checksum, ...body } = json as ModelJson;
  const expected = checksumOf(body);
  if (checksum !== expected) {
    throw invalid(
      'checksum',
      `expected ${expected}, got ${quoteValue(checksum, 80)}; the file was edited, train again`,
    );
  }
  if (kind !== undefined && model.kind !== kind) {
    throw invalid(
      'kind',
      `expected "${kind}", got "${model.kind}"; read it with the other estimator's fromJSON`,
    );
  }
  checkSizes(model);
  return {
    kind: model.kind,
    classes: model.classes,
    preprocessing: model.preprocessing,
    state: {
      options: model.options,
      scaling: model.scaling && {
        mean: Float64Array.from(model.scaling.mean),
        scale: Float64Array.from(model.scaling.scale),
      },
      columns: model.columns,
      target: model.target,
      weighted: model.weighted,
      calibration: model.calibration,
      outputs: model.outputs.map((output) => ({
        ...output,
        network: typedNetwork(output.network),
        history: [],
      })),
    },
  };
}

/** What is checked one by one before the whole: zod goes on after a fault, and a file may have 10⁵ of them. */
const outputSchema = z.looseObject({ network: z.looseObject({ subNetworks: z.array(z.unknown()) }) });

function parseFields(found: Readonly<Record<string, unknown>>): ReturnType<typeof modelSchema.safeParse> {
  try {
    const json: Record<string, unknown> = { ...upgraded(found) };
    eachOf(json['outputs'], 'outputs', outputSchema, ({ network }, where) => {
      eachOf(
        network.subNetworks,
        `${where}.network.subNetworks`,
        networkSchema.shape.subNetworks.element,
        () => undefined,
      );
    });
    const { columns } = { ...(json['preprocessing'] as { readonly columns?: unknown } | null | undefined) };
    eachOf(columns, 'preprocessing.columns', columnSchema, () => undefined);
    return modelSchema.safeParse(json);
  } catch (error) {
    // More faults than fit on the stack.
    if (!(error instanceof RangeError)) throw error;
    throw invalid('model', 'expected a model, got fields that are not; the file is damaged, train again');
  }
}

/** Checks the entries of a list, if it is one, and throws at the first fault. */
function eachOf<T>(
  list: unknown,
  where: string,
  schema: z.ZodType<T>,
  visit: (entry: T, where: string) => void,
): void {
  if (!Array.isArray(list)) return;
  for (const [k, entry] of list.entries()) {
    const parsed = schema.safeParse(entry);
    const path = `${where}.${k}`;
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw invalid(
        [path, ...(issue?.path ?? []).map(String)].join('.'),
        `expected a field as relucent writes it, got one that is not (${issue?.message ?? 'not valid'}); the file is damaged or was edited, train again`,
      );
    }
    visit(parsed.data, path);
  }
}

/** Lists that hold texts (classes may be numbers too); all others hold numbers, lists or objects. */
const textLists: ReadonlySet<string> = new Set(['classes', 'featureNames', 'levels', 'notes']);

/** Stops at the first wrong entry of a list: zod would describe every one of them, some 10⁷, and fill the memory. */
function refuseWrongEntries(json: object): void {
  const open: { readonly name: string; readonly value: object }[] = [{ name: 'model', value: json }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { name, value } = next;
    for (const [key, entry] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
      const inner: unknown = entry;
      if (typeof inner === 'object' && inner !== null) {
        open.push({ name: typeof key === 'number' ? name : key, value: inner });
      } else if (typeof key === 'number' && !isEntryOf(name, inner)) {
        const expected = textLists.has(name) ? 'texts' : 'finite numbers';
        throw invalid(
          name,
          `expected ${expected}, got ${quoteValue(inner)}; the file is damaged or was edited, train again`,
        );
      }
    }
  }
}

function isEntryOf(name: string, value: unknown): boolean {
  if (typeof value === 'number')
    return Number.isFinite(value) && (!textLists.has(name) || name === 'classes');
  return typeof value === 'string' && textLists.has(name);
}

/** A file of an older version in the shape of this one, whatever else may be wrong with it. */
function upgraded(json: Record<string, unknown>): object {
  const { version } = json;
  if (version === 1) return upgradeVersion2(upgradeVersion1(json));
  return version === 2 ? upgradeVersion2(json) : json;
}

function checkSizes(model: ModelJson): void {
  const check = (where: string, found: number, expected: number): void => {
    if (found !== expected)
      throw invalid(where, `expected length ${expected}, got ${found}; the file is damaged, train again`);
  };
  const inputs = model.columns + (model.options.bias ? 1 : 0);
  if (model.scaling) {
    check('scaling.mean', model.scaling.mean.length, model.columns);
    check('scaling.scale', model.scaling.scale.length, model.columns);
  }
  if (model.preprocessing)
    check('preprocessing.featureNames', model.preprocessing.featureNames.length, model.columns);
  const classCount = model.classes.length;
  // Columns of the decision function: one for each class, but one for two of them and for numbers.
  const scores = model.kind === 'regressor' || classCount === 2 ? 1 : classCount;
  const together = scores > 1 && model.options.multiClass === 'softmax';
  check('outputs', model.outputs.length, together ? 1 : scores);
  model.outputs.forEach(({ network }, k) => {
    check(`outputs.${k}.network.inputs`, network.inputs, inputs);
    check(`outputs.${k}.network.depth`, network.depth, model.options.depth);
    const wrong = sizeMismatch(network);
    if (wrong) check(`outputs.${k}.network.${wrong.where}`, wrong.found, wrong.expected);
    check(`outputs.${k}.network.outputs`, network.outputs, together ? scores : 1);
  });
  if (model.calibration) {
    check('calibration.maps', model.calibration.maps.length, scores);
    model.calibration.maps.forEach((map, k) => {
      if ('scores' in map)
        check(`calibration.maps.${k}.probabilities`, map.probabilities.length, map.scores.length);
    });
  }
}

function checksumOf(body: object): string {
  return `sha256:${bytesToHex(sha256(utf8ToBytes(JSON.stringify(body))))}`;
}

function invalid(where: string, message: string): RelucentError {
  return new RelucentError('invalid-model', where, message);
}
