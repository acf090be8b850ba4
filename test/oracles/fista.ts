import type { LossName } from '../../src/loss/index.js';
import type { ConvexProgram } from '../../src/program/convex-program.js';
import { projectByQuadprog } from './cone.js';
import { denseGroup, times, transposedTimes, type Matrix } from './dense-group.js';

/** One group σ·A with its cone, as the reference sees it. */
interface ReferenceGroup {
  /** σ_g A_g. */
  readonly A: Matrix;
  /** B_g, null without cone. */
  readonly B: Matrix | null;
}

/** What the reference found. */
export interface ReferenceSolution {
  /** Objective at `coefficients`, which satisfy every cone constraint to rounding. */
  readonly objective: number;
  /** z_g for every group, zeros included, in the program's order of groups. */
  readonly coefficients: readonly (readonly number[])[];
  readonly iterations: number;
  /** False when the iteration limit came first. */
  readonly converged: boolean;
}

/**
 * Plain reference solver, slow and obvious, of
 *
 *     min  𝓛( Σ_g σ_g A_g z_g, y ) + β Σ_g ‖z_g‖      s.t.  B_g z_g ≥ 0  (ReLU formulation only)
 *
 * over all groups at once, with dense matrices from the definitions: FISTA (Beck & Teboulle 2009) with the gradient
 * restart of O'Donoghue & Candès (2015). The proximal operator of β‖·‖ plus the indicator of a cone is the group
 * shrinkage of the projection onto the cone. Stops when a step is shorter than `step` · ‖z‖.
 */
export function fista(
  program: ConvexProgram,
  options: { readonly step: number; readonly maxIterations: number },
): ReferenceSolution {
  const { y, beta } = program;
  const loss = referenceLosses[program.loss.name];
  const groups = referenceGroups(program);
  const lipschitz = loss.curvature * squaredNorm(groups, y.length);
  const rate = 1 / lipschitz;
  let z = groups.map(({ A }) => new Array<number>(A[0]?.length ?? 0).fill(0));
  let extrapolated = z;
  let momentum = 1;
  let iterations = 0;
  let converged = false;
  while (!converged && iterations++ < options.maxIterations) {
    const f = predictor(groups, extrapolated, y.length);
    const v = f.map((value, i) => loss.derivative(value, y[i]!));
    const next = groups.map((group, g) => {
      const slope = transposedTimes(group.A, v);
      const argument = extrapolated[g]!.map((value, t) => value - rate * slope[t]!);
      return proximal(group, argument, rate * beta);
    });
    const change = sumOf(next, (g, t) => (next[g]![t]! - z[g]![t]!) ** 2);
    const length = sumOf(next, (g, t) => next[g]![t]! ** 2);
    const still = sumOf(next, (g, t) => (next[g]![t]! - extrapolated[g]![t]!) ** 2);
    converged = Math.max(change, still) <= options.step ** 2 * length;
    const uphill =
      sumOf(next, (g, t) => (extrapolated[g]![t]! - next[g]![t]!) * (next[g]![t]! - z[g]![t]!)) > 0;
    const grown = uphill ? 1 : (1 + Math.sqrt(1 + 4 * momentum ** 2)) / 2;
    const pull = uphill ? 0 : (momentum - 1) / grown;
    const last = z;
    extrapolated = next.map((value, g) => value.map((entry, t) => entry + pull * (entry - last[g]![t]!)));
    z = next;
    momentum = grown;
  }
  return { objective: referenceObjective(program, z), coefficients: z, iterations, converged };
}

/** 𝓛(Σ_g σ_g A_g z_g, y) + β Σ_g ‖z_g‖ from dense matrices; z_g for every group in the program's order. */
export function referenceObjective(program: ConvexProgram, z: readonly (readonly number[])[]): number {
  const loss = referenceLosses[program.loss.name];
  const f = predictor(referenceGroups(program), z, program.y.length);
  const fit = f.reduce((sum, value, i) => sum + loss.value(value, program.y[i]!), 0);
  return fit + program.beta * z.reduce((sum, group) => sum + Math.hypot(...group), 0);
}

/** Per-row losses by their textbook formulas. */
const referenceLosses: Record<
  LossName,
  {
    readonly curvature: number;
    value(f: number, y: number): number;
    derivative(f: number, y: number): number;
  }
> = {
  squared: {
    curvature: 1,
    value: (f, y) => (f - y) ** 2 / 2,
    derivative: (f, y) => f - y,
  },
  logistic: {
    curvature: 1 / 4,
    value: (f, y) => Math.log(1 + Math.exp(-y * f)),
    derivative: (f, y) => -y / (1 + Math.exp(y * f)),
  },
};

function referenceGroups(program: ConvexProgram): ReferenceGroup[] {
  return program.patterns.flatMap(({ gates }): ReferenceGroup[] => {
    const { A, B } = denseGroup(program.rows, gates);
    if (program.formulation === 'gated') return [{ A, B: null }];
    return [
      { A, B },
      { A: A.map((row) => row.map((value) => -value)), B },
    ];
  });
}

function predictor(
  groups: readonly ReferenceGroup[],
  z: readonly (readonly number[])[],
  n: number,
): number[] {
  const f = new Array<number>(n).fill(0);
  groups.forEach(({ A }, g) => {
    times(A, z[g]!).forEach((value, i) => (f[i]! += value));
  });
  return f;
}

/** Shrinkage of the projection; an argument no longer than the threshold is shrunk to 0 wherever it projects. */
function proximal({ B }: ReferenceGroup, x: readonly number[], threshold: number): number[] {
  if (Math.hypot(...x) <= threshold) return x.map(() => 0);
  const projected = B ? projectByQuadprog(B, x) : x;
  const length = Math.hypot(...projected);
  const factor = length > threshold ? 1 - threshold / length : 0;
  return projected.map((value) => factor * value);
}

/** Upper estimate of ‖[σ₁A₁ σ₂A₂ …]‖², by power iteration on the n×n Gram matrix, with one percent to spare. */
function squaredNorm(groups: readonly ReferenceGroup[], n: number): number {
  let v = Array.from({ length: n }, (_, i) => 1 + 0.1 * Math.sin(i));
  let estimate = 0;
  for (let k = 0; k < 500; k++) {
    const image = predictor(
      groups,
      groups.map(({ A }) => transposedTimes(A, v)),
      n,
    );
    estimate = Math.hypot(...image);
    if (estimate === 0) return 1;
    v = image.map((value) => value / estimate);
  }
  return 1.01 * estimate;
}

function sumOf(z: readonly (readonly number[])[], term: (g: number, t: number) => number): number {
  let sum = 0;
  z.forEach((group, g) => {
    group.forEach((_, t) => (sum += term(g, t)));
  });
  return sum;
}
