import { dualBound } from '../certificate/dual-bound.js';
import { priceGroups, type Prices } from '../certificate/pricing.js';
import { groupCount, predictorOf, primalObjective, type ConvexProgram } from '../program/convex-program.js';
import { ConePool } from '../prox/cone-pool.js';
import { rowGeometry } from '../prox/row-geometry.js';
import { AugmentedLagrangian } from './augmented-lagrangian.js';

/** Where a later solve of a neighbouring program (another β) may start. */
export interface WarmStart {
  readonly coefficients: ReadonlyMap<number, Float64Array>;
  readonly sigma: number;
}

export interface Iteration {
  readonly iteration: number;
  readonly seconds: number;
  readonly objective: number;
  readonly dualBound: number;
  readonly relativeGap: number;
  readonly activeGroups: number;
  readonly workingSet: number;
}

export type SolveStatus = 'optimal' | 'iteration-limit' | 'time-limit';

export interface ProgramSolution {
  readonly status: SolveStatus;
  readonly coefficients: Map<number, Float64Array>;
  readonly objective: number;
  readonly dualBound: number;
  readonly gap: number;
  readonly relativeGap: number;
  readonly priced: number;
  readonly iterations: number;
  readonly newtonSteps: number;
  readonly seconds: number;
  readonly history: readonly Iteration[];
  readonly warmStart: WarmStart;
}

export async function solveProgram(program: ConvexProgram, options: any = {}): Promise<ProgramSolution> {
  const t0 = performance.now();
  const { rows, y, loss } = program;
  const tol = options.tolerance ?? 1e-6;
  const cones = program.formulation === 'relu' ? new ConePool(rowGeometry(rows)) : null;
  const z0 = options.warmStart?.coefficients ?? new Map();
  let f = predictorOf(program, z0);
  let fro = 0;
  for (const x of rows.X) fro += x * x;
  const sigma0 = options.sigma0 ?? 10;
  const alm = new AugmentedLagrangian(program, cones, {
    u: f,
    sigma: options.warmStart?.sigma ?? (sigma0 * rows.n) / (fro * loss.curvatureBound),
  });
  for (const [g, z] of z0) alm.add(g, z);
  let best = { objective: Infinity, dual: -Infinity };
  const history: Iteration[] = [];
  for (let it = 0; ; it++) {
    const z = alm.coefficients();
    f = predictorOf(program, z);
    const obj = primalObjective(program, z, f);
    const grad = new Float64Array(rows.n);
    loss.gradientInto(grad, f, y);
    const tp = performance.now();
    const prices: Prices = priceGroups(program, grad, cones);
    const dual = dualBound(program, grad, prices);
    best = { objective: Math.min(best.objective, obj), dual: Math.max(best.dual, dual) };
    const gap = best.objective - best.dual;
    const rel = gap / Math.max(Math.abs(best.objective), 1e-300);
    history.push({
      iteration: it,
      seconds: (performance.now() - t0) / 1e3,
      objective: best.objective,
      dualBound: best.dual,
      relativeGap: rel,
      activeGroups: z.size,
      workingSet: alm.workingSetSize,
    });
    if (options.debug)
      console.log(
        it,
        'obj',
        obj.toPrecision(10),
        'dual',
        dual.toPrecision(10),
        'rel',
        rel.toExponential(2),
        'act',
        z.size,
        'W',
        alm.workingSetSize,
        'viol',
        prices.violators.length,
        'sigma',
        alm.sigma.toExponential(1),
        'newt',
        alm.newtonSteps,
        'price ms',
        (performance.now() - tp).toFixed(0),
        't',
        ((performance.now() - t0) / 1e3).toFixed(2),
      );
    if (rel <= tol || it >= (options.maxIt ?? 60)) {
      return {
        status: rel <= tol ? 'optimal' : 'iteration-limit',
        coefficients: z,
        objective: best.objective,
        dualBound: best.dual,
        gap,
        relativeGap: rel,
        priced: groupCount(program),
        iterations: it,
        newtonSteps: alm.newtonSteps,
        seconds: (performance.now() - t0) / 1e3,
        history,
        warmStart: { coefficients: z, sigma: alm.sigma },
      };
    }
    const viol = new Set(prices.violators.map((x) => x.group));
    if (it > 0) alm.dropZeros((g) => viol.has(g));
    const room = Math.max(options.batch ?? 100, alm.workingSetSize);
    let added = 0;
    for (const { group } of prices.violators) {
      if (added >= room) break;
      if (!alm.has(group)) {
        alm.add(group);
        added++;
      }
    }
    const r = await alm.step(
      { accuracy: options.accuracy ?? 0.3, floor: 0, maxNewton: options.maxNewton ?? 30 },
      async () => {},
    );
    if (options.debug)
      console.log(
        '    move',
        r.move.toExponential(2),
        'res',
        r.residual.toExponential(2),
        'newton',
        r.newton,
        'added',
        added,
      );
    if (r.converged) alm.sigma *= options.grow ?? 3;
  }
}
