import { RelucentError } from '../error.js';
import type { Workspace } from '../kernel/kernel.js';
import { norm2 } from '../linalg/vector.js';
import {
  groupCount,
  groupDims,
  patternOfGroup,
  predictorOf,
  predictorLength,
  primalObjective,
  type ConvexProgram,
  type GroupCoefficients,
} from '../program/convex-program.js';
import type { ConePool } from '../prox/cone-pool.js';
import { AugmentedLagrangian } from './augmented-lagrangian.js';
import type { Checkpoint } from './checkpoint.js';
import { dualTerm, restoredDualTerm } from './dual-term.js';
import type { WarmStart } from './solve-program.js';

/** σ·‖A‖²·curvature at the start. */
const SIGMA_START = 0.15;
/** σ at a warm start, as a share of the σ that the earlier solve ended with. */
const WARM_SHARE = 0.003;

export function startInner(
  program: ConvexProgram,
  workspace: Workspace,
  cones: ConePool | null,
  warmStart: WarmStart | undefined,
): AugmentedLagrangian {
  const { rows, loss } = program;
  const coefficients = startingCoefficients(program, cones, warmStart);
  const u = predictorOf(program, coefficients, workspace);
  const tau = SIGMA_START / typicalCurvature(program);
  // σ·‖A‖²·curvature is the number without units that decides how hard a subproblem is; ‖X‖_F²/n stands for ‖A‖².
  const size = norm2(rows.X) ** 2;
  const sigma = size > 0 ? (tau * rows.n) / size : 1;
  const term = dualTerm(loss, program.y, { u, tau, v: warmStart?.dual });
  const inner = new AugmentedLagrangian(program, { workspace, cones, term, sigma });
  // Near the optimum a larger σ saves outer steps; all of the earlier one would make the first too hard, and with cones,
  // whose faces change as well, any share of it may.
  if (warmStart?.sigma !== undefined && !cones) {
    inner.rescale(Math.max(1, (WARM_SHARE * warmStart.sigma) / sigma));
  }
  for (const [group, z] of coefficients) inner.add(group, z);
  return inner;
}

/** Those of the warm start, each in its cone: what a start lacks to be feasible may not count as a smaller objective. */
function startingCoefficients(
  program: ConvexProgram,
  cones: ConePool | null,
  warmStart: WarmStart | undefined,
): GroupCoefficients {
  const given: GroupCoefficients = warmStart?.coefficients ?? new Map<number, Float64Array>();
  if (!cones) return given;
  return new Map(
    [...given].map(([group, z]) => {
      const inside = new Float64Array(z.length);
      const projection = cones.projection(group, patternOfGroup(program, group));
      projection.project(inside, z, cones.slack);
      return [group, inside];
    }),
  );
}

export function resumeInner(
  program: ConvexProgram,
  workspace: Workspace,
  cones: ConePool | null,
  { inner: { term, sigma, groups, newtonSteps } }: Checkpoint,
): AugmentedLagrangian {
  const restored = restoredDualTerm(program.loss, program.y, term);
  const inner = new AugmentedLagrangian(program, { workspace, cones, term: restored, sigma });
  inner.newtonSteps = newtonSteps;
  for (const { id, center } of groups) inner.add(id, center);
  return inner;
}

export function warmStartOf({ best, dual, patterns }: Checkpoint): WarmStart {
  return { coefficients: best.coefficients, dual, ...(patterns ? { patterns } : {}) };
}

/** Relative difference between the objective of a checkpoint and that of its coefficients from which it is another program's. */
const SAME = 1e-9;

/** @throws RelucentError where the checkpoint is not one of this program. */
export function evaluated(
  workspace: Workspace,
  program: ConvexProgram,
  { best: { objective, coefficients }, dual, inner }: Checkpoint,
): { objective: number; coefficients: GroupCoefficients } {
  const length = predictorLength(program);
  const fits =
    dual.length === length &&
    inner.term.start.length === length &&
    [...coefficients.keys(), ...inner.groups.map(({ id }) => id)].every((id) => id < groupCount(program)) &&
    [...coefficients.values(), ...inner.groups.map(({ center }) => center)].every(
      (z) => z.length === groupDims(program),
    );
  const found = fits
    ? primalObjective(program, coefficients, predictorOf(program, coefficients, workspace))
    : NaN;
  if (Math.abs(found - objective) <= SAME * Math.abs(objective)) return { objective: found, coefficients };
  throw new RelucentError(
    'invalid-argument',
    'resume',
    `expected a checkpoint of this problem, whose objective would be ${objective}, got ${fits ? found : 'other sizes'}; ` +
      'resume with the problem it was made from, or start anew',
  );
}

/** Change of ∇𝓛 per change of outputs: the bound of a smooth loss, else over the size of the targets. */
function typicalCurvature({ loss, y, rows: { n } }: ConvexProgram): number {
  if (loss.kind === 'smooth') return loss.curvatureBound;
  const gradient = new Float64Array(n);
  loss.gradientInto(gradient, new Float64Array(n), y);
  return norm2(gradient) / norm2(y) || 1;
}
