import type { Rows } from '../../src/arrangement/sub-network-pattern.js';
import type { LossName } from '../../src/loss/index.js';
import { withBias } from '../../src/problem/matrix-input.js';
import { normalGenerator } from '../../src/random.js';
import { encodeTarget, type EncodedTarget } from '../../src/table/encode-target.js';
import { parseTable } from '../../src/table/parse-table.js';
import { inferSchema } from '../../src/table/schema.js';
import { prepareTable } from '../../src/training/prepare-table.js';
import { TRAIN_DEFAULTS } from '../../src/training/train-options.js';
import type { Lab } from '../experiment.js';

/** Training and test rows, a bias column of ones included where the case has one. */
export interface CaseData {
  readonly rows: Rows;
  readonly y: Float64Array | Int32Array;
  readonly test: Rows;
  readonly testY: Float64Array | Int32Array;
}

/** One problem whose data are approximated. */
export interface Case {
  readonly name: string;
  readonly title: string;
  readonly loss: Extract<LossName, 'absolute' | 'squared' | 'logistic'>;
  readonly depth: 2 | 3;
  readonly widths: readonly number[];
  /** Said of its data in the set-up. */
  readonly about: string;
  readonly score: 'R²' | 'accuracy';
  load(lab: Pick<Lab, 'dataText'>): Promise<CaseData>;
}

const testRows = 1000;
const noise = 0.2;
const teacherNeurons = 3;

interface SyntheticOptions {
  readonly n: number;
  readonly d: number;
  /** Standard deviation of column t is decay^t. */
  readonly decay: number;
  readonly seed: number;
}

/** Independent normal columns, each weaker than the one before; the target is a network of three neurons plus noise. */
export function synthetic({ n, d, decay, seed }: SyntheticOptions): CaseData {
  const normal = normalGenerator(seed);
  const teacher = Float64Array.from({ length: teacherNeurons * d }, normal);
  const draw = (count: number): { readonly rows: Rows; readonly y: Float64Array } => {
    const X = new Float64Array(count * d);
    const y = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      for (let t = 0; t < d; t++) X[i * d + t] = normal() * decay ** t;
      for (let k = 0; k < teacherNeurons; k++) {
        let activation = 0;
        for (let t = 0; t < d; t++) activation += (X[i * d + t] ?? 0) * (teacher[k * d + t] ?? 0);
        y[i] = (y[i] ?? 0) + (k === 1 ? -1 : 1) * Math.max(0, activation);
      }
      y[i] = (y[i] ?? 0) + noise * normal();
    }
    return { rows: { X, n: count, d }, y };
  };
  const train = draw(n);
  const test = draw(testRows);
  return { ...train, test: test.rows, testY: test.y };
}

export interface TableCase {
  /** Below `data/`. */
  readonly file: string;
  readonly target: string;
  readonly inputs: readonly string[];
}

/** Some columns of a table, standardised on its training rows, with a bias; 30 % of the rows held out, seed 0. */
export async function fromTable(lab: Pick<Lab, 'dataText'>, options: TableCase): Promise<CaseData> {
  const { file, target, inputs } = options;
  const table = parseTable(await lab.dataText(file), { name: file });
  const drop = table.columns.filter((name) => name !== target && !inputs.includes(name));
  const { preprocessing, split, train, test } = prepareTable(table, inferSchema(table, { target, drop }), {
    ...TRAIN_DEFAULTS,
    target,
    drop,
    testFraction: 0.3,
  });
  if (test === null) throw new RangeError(`${file}: expected held-out rows, got none`);
  return {
    rows: withBias(train.rows),
    y: values(encodeTarget(table, preprocessing, split.train)),
    test: withBias(test.rows),
    testY: values(encodeTarget(table, preprocessing, split.test)),
  };
}

function values(target: EncodedTarget): Float64Array | Int32Array {
  return target.task === 'regression' ? target.y : target.labels;
}
