import type { ConvexProgram } from '../../src/program/convex-program.js';
import { projectByQuadprog } from './cone.js';
import { referenceLosses, type ReferenceLoss } from './reference-loss.js';
import { denseGroup, times, transposedTimes, type Matrix } from './dense-group.js';

/** One group σ·A with its cone and the output it feeds, as the reference sees it. */
interface ReferenceGroup {
  readonly output: number;
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
  const { beta } = program;
  const loss = referenceLosses[program.loss.name];
  if (loss.curvature === Infinity) throw new Error(`the ${program.loss.name} loss has no Lipschitz gradient`);
  const groups = referenceGroups(program);
  const shape = { n: program.y.length, outputs: program.outputs };
  const lipschitz = loss.curvature * squaredNorm(groups, shape);
  const rate = 1 / lipschitz;
  let z = groups.map(({ A }) => new Array<number>(A[0]?.length ?? 0).fill(0));
  let extrapolated = z;
  let momentum = 1;
  let iterations = 0;
  let converged = false;
  while (!converged && iterations++ < options.maxIterations) {
    const v = gradients(program, loss, predictor(groups, extrapolated, shape));
    const next = groups.map((group, g) => {
      const slope = transposedTimes(group.A, v[group.output]!);
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
  const shape = { n: program.y.length, outputs: program.outputs };
  const f = predictor(referenceGroups(program), z, shape);
  const fit = Array.from(program.y).reduce((sum, y, i) => sum + loss.value(rowOf(f, i), y), 0);
  return fit + program.beta * z.reduce((sum, group) => sum + Math.hypot(...group), 0);
}

/** Entry i of every output. */
function rowOf(f: Matrix, i: number): number[] {
  return f.map((output) => output[i]!);
}

/** ∇𝓛 at outputs f: a list of n numbers for every output, like f. */
function gradients({ y }: ConvexProgram, loss: ReferenceLoss, f: Matrix): Matrix {
  const rows = Array.from(y, (target, i) => loss.gradient(rowOf(f, i), target));
  return f.map((_, k) => rows.map((row) => row[k]!));
}

function referenceGroups(program: ConvexProgram): ReferenceGroup[] {
  const outputs = Array.from({ length: program.outputs }, (_, k) => k);
  return program.patterns.flatMap(({ gates }): ReferenceGroup[] => {
    const { A, B } = denseGroup(program.rows, gates);
    if (program.formulation === 'gated') return outputs.map((output) => ({ output, A, B: null }));
    const minus = A.map((row) => row.map((value) => -value));
    return outputs.flatMap((output) => [
      { output, A, B },
      { output, A: minus, B },
    ]);
  });
}

/** Numbers of rows and outputs. */
interface Shape {
  readonly n: number;
  readonly outputs: number;
}

/** Σ_g σ_g A_g z_g, n numbers for every output. */
function predictor(
  groups: readonly ReferenceGroup[],
  z: readonly (readonly number[])[],
  { n, outputs }: Shape,
): number[][] {
  const f = Array.from({ length: outputs }, () => new Array<number>(n).fill(0));
  groups.forEach(({ A, output }, g) => {
    times(A, z[g]!).forEach((value, i) => (f[output]![i]! += value));
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

/** Upper estimate of ‖[σ₁A₁ σ₂A₂ …]‖², by power iteration on the Gram matrix of outputs, with one percent to spare. */
function squaredNorm(groups: readonly ReferenceGroup[], shape: Shape): number {
  let v = Array.from({ length: shape.outputs }, () =>
    Array.from({ length: shape.n }, (_, i) => 1 + 0.1 * Math.sin(i)),
  );
  let estimate = 0;
  for (let k = 0; k < 500; k++) {
    const image = predictor(
      groups,
      groups.map(({ A, output }) => transposedTimes(A, v[output]!)),
      shape,
    );
    estimate = Math.hypot(...image.flat());
    if (estimate === 0) return 1;
    v = image.map((output) => output.map((value) => value / estimate));
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
