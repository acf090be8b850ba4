import type { Rows } from '../../src/arrangement/sub-network-pattern.js';
import { normalGenerator } from '../../src/random.js';
import { parseTable } from '../../src/table/parse-table.js';
import { findColumn } from '../../src/table/table.js';
import type { Lab } from '../experiment.js';

/** Rows with a bias column and a target, small enough to be priced over all arrangements of two first-layer neurons. */
export interface Setting {
  readonly name: string;
  readonly title: string;
  /** One sentence. */
  readonly described: string;
  readonly rows: Rows;
  readonly y: Float64Array;
}

/** A smooth function of two normal inputs with noise. */
export function normalSetting(n: number): Setting {
  const normal = normalGenerator(1);
  const inputs = Array.from({ length: n }, () => [normal(), normal()] as const);
  return {
    name: 'normal',
    title: `${n} normal rows, two inputs`,
    described: `n = ${n} rows of two normal inputs and a bias (rank 3), y = sin 2x₁ + ½x₁x₂ + noise of deviation 0.2 (seed 1)`,
    rows: { X: Float64Array.from(inputs.flatMap(([a, b]) => [a, b, 1])), n, d: 3 },
    y: Float64Array.from(inputs, ([a, b]) => Math.sin(2 * a) + (a * b) / 2 + 0.2 * normal()),
  };
}

/** Every fourth car of auto-mpg: fuel use against weight. */
export async function carSetting(lab: Lab): Promise<Setting> {
  const table = parseTable(await lab.dataText('auto-mpg.csv'));
  const every = (name: string): Float64Array => {
    const column = table.cells[findColumn(table, name, 'auto-mpg.csv')];
    const values = Array.from({ length: table.rowCount }, (_, i) => column?.number(i) ?? NaN);
    return standardised(values.filter((_, i) => i % 4 === 0));
  };
  const weight = every('weight');
  const n = weight.length;
  return {
    name: 'auto-mpg',
    title: `auto-mpg, ${n} cars, weight`,
    described: `n = ${n} rows, every fourth car of auto-mpg: miles per gallon against weight, both standardised, and a bias (rank 2)`,
    rows: { X: Float64Array.from([...weight].flatMap((value) => [value, 1])), n, d: 2 },
    y: every('mpg'),
  };
}

function standardised(values: readonly number[]): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return Float64Array.from(values, (value) => (value - mean) / deviation);
}
