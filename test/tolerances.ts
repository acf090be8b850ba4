/**
 * Every numeric tolerance of the tests, with its reason. All are relative to the size of what is compared (see
 * fixtures/close.ts), unless the comment says absolute. u = 2⁻⁵³ ≈ 1.1e-16 is the unit roundoff of float64.
 */

/** Two summation orders of the same sum of up to ~1000 terms: at most 1000·u ≈ 1.1e-13, in practice a few u. */
export const SUMMATION = 2e-13;

/** One or two roundings, e.g. a formula evaluated in two algebraically equal ways. */
export const FEW_ROUNDINGS = 1e-15;

/** Subnormal numbers near 1e-320 have about 2000 representable steps below them: three digits are left. */
export const SUBNORMAL = 1e-3;

/** ‖QᵀQ − I‖ and ‖A − QR‖ after tens of Gram–Schmidt appends and Givens removals, each worth a few u. */
export const ORTHOGONALITY = 1e-13;

/** ‖A − LLᵀ‖/‖A‖ for Cholesky of order ≤ 200: theory n·u ≈ 2e-14 (Higham 2002, thm 10.3). */
export const FACTORISATION = 1e-13;

/** Solutions with a factor of condition ≤ 1e3: condition · FACTORISATION. */
export const FACTOR_SOLVE = 1e-10;

/** Central differences with step 1e-5 on O(1) functions: truncation ~1e-10, cancellation u/1e-5 ~ 1e-11, times constants. */
export const FINITE_DIFFERENCE = 1e-7;

/** Step of those central differences. */
export const DIFFERENCE_STEP = 1e-5;

/** Fenchel–Young equality: a few roundings of each of ~20 terms, relative to the sum of their sizes. */
export const FENCHEL_YOUNG = 1e-13;

/**
 * Loss and conjugate are rounded one by one, so the inequality may fail by roundings of the terms (absolute, times
 * the sum of the terms' sizes).
 */
export const WEAK_INEQUALITY = 1e-13;

/**
 * Cone projections: constraints are met to 1e-13 · ‖x‖ by design; two active sets that both do so can differ by that
 * times the condition of the active normals (≤ 1e3 in the generated cones).
 */
export const PROJECTION = 1e-9;

/** Feasibility of a projection: VIOLATION = 1e-13 in the source, and the rounding of the slack itself on top. */
export const FEASIBILITY = 5e-13;

/** ⟨Π(x), x − Π(x)⟩/‖x‖²: Q is orthonormal to 1e-15, and removeSpanFrom runs twice. */
export const MOREAU = 1e-12;

/** Central differences of the piecewise linear projection inside one piece: only cancellation, PROJECTION-like / step. */
export const JACOBIAN = 1e-7;

/** Sample mean and variance of N draws: five standard deviations is 5/√N; a wrong generator misses by far more. */
export const FIVE_SIGMA = 5;

/** Relative gap asked of solveProgram in oracle tests: three digits below ORACLE_OBJECTIVE. */
export const SOLVER_GAP = 1e-9;

/** Objectives of solver and reference: the brief's accuracy; FISTA itself is run until its step is FISTA_STEP. */
export const ORACLE_OBJECTIVE = 1e-6;

/**
 * FISTA's length of one step, relative to ‖z‖, at which it stops. Objective error is of the order of
 * (condition · step)², far below SOLVER_GAP.
 */
export const FISTA_STEP = 1e-11;

/** "Not above the reference by more than rounding": solver gap plus summation error of both objectives. */
export const ABOVE_REFERENCE = 2e-9;

/** A dual bound is below every feasible objective: only the rounding of the feasible objective itself is allowed. */
export const WEAK_DUALITY = 1e-13;

/** Quadprog's own accuracy: violation of a unit constraint, relative to ‖x‖, that the oracle still accepts. */
export const QUADPROG_FEASIBILITY = 1e-9;

/** Exhaustive face search: a candidate this close to feasible counts as feasible (relative to ‖x‖). */
export const FACE_FEASIBILITY = 1e-11;

/** Exhaustive face search: share of a normal outside the span so far, below which it is dependent. */
export const FACE_DEPENDENT = 1e-8;

/** Golden problems: reference and solver are both solved to 1e-9 or better, the comparison leaves a digit. */
export const GOLDEN_OBJECTIVE = 1e-8;

/** Relative gap asked of gated golden problems: the tolerance written in their files. */
export const GOLDEN_GAP = 1e-9;

/** Relative gap asked of the ReLU formulation on the same gates: cone projections cost a digit. */
export const GOLDEN_RELU_GAP = 1e-8;

/** Data rounded to nine digits after the reference was computed: 5e-10 per entry, times the dual vector's size. */
export const ROUNDED_DATA = 1e-7;

/** (1) evaluated on the weights against the convex objective: the constraints' FEASIBILITY and summation, times ‖X‖/β. */
export const NETWORK_OBJECTIVE = 1e-9;

/** Relative gap at which the laws of the optimum are checked; the laws then allow for exactly the gaps found. */
export const LAW_GAP = 1e-10;

/** Laws that are inequalities between objectives: roundings of sums of ≤ 100 terms on top of the gaps. */
export const LAW_ROUNDING = 1e-12;

/** Outputs at scales a power of two apart: all arithmetic is the same but for where absolute thresholds would enter. */
export const SCALED_OUTPUTS = 1e-12;

/** Unit normals of hyperplanes: a few roundings, times the condition of the pivots (≤ 1e4 in the generated rows). */
export const INCIDENCE = 1e-11;

/** Length of a witness: one division, d ≤ 10 squares. */
export const UNIT_LENGTH = 1e-14;
/** One network in several forms: the same products added up in other orders, at most ~100 of them. The issue asks for this. */
export const ARCHITECTURE = 1e-12;

/** Relative gap asked for with every loss, formulation and depth: what the issue promises. */
export const LOSS_GAP = 1e-8;

/** Relative gap of the searches behind the laws of `certify`: its bounds hold at any, and a rough one is quick. */
export const CERTIFY_GAP = 1e-3;

/**
 * Support values on cones 1e-7 thin (columns a million apart in scale): a projection leaves violations of 1e-13 by design,
 * over that width. Bounds are above by it, never below; points that attain them are off by it.
 */
export const THIN_CELL = 1e-6;

/** Optima over all arrangements: references were solved to a gap of 1e-7 or better, their data rounded to six digits first. */
export const GOLDEN_ALL = 1e-6;

/** Relative gap asked of the golden problem of depth 3: the tolerance written in its file. */
export const GOLDEN_DEEP_GAP = 1e-6;

/** A model and its export in the same float64 arithmetic: other summation orders and exp of another library, over tens of terms. */
export const EXPORTED = 1e-12;
