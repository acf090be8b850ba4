import { z } from 'zod';
import { MISSING_LEVEL } from './cell.js';

/** x ↦ (x − mean)/scale, with the training median for a missing cell. One matrix column. */
export interface NumericColumn {
  readonly name: string;
  readonly kind: 'numeric';
  readonly median: number;
  readonly mean: number;
  readonly scale: number;
}

/**
 * Indicators of levels, each centred and scaled. Two levels make one matrix column, the indicator of the second; k ≥ 3
 * levels make k. `means` and `scales` have one entry per matrix column.
 *
 * A level that training did not see, or a missing cell if training saw none, contributes zeros to all of the block: it
 * stands at the training mean, like an average row.
 */
export interface CategoricalColumn {
  readonly name: string;
  readonly kind: 'categorical';
  /** Sorted: numbers by value, then text, then `(missing)` if training saw missing cells. */
  readonly levels: readonly string[];
  readonly means: readonly number[];
  readonly scales: readonly number[];
}

/** Standardised target: (y − mean)/scale. */
export interface RegressionTarget {
  readonly name: string;
  readonly task: 'regression';
  readonly mean: number;
  readonly scale: number;
}

/** Classes by index: label k of the encoded target is `classes[k]`. */
export interface ClassificationTarget {
  readonly name: string;
  readonly task: 'classification';
  /** At least two, sorted: numbers by value, then text. */
  readonly classes: readonly string[];
}

/** Everything needed to turn a table with the same columns into the matrix the network was trained on; plain JSON. */
export interface Preprocessing {
  /** Columns in use, in the order of the matrix. */
  readonly columns: readonly (NumericColumn | CategoricalColumn)[];
  readonly target: RegressionTarget | ClassificationTarget;
  /** d names, one per matrix column: `age`, `origin=usa`. */
  readonly featureNames: readonly string[];
  /** Plain sentences on what was done to the data, those of the schema first. */
  readonly notes: readonly string[];
}

/** Levels whose indicators are matrix columns: the second of two, or all of three and more. */
export function indicatorLevels(levels: readonly string[]): readonly string[] {
  return levels.length === 2 ? levels.slice(1) : levels;
}

/** Names of the matrix columns that a table column makes. */
export function featureNamesOf(column: NumericColumn | CategoricalColumn): readonly string[] {
  if (column.kind === 'numeric') return [column.name];
  return indicatorLevels(column.levels).map((level) => `${column.name}=${level}`);
}

const name = z.string().min(1);
const scale = z.number().positive();
const distinct = (values: readonly string[]): boolean => new Set(values).size === values.length;

const numericColumnSchema = z.strictObject({
  name,
  kind: z.literal('numeric'),
  median: z.number(),
  mean: z.number(),
  scale,
});

const categoricalColumnSchema = z
  .strictObject({
    name,
    kind: z.literal('categorical'),
    levels: z.array(z.string()).min(2).refine(distinct, 'expected distinct levels'),
    means: z.array(z.number()),
    scales: z.array(scale),
  })
  .refine(({ levels, means, scales }) => {
    const width = indicatorLevels(levels).length;
    return means.length === width && scales.length === width;
  }, 'expected one mean and one scale per indicator');

/** One column of the preprocessing. */
export const columnSchema = z.union([numericColumnSchema, categoricalColumnSchema]);

const targetSchema = z.discriminatedUnion('task', [
  z.strictObject({ name, task: z.literal('regression'), mean: z.number(), scale }),
  z.strictObject({
    name,
    task: z.literal('classification'),
    classes: z
      .array(z.string())
      .min(2)
      .refine(distinct, 'expected distinct classes')
      .refine((classes) => !classes.includes(MISSING_LEVEL), 'expected no class for missing cells'),
  }),
]);

/** Validates the `preprocessing` part of a model file; accepts exactly what {@link Preprocessing} describes. */
export const preprocessingSchema: z.ZodType<Preprocessing> = z
  .strictObject({
    columns: z
      .array(columnSchema)
      .min(1)
      .refine((columns) => distinct(columns.map((column) => column.name)), 'expected distinct column names'),
    target: targetSchema,
    featureNames: z.array(z.string()),
    notes: z.array(z.string()),
  })
  .refine(({ columns, featureNames }) => {
    const expected = columns.flatMap(featureNamesOf);
    return expected.length === featureNames.length && expected.every((text, j) => text === featureNames[j]);
  }, 'expected featureNames to list the matrix columns in order');
