import { dot, norm2 } from '../linalg/vector.js';
import { adjointInto, addForward } from '../operator/sub-network-operator.js';
import { groupDims, patternOfGroup, signOfGroup, type ConvexProgram } from '../program/convex-program.js';
import type { ConeProjection } from '../prox/cone-projection.js';
import type { ConePool } from '../prox/cone-pool.js';
import type { SubNetworkPattern } from '../arrangement/sub-network-pattern.js';
import { addGeneralisedHessian, NewtonSystem, type ActiveGroup } from './newton-system.js';

/** One group of the working set. */
interface WorkingGroup {
  readonly id: number;
  readonly pattern: SubNetworkPattern;
  readonly sign: 1 | -1;
  readonly projection: ConeProjection | null;
  /** Proximal centre z_g. */
  readonly center: Float64Array;
  /** prox(z_g − σ σ_g A_gᵀ v) at the last evaluated v. */
  readonly trial: Float64Array;
  /** Projection of the argument onto the cone, and its norm. */
  readonly projected: Float64Array;
  norm: number;
  centerNorm: number;
}

/** Where the inner minimisation stands at one u, with v = ∇𝓛(u). */
interface Evaluation {
  readonly u: Float64Array;
  /** ψ_σ(v). */
  readonly value: number;
  /** ∇ψ_σ(v) = u − f(prox…). */
  readonly gradient: Float64Array;
  /** Square root of the curvature ∇²𝓛(u). */
  readonly scale: Float64Array;
  /** ‖scale ∘ gradient‖: bounds the Newton decrement, so ψ(v) − min ψ ≲ ½ residual². */
  readonly residual: number;
}

const ARMIJO = 1e-4;

/**
 * Augmented Lagrangian method on the dual of the convex program restricted to a working set of groups, with
 * semismooth Newton inner iterations (SSNAL: Li, Sun & Toh 2018; for group norms Zhang, Zhang, Sun & Toh 2020).
 *
 * One outer step from the proximal centre z solves
 *
 *     min_v ψ_σ(v) = 𝓛*(v) + (1/2σ) Σ_g ( ‖Π_{K_g}(z_g − σ σ_g A_gᵀ v)‖ − σβ )₊²
 *
 * whose gradient is ∇𝓛*(v) − f(prox…); then z becomes the prox. That is the proximal point method on the primal:
 * the objective never rises, any σ > 0 converges, and the larger σ is the fewer outer steps are needed.
 *
 * Newton works on u with v = ∇𝓛(u), so that v never leaves the domain of 𝓛* and no conjugate gradient is needed:
 * with S = ∇²𝓛(u)^½, (I + σ S A J Aᵀ S) q = −S·gradient and the step in u is −gradient − σ A J Aᵀ S q. Armijo's line
 * search on ψ makes it converge from everywhere, superlinearly at the end.
 */
export class AugmentedLagrangian {
  /** Proximal parameter σ > 0; may be changed between outer steps. */
  sigma: number;
  /** Inner iterate u, length n; the dual iterate is ∇𝓛(u). */
  private u: Float64Array;
  newtonSteps = 0;
  private readonly program: ConvexProgram;
  private readonly cones: ConePool | null;
  private readonly newton: NewtonSystem;
  private readonly groups = new Map<number, WorkingGroup>();
  private readonly argument: Float64Array;
  private readonly adjoint: Float64Array;

  constructor(program: ConvexProgram, cones: ConePool | null, start: { u: Float64Array; sigma: number }) {
    this.program = program;
    this.cones = cones;
    this.newton = new NewtonSystem(program.rows);
    this.u = Float64Array.from(start.u);
    this.sigma = start.sigma;
    this.argument = new Float64Array(groupDims(program));
    this.adjoint = new Float64Array(groupDims(program));
  }

  get workingSetSize(): number {
    return this.groups.size;
  }

  has(id: number): boolean {
    return this.groups.has(id);
  }

  /** Adds group `id` with starting coefficients (zero where not given). */
  add(id: number, start?: Float64Array): void {
    if (this.groups.has(id)) return;
    const { program } = this;
    const dims = groupDims(program);
    const pattern = patternOfGroup(program, id);
    const center = start ? Float64Array.from(start) : new Float64Array(dims);
    this.groups.set(id, {
      id,
      pattern,
      sign: signOfGroup(program, id),
      projection: this.cones ? this.cones.projection(id, pattern) : null,
      center,
      trial: Float64Array.from(center),
      projected: new Float64Array(dims),
      norm: 0,
      centerNorm: norm2(center),
    });
  }

  /** Drops groups that are zero and that `keep` does not ask for. */
  dropZeros(keep: (id: number) => boolean): void {
    for (const group of this.groups.values()) {
      if (group.centerNorm === 0 && !keep(group.id)) this.groups.delete(group.id);
    }
  }

  /**
   * v = ∇𝓛(u), in the domain of 𝓛*. After an outer step its dual infeasibility is at most the move of the centre / σ,
   * far less than that of ∇𝓛 at the centre's own predictor, which the inner residual spoils to first order.
   */
  dualIterate(): Float64Array {
    const v = new Float64Array(this.u.length);
    this.program.loss.gradientInto(v, this.u, this.program.y);
    return v;
  }

  /** Non-zero coefficients at the current centre, by group number ascending. */
  coefficients(): Map<number, Float64Array> {
    const found = [...this.groups.values()].filter((group) => group.centerNorm > 0);
    found.sort((a, b) => a.id - b.id);
    return new Map(found.map((group) => [group.id, Float64Array.from(group.center)]));
  }

  /**
   * One outer step: minimises ψ_σ until its Newton decrement is below max(floor, accuracy · ‖z⁺ − z‖/√σ), moves the
   * centre, and returns the length of the move and whether that accuracy was reached. `pause` is awaited before every Newton step; it may throw to stop.
   */
  async step(
    options: { readonly accuracy: number; readonly floor: number; readonly maxNewton: number },
    pause: () => Promise<void>,
  ): Promise<{ readonly move: number; readonly converged: boolean }> {
    let here = this.evaluate(this.u);
    let newton = 0;
    const isConverged = (): boolean =>
      here.residual <=
      Math.max(options.floor, (options.accuracy * this.moveLength()) / Math.sqrt(this.sigma));
    while (!isConverged() && newton < options.maxNewton) {
      await pause();
      const next = this.newtonStep(here);
      newton++;
      if (!next) break; // no decrease to working precision
      here = next;
    }
    const converged = isConverged();
    this.newtonSteps += newton;
    const move = this.moveLength();
    // A subproblem left half-solved says nothing about where the centre should go.
    if (!converged) return { move: 0, converged };
    this.u = here.u;
    for (const group of this.groups.values()) {
      group.center.set(group.trial);
      group.centerNorm = norm2(group.center);
    }
    return { move, converged };
  }

  private moveLength(): number {
    let sum = 0;
    for (const { trial, center } of this.groups.values()) {
      for (let t = 0; t < trial.length; t++) sum += (trial[t]! - center[t]!) ** 2;
    }
    return Math.sqrt(sum);
  }

  /** ψ and its gradient at ∇𝓛(u); leaves the trial coefficients and projections of every group behind. */
  private evaluate(u: Float64Array): Evaluation {
    const { program, sigma, argument, adjoint } = this;
    const { loss, y } = program;
    const { n } = program.rows;
    const v = new Float64Array(n);
    loss.gradientInto(v, u, y);
    const threshold = sigma * program.beta;
    const predictor = new Float64Array(n);
    let squares = 0;
    let adjointOf: SubNetworkPattern | null = null;
    for (const group of this.groups.values()) {
      // Where the two signs of a pattern follow one another, as after a warm start, one adjoint serves both.
      if (adjointOf !== group.pattern) {
        adjointInto(adjoint, program.rows, group.pattern, v);
        adjointOf = group.pattern;
      }
      const scale = -sigma * group.sign;
      for (let t = 0; t < argument.length; t++) argument[t] = group.center[t]! + scale * adjoint[t]!;
      group.norm = this.projectInto(group, threshold);
      const factor = group.norm > threshold ? 1 - threshold / group.norm : 0;
      if (factor === 0) {
        group.trial.fill(0);
        continue;
      }
      for (let t = 0; t < argument.length; t++) group.trial[t] = factor * group.projected[t]!;
      squares += (group.norm - threshold) ** 2;
      addForward(predictor, program.rows, group.pattern, group.trial, group.sign);
    }
    const scale = new Float64Array(n);
    loss.curvatureInto(scale, u, y);
    for (let i = 0; i < n; i++) scale[i] = Math.sqrt(scale[i]!);
    const gradient = u.map((value, i) => value - predictor[i]!);
    return {
      u,
      // Fenchel–Young with equality: 𝓛*(∇𝓛(u)) = ⟨u, v⟩ − 𝓛(u).
      value: dot(u, v) - loss.value(u, y) + squares / (2 * sigma),
      gradient,
      scale,
      residual: norm2(gradient.map((value, i) => scale[i]! * value)),
    };
  }

  private projectInto(group: WorkingGroup, threshold: number): number {
    const { argument } = this;
    if (!group.projection) {
      group.projected.set(argument);
      return norm2(argument);
    }
    const length = norm2(argument);
    if (length <= threshold) return length;
    return group.projection.project(group.projected, argument, this.cones!.slack, threshold);
  }

  private newtonStep(here: Evaluation): Evaluation | null {
    const { sigma } = this;
    const { rows } = this.program;
    const { u, scale, gradient } = here;
    const active = this.activeGroups();
    const rhs = gradient.map((g, i) => -g * scale[i]!);
    const q = this.newton.solve(scale, sigma, active, rhs);
    const weighted = q.map((value, i) => value * scale[i]!);
    const step = gradient.map((g) => -g);
    addGeneralisedHessian(step, rows, active, weighted, -sigma);
    const slope = dot(gradient, weighted);
    for (let length = 1; length > 1e-12; length /= 2) {
      const there = this.evaluate(u.map((value, i) => value + length * step[i]!));
      // Near the minimum ψ no longer resolves the decrease; there the gradient decides.
      const decreased =
        there.value <= here.value + ARMIJO * length * slope ||
        (Math.abs(slope) <= 1e-11 * Math.abs(here.value) && there.residual < here.residual);
      if (decreased) return there;
    }
    this.evaluate(u);
    return null;
  }

  private activeGroups(): ActiveGroup[] {
    const threshold = this.sigma * this.program.beta;
    const active: ActiveGroup[] = [];
    for (const { pattern, norm, projected, projection } of this.groups.values()) {
      if (norm <= threshold) continue;
      active.push({
        pattern,
        direction: projected.map((value) => value / norm),
        shrink: threshold / norm,
        face: projection?.qr ?? null,
      });
    }
    return active;
  }
}
