import { z } from 'zod';
import { quoteValue } from '../src/error.js';
import { gridStep, largestTarget, mostOwnPoints, onGrid } from './data/own-points.js';
import { madeRanges, taskOf } from './data/made-sets.js';
import {
  domain,
  lineSets,
  pathLength,
  planeSets,
  type DataPoint,
  type ModelState,
  type PlaygroundState,
  type Task,
} from './state.js';

/** Version of the form below; a link of a newer one is refused. */
const VERSION = '1';

/** Losses of each task. */
export const taskLosses = {
  classes: ['logistic', 'squared-hinge', 'squared'],
  number: ['squared', 'huber', 'absolute'],
} as const satisfies Record<Task, readonly ModelState['loss'][]>;

/** What a page shows that was opened without a link. */
export const defaultState: PlaygroundState = {
  data: { kind: 'made', set: 'moons', n: 60, noise: 0.08, seed: 1 },
  model: { depth: 2, widths: [], formulation: 'relu', loss: 'logistic', patterns: 'all' },
  betaIndex: 20,
  race: { optimiser: 'adam', rate: 0.01, seed: 1, subNetworks: 10 },
};

/** Sliders and fields of the model and the race; a link outside of them is refused. */
export const stateRanges = {
  width: { least: 1, most: 8 },
  sample: { least: 1, most: 1000 },
  seed: { least: 0, most: 4_294_967_295 },
  rate: { least: 1e-6, most: 10 },
  subNetworks: { least: 1, most: 100 },
} as const;

type Range = { readonly least: number; readonly most: number };

function whole({ least, most }: Range): z.ZodType<number> {
  const expected = `a whole number from ${least} to ${most}`;
  return z.int(expected).min(least, expected).max(most, expected);
}

function real({ least, most }: Range): z.ZodType<number> {
  const expected = `a number from ${least} to ${most}`;
  return z.number(expected).min(least, expected).max(most, expected);
}

function oneOf<T extends string>(values: readonly T[]): z.ZodType<T> {
  return z.enum(values as readonly [T, ...T[]], `one of ${values.join(', ')}`);
}

const [least, most] = domain;
const input = real({ least, most });
const dataSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('made'),
    set: oneOf([...planeSets, ...lineSets]),
    n: whole(madeRanges.n),
    noise: real(madeRanges.noise),
    seed: whole(stateRanges.seed),
  }),
  z.strictObject({
    kind: z.literal('own'),
    task: oneOf(['classes', 'number']),
    points: z
      .array(
        z.union(
          [
            z.strictObject({ x: input, y: input, label: z.union([z.literal(-1), z.literal(1)]) }),
            z.strictObject({
              x: input,
              y: real({ least: -largestTarget, most: largestTarget }),
              label: z.literal(0),
            }),
          ],
          `points with inputs from ${least} to ${most}`,
        ),
      )
      .max(mostOwnPoints, `at most ${mostOwnPoints} points`),
  }),
]);
const depths = 'a depth of 2, 3 or 4';
const stateSchema = z
  .strictObject({
    data: dataSchema,
    model: z.strictObject({
      depth: z.union([z.literal(2), z.literal(3), z.literal(4)], depths),
      widths: z.array(whole(stateRanges.width)),
      formulation: oneOf(['relu', 'gated']),
      loss: oneOf(['logistic', 'squared-hinge', 'squared', 'huber', 'absolute']),
      patterns: z.union(
        [
          z.literal('all'),
          z.strictObject({ sample: whole(stateRanges.sample), seed: whole(stateRanges.seed) }),
        ],
        `all, or the size of a sample (${stateRanges.sample.least} to ${stateRanges.sample.most}) and its seed`,
      ),
    }),
    betaIndex: whole({ least: 0, most: pathLength - 1 }),
    race: z.strictObject({
      optimiser: oneOf(['sgd', 'adam']),
      rate: real(stateRanges.rate),
      seed: whole(stateRanges.seed),
      subNetworks: whole(stateRanges.subNetworks),
    }),
  })
  .superRefine(({ data, model }, context) => {
    const refuse = (path: string, message: string): void => {
      context.addIssue({ code: 'custom', path: ['model', path], message });
    };
    const task = data.kind === 'made' ? taskOf(data.set) : data.task;
    const losses: readonly string[] = taskLosses[task];
    if (!losses.includes(model.loss)) refuse('loss', `one of ${losses.join(', ')} for these data`);
    if (model.widths.length !== model.depth - 2)
      refuse('widths', `${model.depth - 2} widths at depth ${model.depth}`);
    if (model.formulation === 'gated' && model.patterns === 'all')
      refuse('patterns', 'a sample for gated networks');
  });

/**
 * The hash of a link that shows the state: readable fields, own points as base64url of 16-bit coordinates in thousandths and a
 * bit for each class. Own points are rounded to that grid.
 */
export function hashOfState({ data, model, betaIndex, race }: PlaygroundState): string {
  const { depth, widths, formulation, loss, patterns } = model;
  const fields = [
    ['v', VERSION],
    data.kind === 'made'
      ? ['data', [data.set, data.n, data.noise, data.seed]]
      : ['own', [data.task, data.points.length, packPoints(data.task, data.points)]],
    ['model', [depth, formulation, loss, ...widths]],
    ['patterns', patterns === 'all' ? 'all' : [patterns.sample, patterns.seed]],
    ['beta', betaIndex],
    ['race', [race.optimiser, race.rate, race.seed, race.subNetworks]],
  ] as const;
  // Arrays are written with commas.
  return `#${fields.map((field) => field.map(String).join('=')).join('&')}`;
}

export interface ReadState {
  readonly state: PlaygroundState;
  /** Why the link was not followed; null where it was. */
  readonly message: string | null;
}

/** The state of a hash; parts that it leaves out are the default ones. A bad link gives the default state and says why. */
export function stateOfHash(hash: string): ReadState {
  const text = hash.replace(/^#/, '');
  if (text === '') return { state: defaultState, message: null };
  try {
    const parsed = stateSchema.safeParse(rawState(fieldsOf(text)));
    if (parsed.success) return { state: parsed.data, message: null };
    const [issue] = parsed.error.issues;
    throw new BadLink(`${issue?.path.join('.') ?? 'state'}: expected ${issue?.message ?? 'a state'}`);
  } catch (error) {
    if (!(error instanceof BadLink)) throw error;
    return {
      state: defaultState,
      message: `link: ${error.message}; what it should show is left as it begins`,
    };
  }
}

/** What is wrong with a link: `field: expected …, got …`. */
class BadLink extends Error {}

const names = ['v', 'data', 'own', 'model', 'patterns', 'beta', 'race'] as const;
type Name = (typeof names)[number];
type Fields = Partial<Record<Name, string>>;

function fieldsOf(text: string): Fields {
  const fields: Fields = {};
  for (const part of text.split('&')) {
    const at = part.indexOf('=');
    const name = names.find((known) => known === part.slice(0, at));
    if (name === undefined)
      throw new BadLink(`expected the fields ${names.join(', ')}, got ${quoteValue(part)}`);
    if (fields[name] !== undefined) throw new BadLink(`${name}: expected once, got it twice`);
    fields[name] = part.slice(at + 1);
  }
  const { v = VERSION } = fields;
  if (v !== VERSION) throw new BadLink(`v: expected version ${VERSION}, got ${quoteValue(v)}`);
  return fields;
}

/** The fields as what the schema checks. */
function rawState({ data, own, model, patterns, beta, race }: Fields): object {
  const shown = own !== undefined ? rawOwn(own) : data !== undefined ? rawMade(data) : defaultState.data;
  const task =
    shown.kind === 'own'
      ? shown.task
      : (lineSets as readonly unknown[]).includes(shown.set)
        ? 'number'
        : 'classes';
  return {
    data: shown,
    model: {
      ...(model !== undefined
        ? rawModel(model)
        : { ...defaultState.model, ...(task === 'number' ? { loss: 'squared' } : {}) }),
      patterns: patterns === undefined || patterns === 'all' ? 'all' : rawSample(patterns),
    },
    betaIndex: beta === undefined ? defaultState.betaIndex : numberOf(beta),
    race: race === undefined ? defaultState.race : rawRace(race),
  };
}

function rawMade(text: string): { kind: 'made'; set: unknown; n: unknown; noise: unknown; seed: unknown } {
  const [set, n, noise, seed] = parts('data', text, ['set', 'n', 'noise', 'seed']);
  return { kind: 'made', set, n: numberOf(n), noise: numberOf(noise), seed: numberOf(seed) };
}

function rawModel(text: string): object {
  const [depth = '', formulation, loss, ...widths] = text.split(',');
  return { depth: numberOf(depth), formulation, loss, widths: widths.map(numberOf) };
}

function rawSample(text: string): object {
  const [sample, seed] = parts('patterns', text, ['sample', 'seed']);
  return { sample: numberOf(sample), seed: numberOf(seed) };
}

function rawRace(text: string): object {
  const [optimiser, rate, seed, subNetworks] = parts('race', text, [
    'optimiser',
    'rate',
    'seed',
    'sub-networks',
  ]);
  return { optimiser, rate: numberOf(rate), seed: numberOf(seed), subNetworks: numberOf(subNetworks) };
}

function rawOwn(text: string): { kind: 'own'; task: unknown; points: DataPoint[] } {
  const [task, count, packed = ''] = parts('own', text, ['task', 'n', 'points']);
  const n = numberOf(count);
  if (!Number.isInteger(n) || n < 0 || n > mostOwnPoints) {
    throw new BadLink(`own: expected at most ${mostOwnPoints} points, got ${quoteValue(count)}`);
  }
  return { kind: 'own', task, points: unpackPoints(task === 'classes', n, packed) };
}

function parts(field: Name, text: string, expected: readonly string[]): string[] {
  const found = text.split(',');
  if (found.length === expected.length) return found;
  throw new BadLink(`${field}: expected ${expected.join(',')}, got ${quoteValue(text)}`);
}

/** A plain decimal; anything else is NaN, which no schema takes. */
function numberOf(text: string | undefined): number {
  return text !== undefined && /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
}

function packPoints(task: Task, points: readonly DataPoint[]): string {
  const bits = task === 'classes' ? Math.ceil(points.length / 8) : 0;
  const bytes = new Uint8Array(4 * points.length + bits);
  const view = new DataView(bytes.buffer);
  points.forEach(({ x, y, label }, i) => {
    view.setInt16(4 * i, Math.round(x / gridStep));
    view.setInt16(4 * i + 2, Math.round(y / gridStep));
    const at = 4 * points.length + (i >> 3);
    if (label === 1) bytes[at] = (bytes[at] ?? 0) | (1 << (i & 7));
  });
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function unpackPoints(isClasses: boolean, n: number, packed: string): DataPoint[] {
  const expected = 4 * n + (isClasses ? Math.ceil(n / 8) : 0);
  const bytes = bytesOf(packed);
  if (bytes.length !== expected) {
    throw new BadLink(`own: expected ${expected} bytes for ${n} points, got ${bytes.length}`);
  }
  const view = new DataView(bytes.buffer);
  return Array.from({ length: n }, (_, i) => {
    const bit = ((bytes[4 * n + (i >> 3)] ?? 0) >> (i & 7)) & 1;
    return {
      x: onGrid(view.getInt16(4 * i) * gridStep),
      y: onGrid(view.getInt16(4 * i + 2) * gridStep),
      label: isClasses ? (bit === 1 ? 1 : -1) : 0,
    };
  });
}

function bytesOf(packed: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(packed.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
  } catch {
    throw new BadLink(`own: expected base64url, got ${quoteValue(packed)}`);
  }
}
