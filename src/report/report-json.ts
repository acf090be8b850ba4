import { z } from 'zod';

import { quoteValue, RelucentError } from '../error.js';
import type { ReportInput } from './report-input.js';

/** Version of the form; a reader refuses a newer one. */
const REPORT_VERSION = 1;

/** JSON has no number that is not finite: null stands for all of them, and the page says that there is none. */
const number = z
  .number()
  .nullable()
  .transform((value) => value ?? NaN);
const text = z.string();
const texts = z.array(text);
const numbers = z.array(number);
const count = z.int().min(0);
const part = z.enum(['test', 'train']);
const better = z.enum(['higher', 'lower']);
const axis = z.strictObject({ name: text, low: z.number(), high: z.number() });

const outputSchema = z.object({
  label: text,
  objective: number,
  dualBound: number,
  gap: number,
  relativeGap: number,
  tolerance: number,
  scope: z.enum(['given-arrangements', 'all-arrangements']),
  networkObjective: number,
  status: text,
  iterations: count,
  seconds: number,
  history: z.array(
    z.object({
      iteration: count,
      seconds: number,
      objective: number,
      dualBound: number,
      activeGroups: count,
    }),
  ),
  groupNorms: numbers,
});

const predictionsSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('regression'),
    rowsFrom: part,
    rows: z.array(z.strictObject({ actual: number, predicted: number })),
  }),
  z.strictObject({
    kind: z.literal('classification'),
    rowsFrom: part,
    classes: texts,
    rows: z.array(z.strictObject({ actual: text, predicted: text, probability: numbers })),
  }),
]);

const surfaceSchema = z
  .strictObject({
    x: axis,
    y: axis,
    columns: z.int().min(2).max(1000),
    rows: z.int().min(2).max(1000),
    held: texts,
    field: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('regression'), values: numbers }),
      z.strictObject({
        kind: z.literal('classification'),
        classes: texts.min(1),
        probability: z.array(numbers),
      }),
    ]),
    points: z.array(
      z.strictObject({ x: number, y: number, actual: text.nullable(), isRight: z.boolean().nullable() }),
    ),
    pointsFrom: part,
  })
  .refine(({ columns, rows, field }) => {
    const fields = field.kind === 'regression' ? [field.values] : field.probability;
    const wanted = field.kind === 'regression' ? 1 : field.classes.length;
    return fields.length === wanted && fields.every(({ length }) => length === columns * rows);
  }, 'expected one number for each cell of the grid');

const scoresSchema = z
  .strictObject({
    metrics: z.array(z.strictObject({ name: text, better })).min(1),
    rows: z.array(
      z.strictObject({
        name: text,
        role: z.enum(['network', 'yardstick']),
        train: numbers,
        test: numbers.nullable(),
      }),
    ),
  })
  .refine(
    ({ metrics, rows }) =>
      rows.every(
        ({ train, test }) => train.length === metrics.length && (test ?? train).length === metrics.length,
      ),
    'expected one score for each metric',
  );

const reportSchema = z.strictObject({
  format: z.literal('relucent-report'),
  version: z.literal(REPORT_VERSION),
  report: z.strictObject({
    title: text,
    sourceName: text,
    targetName: text,
    task: z.enum(['regression', 'classification']),
    date: text,
    version: text,
    commandLine: text,
    table: z
      .strictObject({ rows: count, columns: count, trainRows: count, testRows: count, notes: texts })
      .nullable(),
    model: z.strictObject({
      depth: z.int().min(2),
      widths: numbers,
      formulation: z.enum(['relu', 'gated']),
      lossName: text,
      beta: z.number(),
      betaMax: z.number().nullable(),
      betaChoice: text,
      subNetworks: count,
      groupsTotal: count,
    }),
    outputs: z.array(outputSchema).min(1),
    scores: scoresSchema.optional(),
    predictions: predictionsSchema.optional(),
    cvCurve: z
      .strictObject({
        metricName: text,
        better,
        points: z.array(z.strictObject({ beta: number, mean: number, standardError: number })),
        chosenBeta: number,
      })
      .optional(),
    importances: z.array(z.strictObject({ name: text, share: number })).optional(),
    surface: surfaceSchema.nullable().optional(),
    options: z.array(z.strictObject({ name: text, value: text })).optional(),
  }),
});

/** A report as a file holds it: everything that the page shows, as plain JSON. */
export interface ReportJson {
  readonly format: 'relucent-report';
  readonly version: typeof REPORT_VERSION;
  readonly report: ReportInput;
}

/**
 * Plain data for JSON.stringify, which writes numbers that are not finite as null. It went through the reader once: it is
 * readable, without fields that are not of the form, and in one order of fields whatever it was made from.
 */
export function reportToJson(report: ReportInput): ReportJson {
  const head = { format: 'relucent-report', version: REPORT_VERSION } as const;
  return { ...head, report: reportFromJson(JSON.parse(JSON.stringify({ ...head, report }))) };
}

/**
 * The report in parsed JSON. What is shown of it is shown as text: nothing in it is run, whatever it holds.
 * @throws RelucentError `invalid-argument` naming the field that is not as {@link reportToJson} writes it
 */
export function reportFromJson(json: unknown): ReportInput {
  const version = (json as { readonly version?: unknown } | null)?.version;
  if (typeof version === 'number' && version > REPORT_VERSION) {
    throw invalid('version', `expected at most ${REPORT_VERSION}, got ${version}; upgrade relucent`);
  }
  const parsed = reportSchema.safeParse(json);
  if (parsed.success) return parsed.data.report;
  const issue = parsed.error.issues[0];
  const where = issue?.path.map(String).join('.') ?? '';
  throw invalid(
    where === '' ? 'report' : where,
    `expected a field as relucent writes it, got one that is not (${quoteValue(issue?.message, 80)}); the file is damaged or was edited, train again`,
  );
}

function invalid(where: string, message: string): RelucentError {
  return new RelucentError('invalid-argument', where, message);
}
