import type { ForeignLibrary } from './find-openblas.js';

/** C (m×n) = alpha·A·B + beta·C, all row-major; A and B may be stored transposed. */
export interface Product {
  readonly m: number;
  readonly n: number;
  /** Columns of A and rows of B. */
  readonly k: number;
  readonly alpha: number;
  readonly beta: 0 | 1;
  readonly a: Operand;
  readonly b: Operand;
  readonly c: Operand;
}

/** A matrix from the start of an array on; `stride` numbers from one stored row to the next. */
export interface Operand {
  readonly data: Float64Array;
  readonly stride: number;
  readonly transposed?: boolean;
}

/** Lower triangle of C (n×n) += alpha·A·Aᵀ; of Aᵀ·A where A is stored transposed. */
export interface SymmetricProduct {
  readonly n: number;
  readonly k: number;
  readonly alpha: number;
  readonly a: Operand;
  readonly c: Operand;
}

const ROW_MAJOR = 101;
const PLAIN = 111;
const TRANSPOSED = 112;
const LOWER = 122;
const NON_UNIT = 131;

type Routine = (...values: readonly unknown[]) => unknown;

/**
 * The routines of an OpenBLAS library that the kernel calls. Arrays are handed over without a copy; their lengths are the
 * caller's to check.
 */
export class Openblas {
  /** What the library says of itself: version, build options, the processor it takes this one for. */
  readonly config: string;
  private readonly setNumThreads: Routine;
  private readonly gemm: Routine;
  private readonly gemv: Routine;
  private readonly syrk: Routine;
  private readonly trsv: Routine;
  private readonly potrf: Routine;
  /** Kept: arrays made for every call cost more than the calls of small problems. */
  private readonly order = new Int32Array(1);
  private readonly info = new Int32Array(1);

  /** @throws Error where the library lacks one of the routines. */
  constructor(library: ForeignLibrary) {
    this.config = String(library.func('const char *openblas_get_config(void)')());
    this.setNumThreads = library.func('void openblas_set_num_threads(int)');
    const operands = 'double, double *, int, double *, int, double, double *, int';
    this.gemm = library.func(`void cblas_dgemm(int, int, int, int, int, int, ${operands})`);
    this.gemv = library.func(`void cblas_dgemv(int, int, int, int, ${operands})`);
    this.syrk = library.func(
      'void cblas_dsyrk(int, int, int, int, int, double, double *, int, double, double *, int)',
    );
    this.trsv = library.func('void cblas_dtrsv(int, int, int, int, int, double *, int, double *, int)');
    // Fortran compilers pass the length of a string after all other arguments.
    this.potrf = library.func('void dpotrf_(const char *, int *, double *, int *, int *, size_t)');
  }

  /** Threads of all later calls, by anyone in this process. */
  setThreads(threads: number): void {
    this.setNumThreads(threads);
  }

  /** 2·m·n·k flops. */
  multiply({ m, n, k, alpha, beta, a, b, c }: Product): void {
    if (m === 0 || n === 0) return;
    const left = a.transposed ? TRANSPOSED : PLAIN;
    const right = b.transposed ? TRANSPOSED : PLAIN;
    this.gemm(
      ...[ROW_MAJOR, left, right, m, n, k, alpha],
      ...[a.data, Math.max(1, a.stride), b.data, Math.max(1, b.stride), beta, c.data, c.stride],
    );
  }

  /** n²·k flops. */
  addSymmetricProduct({ n, k, alpha, a, c }: SymmetricProduct): void {
    if (n === 0 || k === 0) return;
    const left = a.transposed ? TRANSPOSED : PLAIN;
    this.syrk(ROW_MAJOR, LOWER, left, n, k, alpha, a.data, a.stride, 1, c.data, c.stride);
  }

  /** y += A·x for A (rows×columns). 2·rows·columns flops. */
  addProductWithVector(
    a: Float64Array,
    { rows, columns }: { readonly rows: number; readonly columns: number },
    x: Float64Array,
    y: Float64Array,
  ): void {
    if (rows === 0 || columns === 0) return;
    this.gemv(ROW_MAJOR, PLAIN, rows, columns, 1, a, columns, x, 1, 1, y, 1);
  }

  /**
   * A = L·Lᵀ in the lower triangle. Returns −1, or the first pivot that is not positive: zero, negative or not a number.
   * order³/3 flops.
   */
  factor(a: Float64Array, order: number): number {
    if (order === 0) return -1;
    this.order[0] = order;
    this.info[0] = 0;
    // The lower triangle by rows is the upper one by columns, as Fortran sees it.
    this.potrf('U', this.order, a, this.order, this.info, 1);
    const failed = this.info[0] > 0 ? this.info[0] - 1 : order;
    // OpenBLAS only looks for pivots ≤ 0 and so takes one that is not a number for a good one.
    for (let i = 0; i < failed; i++) if (!(a[i * order + i]! > 0)) return i;
    return failed < order ? failed : -1;
  }

  /** b = (L·Lᵀ)⁻¹·b. 2·order² flops. */
  solve(factor: Float64Array, order: number, b: Float64Array): void {
    if (order === 0) return;
    this.trsv(ROW_MAJOR, LOWER, PLAIN, NON_UNIT, order, factor, order, b, 1);
    this.trsv(ROW_MAJOR, LOWER, TRANSPOSED, NON_UNIT, order, factor, order, b, 1);
  }
}
