/**
 * The dense loops that all solves spend their time in, behind one interface with several implementations: plain JavaScript
 * (the oracle of the others), WebAssembly, native BLAS. Nothing here knows of groups or networks.
 */
export interface Kernel {
  /** What a result names, e.g. `WebAssembly SIMD`. */
  readonly name: string;
  /** A workspace for the data matrix; it holds a copy of X until {@link Workspace.dispose}. */
  workspace(data: DataMatrix): Workspace;
}

/** X, n×d row-major. A Float32Array is stored as it is and widened in registers: every sum is in float64. */
export interface DataMatrix {
  readonly X: Float64Array | Float32Array;
  readonly n: number;
  readonly d: number;
}

/** Columns c = 0 … of the n×(count) matrix with entries s_c · m_c[i] · ⟨x_i, z_c⟩: one per leaf of a group. */
export interface MaskedColumns {
  /** m_c, bit-packed: bit i & 31 of word i >> 5; bits from n on are 0. Length of each ⌈n/32⌉. */
  readonly masks: readonly Uint32Array[];
  /** s_c, any numbers. */
  readonly scales: readonly number[] | Float64Array;
  /** Which slice [o_c·n, (o_c + 1)·n) of an output-major vector a column belongs to. */
  readonly outputs: readonly number[] | Int32Array;
}

/**
 * A data matrix with everything that is done to it. Not reentrant; vectors handed in are never kept. Same input, same bits:
 * whatever the number of threads, each number of a result is summed in one fixed order.
 */
export interface Workspace {
  readonly n: number;
  readonly d: number;
  /** out[o_c·n + i] += Σ_c s_c m_c[i] ⟨x_i, z_c⟩, with z_c = z[c·d … c·d + d). 2·n·d·count flops; no n×count matrix is formed. */
  addForward(out: Float64Array, columns: MaskedColumns, z: Float64Array): void;
  /** out[c·d + t] = s_c Σ_i m_c[i] v[o_c·n + i] x_it: the adjoint, column by column. */
  adjointInto(out: Float64Array, columns: MaskedColumns, v: Float64Array): void;
  /** out[c·n + i] = s_c m_c[i] ⟨x_i, z_c⟩: the columns themselves. */
  imagesInto(out: Float64Array, columns: MaskedColumns, z: Float64Array): void;
  /** out[i] = ±⟨x_i, z⟩, + where the mask has a one: the slacks of the cone constraints (2D − I)·X·z ≥ 0. */
  signedProductInto(out: Float64Array, mask: Uint32Array, z: Float64Array): void;
  /** A symmetric matrix of that order, zero at first, in the workspace's memory. One at a time: the last one made counts. */
  symmetric(order: number): SymmetricMatrix;
  /** Frees the memory. Whatever is called afterwards throws. */
  dispose(): void;
}

/** A rectangle of a matrix. */
export interface Rectangle {
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
}

/** A symmetric matrix H of which the lower triangle is kept. */
export interface SymmetricMatrix {
  readonly order: number;
  /** H = 0. */
  clear(): void;
  /** H += alpha Σ_r c_r c_rᵀ with c_r = columns[r·order … (r + 1)·order). order²·count flops. */
  addOuterProducts(columns: Float64Array, count: number, alpha: number): void;
  /**
   * The rectangle of H += alpha · A·Bᵀ with A (rows×inner) and B (columns×inner), row-major. Only what lies on or below H's
   * diagonal counts.
   */
  addProduct(at: Rectangle, a: Float64Array, b: Float64Array, inner: number, alpha: number): void;
  /** H += Σ_c w_c (m_c m_cᵀ) ∘ XXᵀ, w_c ≥ 0; order = n. XXᵀ is formed once and kept. */
  addMaskedGram(masks: readonly Uint32Array[], weights: Float64Array): void;
  /** H = diag(scale) · H · diag(scale) + shift · I. */
  scaleAndShift(scale: Float64Array, shift: number): void;
  /** H = L·Lᵀ in place. Returns −1, or the first pivot that is not positive (H is then partly overwritten). */
  factor(): number;
  /** b = (L·Lᵀ)⁻¹·b in place, after {@link factor}. */
  solve(b: Float64Array): void;
}
