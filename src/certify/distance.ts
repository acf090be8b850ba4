/** Bounds of the distance objective − P* of a network from an optimum P* that is only known to lie between two numbers. */
export interface Distance {
  /** objective − P* is at most this; null where no lower bound of P* is known. */
  readonly atMost: number | null;
  /** objective − P* is at least this, ≥ 0. */
  readonly atLeast: number;
  /** (objective − P*)/P* is at most this; null where no positive lower bound of P* is known. */
  readonly relativeAtMost: number | null;
  /** (objective − P*)/P* is at least this, ≥ 0. */
  readonly relativeAtLeast: number;
}

/** The distance from an optimum that lies between `lower` and `upper`; null for a side that is not known. */
export function distanceOf(
  objective: number,
  { lower, upper }: { readonly lower: number | null; readonly upper: number | null },
): Distance {
  return {
    atMost: lower === null ? null : Math.max(0, objective - lower),
    atLeast: upper === null ? 0 : Math.max(0, objective - upper),
    relativeAtMost: lower === null ? null : excess(objective, lower),
    relativeAtLeast: upper === null || !(upper > 0) ? 0 : Math.max(0, (objective - upper) / upper),
  };
}

/** (objective − lower)/lower, an upper bound of the same with any P* ≥ lower; null where it is unbounded. */
function excess(objective: number, lower: number): number | null {
  if (objective <= lower) return 0;
  return lower > 0 ? (objective - lower) / lower : null;
}

/** Distances of several independent problems as one of their sum. */
export interface Totals {
  readonly objective: number;
  readonly loss: number;
  readonly penalty: number;
  readonly dualBound: number | null;
  readonly bestObjective: number;
  readonly distance: Distance;
}

/** The totals of independent problems: objectives and bounds add up, and with them the bounds of the distances. */
export function totalOf(
  results: readonly (Omit<Totals, 'distance'> & { readonly distance: Distance })[],
): Totals {
  const sum = (of: (result: Totals) => number): number =>
    results.reduce((total, result) => total + of(result), 0);
  const objective = sum((result) => result.objective);
  const bounds = results.map((result) => result.dualBound);
  const dualBound = bounds.reduce<number | null>(
    (total, bound) => (total === null || bound === null ? null : total + bound),
    0,
  );
  return {
    objective,
    loss: sum((result) => result.loss),
    penalty: sum((result) => result.penalty),
    dualBound,
    bestObjective: sum((result) => result.bestObjective),
    distance: distanceOf(objective, {
      lower: dualBound,
      upper: objective - sum((result) => result.distance.atLeast),
    }),
  };
}
