import loader, { type Highs } from 'highs';
import type { Rows } from '../../src/arrangement/sub-network-pattern.js';

/** The package's types describe its CommonJS build; imported from an ES module the loader itself is the default. */
const loadHighs = loader as unknown as () => Promise<Highs>;

/**
 * Every full-dimensional cell of the arrangement {w : x_i·w = 0}, as a string of n signs '1' (x_i·w > 0) and '0'
 * (x_i·w < 0), by one linear feasibility problem per partial sign vector: s_i x_i·w ≥ 1 for the rows signed so far
 * (cells are cones, so any margin does). A zero row has no sign: it is active, '1', as in D = diag(1[Xw ≥ 0]).
 */
export async function allCells(rows: Rows): Promise<Set<string>> {
  const highs = await loadHighs();
  const cells = new Set<string>();
  const extend = (signs: string): void => {
    if (signs.length === rows.n) {
      cells.add(signs);
      return;
    }
    const zero = rowOf(rows, signs.length).every((value) => value === 0);
    for (const sign of zero ? ['1'] : ['0', '1']) {
      if (zero || feasible(highs, rows, signs + sign)) extend(signs + sign);
    }
  };
  extend('');
  return cells;
}

/**
 * Whether some w has the given strict signs, '1' (x_i·w > 0) or '0' (x_i·w < 0), on the first rows; zero rows are
 * passed over. One linear feasibility problem.
 */
export async function signTest(): Promise<(rows: Rows, signs: string) => boolean> {
  const highs = await loadHighs();
  return (rows, signs) => feasible(highs, rows, signs);
}

/** Cover's count 2 Σ_{k<r} C(n−1, k) of the cells of n rows in general position in rank r (theory §2). */
export function coverCount(n: number, r: number): number {
  let binomial = 1;
  let sum = 0;
  for (let k = 0; k < r; k++) {
    sum += binomial;
    binomial = (binomial * (n - 1 - k)) / (k + 1);
  }
  return 2 * sum;
}

function rowOf({ X, d }: Rows, i: number): Float64Array {
  return X.subarray(i * d, (i + 1) * d);
}

function feasible(highs: Highs, rows: Rows, signs: string): boolean {
  const constraints = Array.from(signs, (sign, i) => ({ sign, i })).flatMap(({ sign, i }) => {
    const row = rowOf(rows, i);
    const terms = Array.from(row, (value, t) => {
      const factor = sign === '1' ? value : -value;
      return `${factor < 0 ? '-' : '+'} ${Math.abs(factor).toFixed(17)} w${t}`;
    });
    return row.every((value) => value === 0) ? [] : [` c${i}: ${terms.join(' ')} >= 1`];
  });
  if (constraints.length === 0) return true;
  const free = Array.from({ length: rows.d }, (_, t) => ` w${t} free`);
  const model = ['Minimize', ' obj: 0 w0', 'Subject To', ...constraints, 'Bounds', ...free, 'End'];
  const { Status } = highs.solve(model.join('\n'), { output_flag: false });
  if (Status !== 'Optimal' && Status !== 'Infeasible') throw new Error(`HiGHS: ${Status}`);
  return Status === 'Optimal';
}
