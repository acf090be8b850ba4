import { RelucentError } from '../../error.js';

/**
 * A square matrix of zeros.
 *
 * @throws RelucentError where this machine does not give the memory: `what` names it, `instead` the way around it.
 */
export function squareMatrix(order: number, what: string, instead: string): Float64Array {
  try {
    return new Float64Array(order * order);
  } catch {
    const needed = ((order * order * 8) / 2 ** 30).toFixed(2);
    throw new RelucentError(
      'unsupported',
      what,
      `expected a matrix that fits in memory, got one that needs ${needed} GiB; ${instead}`,
    );
  }
}
