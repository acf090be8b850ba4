import { dot, norm2 } from '../linalg/vector.js';
import type { MaskedColumns, Workspace } from '../kernel/kernel.js';
import { columnsOf, type GroupMap } from '../operator/group-columns.js';
import type { Curvature } from '../loss/index.js';
import {
  groupDims,
  outputOfGroup,
  patternOfGroup,
  signCount,
  signOfGroup,
  type ConvexProgram,
} from '../program/convex-program.js';
import type { ConeProjection } from '../prox/cone-projection.js';
import type { ConePool } from '../prox/cone-pool.js';
import type { SubNetworkPattern } from '../arrangement/sub-network-pattern.js';
import type { ActiveGroup } from './active-group.js';
import type { DualTerm, DualTermState } from './dual-term.js';
import { newtonStep } from './newton-system.js';

/** One group of the working set. */
interface WorkingGroup {
  readonly id: number;
  readonly pattern: SubNetworkPattern;
  readonly output: number;
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
  /** Which adjoint is its own: groups that differ in sign only share one. */
  slot: number;
}

/** Where the inner minimisation stands. */
interface Evaluation {
  /** Inner variable of the {@link DualTerm}. */
  readonly w: Float64Array;
  /** ψ_σ(v). */
  readonly value: number;
  /** ∇ψ_σ(v): outputs that the loss asks for − f(prox…). */
  readonly gradient: Float64Array;
  /** Inverse second derivative of the loss's term. */
  readonly curvature: Curvature;
  /** √⟨gradient, curvature·gradient⟩: bounds the Newton decrement, so ψ(v) − min ψ ≲ ½ residual². */
  readonly residual: number;
}

/** Between two outer steps. */
export interface InnerState {
  readonly sigma: number;
  readonly newtonSteps: number;
  readonly term: DualTermState;
  /** The working set, with its proximal centres. */
  readonly groups: readonly { readonly id: number; readonly center: Float64Array }[];
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
 * the objective never rises, any σ > 0 converges, and the larger σ is the fewer outer steps are needed. For a loss whose
 * conjugate is not smooth 𝓛* is replaced by a smooth term with proximal terms of its own (see {@link DualTerm}).
 *
 * With H the inverse second derivative of that term, the Newton step in outputs solves (I + σ A J Aᵀ H)·Δu = −gradient, and
 * Δv = H Δu. Armijo's line search on ψ makes it converge from everywhere, superlinearly at the end.
 */
export class AugmentedLagrangian {
  /** Proximal parameter σ > 0; see {@link AugmentedLagrangian.rescale}. */
  sigma: number;
  newtonSteps = 0;
  private readonly program: ConvexProgram;
  private readonly term: DualTerm;
  private readonly cones: ConePool | null;
  private readonly workspace: Workspace;
  private readonly groups = new Map<number, WorkingGroup>();
  private readonly argument: Float64Array;
  /** A_cᵀ of every slot, one after the other, with their columns; null when the working set has changed. */
  private slots: { readonly columns: MaskedColumns; readonly adjoints: Float64Array } | null = null;
  /** Trial coefficients of the groups that are not zero, one after the other. */
  private trials = new Float64Array(0);

  constructor(
    program: ConvexProgram,
    start: {
      readonly workspace: Workspace;
      readonly cones: ConePool | null;
      readonly term: DualTerm;
      readonly sigma: number;
    },
  ) {
    this.program = program;
    this.workspace = start.workspace;
    this.term = start.term;
    this.cones = start.cones;
    this.sigma = start.sigma;
    this.argument = new Float64Array(groupDims(program));
  }

  /** Copies of all that a later solve goes on from. */
  state(): InnerState {
    const groups = [...this.groups.values()].map(({ id, center }) => ({
      id,
      center: Float64Array.from(center),
    }));
    return { sigma: this.sigma, newtonSteps: this.newtonSteps, term: this.term.state(), groups };
  }

  /** Multiplies σ and the proximal parameter of the loss by a factor > 0: between outer steps. */
  rescale(factor: number): void {
    this.sigma *= factor;
    this.term.rescale(factor);
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
      output: outputOfGroup(program, id),
      sign: signOfGroup(program, id),
      projection: this.cones ? this.cones.projection(id, pattern) : null,
      center,
      trial: Float64Array.from(center),
      projected: new Float64Array(dims),
      norm: 0,
      centerNorm: norm2(center),
      slot: 0,
    });
    this.slots = null;
  }

  /** Drops groups that are zero and that `keep` does not ask for. */
  dropZeros(keep: (id: number) => boolean): void {
    for (const group of this.groups.values()) {
      if (group.centerNorm === 0 && !keep(group.id)) this.groups.delete(group.id);
    }
    this.slots = null;
  }

  /**
   * Dual vector in the domain of 𝓛*. After an outer step its dual infeasibility is at most the move of the centres / σ,
   * far less than that of ∇𝓛 at the centre's own predictor, which the inner residual spoils to first order.
   */
  dualIterate(): Float64Array {
    return this.term.dualIterate();
  }

  /** Non-zero coefficients at the current centre, by group number ascending. */
  coefficients(): Map<number, Float64Array> {
    const found = [...this.groups.values()].filter((group) => group.centerNorm > 0);
    found.sort((a, b) => a.id - b.id);
    return new Map(found.map((group) => [group.id, Float64Array.from(group.center)]));
  }

  /**
   * One outer step: minimises ψ_σ until its Newton decrement is below max(floor, accuracy · move of the centres), the move
   * being √(‖z⁺ − z‖²/σ + that of the loss's term), moves the centres, and returns ‖z⁺ − z‖ and whether that accuracy was
   * reached. `pause` is awaited before every Newton step; it may throw to stop.
   */
  async step(
    options: { readonly accuracy: number; readonly floor: number; readonly maxNewton: number },
    pause: () => Promise<void>,
  ): Promise<{ readonly move: number; readonly converged: boolean }> {
    let here = this.evaluate(this.term.start);
    let newton = 0;
    const isConverged = (): boolean => {
      const move = Math.hypot(this.moveLength() / Math.sqrt(this.sigma), this.term.moveLength(here.w));
      return here.residual <= Math.max(options.floor, options.accuracy * move);
    };
    // A start that passes for converged would leave v, and the term of a piecewise loss, as they are.
    const isIdle = (): boolean => newton === 0 && this.term.isProximal && here.residual > options.floor;
    while ((!isConverged() || isIdle()) && newton < options.maxNewton) {
      await pause();
      const next = this.newtonStep(here);
      newton++;
      if (!next) break; // no decrease to working precision
      here = next;
    }
    const converged = isConverged();
    this.newtonSteps += newton;
    const move = this.moveLength();
    // A subproblem left half-solved says nothing about where the centres should go, only where to go on.
    if (!converged) {
      this.term.resumeAt(here.w);
      return { move: 0, converged };
    }
    this.term.moveTo(here.w);
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

  /** ψ and its gradient; leaves the trial coefficients and projections of every group behind. */
  private evaluate(w: Float64Array): Evaluation {
    const { program, sigma, argument, workspace } = this;
    const { v, value, point, curvature } = this.term.at(w);
    const threshold = sigma * program.beta;
    const dims = argument.length;
    const { columns, adjoints } = (this.slots ??= this.assignSlots());
    workspace.adjointInto(adjoints, columns, v);
    const active: WorkingGroup[] = [];
    let squares = 0;
    for (const group of this.groups.values()) {
      const scale = -sigma * group.sign;
      const base = group.slot * dims;
      for (let t = 0; t < dims; t++) argument[t] = group.center[t]! + scale * adjoints[base + t]!;
      group.norm = this.projectInto(group, threshold);
      const factor = group.norm > threshold ? 1 - threshold / group.norm : 0;
      if (factor === 0) {
        group.trial.fill(0);
        continue;
      }
      for (let t = 0; t < dims; t++) group.trial[t] = factor * group.projected[t]!;
      squares += (group.norm - threshold) ** 2;
      active.push(group);
    }
    const gradient = Float64Array.from(point);
    this.subtractPredictor(gradient, active);
    const bent = new Float64Array(gradient.length);
    curvature.multiplyInto(bent, gradient);
    return {
      w,
      value: value + squares / (2 * sigma),
      gradient,
      curvature,
      residual: Math.sqrt(Math.max(0, dot(gradient, bent))),
    };
  }

  /** out −= Σ_g σ_g A_g · trial of g. */
  private subtractPredictor(out: Float64Array, groups: readonly WorkingGroup[]): void {
    if (groups.length === 0) return;
    const dims = this.argument.length;
    if (this.trials.length < groups.length * dims) this.trials = new Float64Array(2 * groups.length * dims);
    const { trials } = this;
    groups.forEach(({ trial }, at) => {
      for (let t = 0; t < dims; t++) trials[at * dims + t] = -trial[t]!;
    });
    this.workspace.addForward(out, columnsOf(groups), trials);
  }

  private assignSlots(): { readonly columns: MaskedColumns; readonly adjoints: Float64Array } {
    const numbers = new Map<number, number>();
    const maps: GroupMap[] = [];
    const perSlot = signCount(this.program);
    for (const group of this.groups.values()) {
      const key = Math.floor(group.id / perSlot);
      let slot = numbers.get(key);
      if (slot === undefined) {
        slot = maps.length;
        numbers.set(key, slot);
        maps.push({ pattern: group.pattern, output: group.output, sign: 1 });
      }
      group.slot = slot;
    }
    return { columns: columnsOf(maps), adjoints: new Float64Array(maps.length * this.argument.length) };
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
    const { w, curvature, gradient } = here;
    const groups = this.activeGroups();
    const step =
      groups.length === 0
        ? gradient.map((value) => -value)
        : newtonStep(this.workspace, { curvature, sigma: this.sigma, groups, gradient });
    const dualStep = new Float64Array(step.length);
    curvature.multiplyInto(dualStep, step);
    const slope = dot(gradient, dualStep);
    for (let length = 1; length > 1e-12; length /= 2) {
      const there = this.evaluate(this.term.along(w, length, step, dualStep));
      // Near the minimum ψ no longer resolves the decrease; there the gradient decides.
      const decreased =
        there.value <= here.value + ARMIJO * length * slope ||
        (Math.abs(slope) <= 1e-11 * Math.abs(here.value) && there.residual < here.residual);
      if (decreased) return there;
    }
    this.evaluate(w);
    return null;
  }

  private activeGroups(): ActiveGroup[] {
    const threshold = this.sigma * this.program.beta;
    const active: ActiveGroup[] = [];
    for (const { pattern, output, norm, projected, projection } of this.groups.values()) {
      if (norm <= threshold) continue;
      active.push({
        pattern,
        output,
        direction: projected.map((value) => value / norm),
        shrink: threshold / norm,
        face: projection?.qr ?? null,
      });
    }
    return active;
  }
}
