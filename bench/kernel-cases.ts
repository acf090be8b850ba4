import type { DataMatrix, Kernel, MaskedColumns, SymmetricMatrix, Workspace } from '../src/kernel/kernel.js';
import { normalGenerator } from '../src/random.js';

/** What a kernel does in one turn. */
export interface PreparedRun {
  /** Untimed, before every turn. */
  refresh?(): void;
  once(): void;
  /** What is compared between kernels, after a turn. */
  result(): Float64Array;
  dispose(): void;
}

export interface KernelCase {
  readonly name: string;
  readonly flops: number;
  /** The same by numpy: statements before, and the one that is timed. */
  readonly numpy: { readonly setup: string; readonly statement: string; readonly flops: number };
  prepare(kernel: Kernel): PreparedRun;
}

const SIZES = [
  [1000, 50, 500],
  [5000, 100, 1000],
  [20_000, 100, 1000],
] as const;

export const kernelCases: readonly KernelCase[] = [
  ...SIZES.map(([n, d, count]) => forwardCase(n, d, count)),
  ...SIZES.map(([n, d, count]) => adjointCase(n, d, count)),
  ...SIZES.slice(0, 2).map(([n, , count]) => outerProductsCase(count, n)),
  maskedGramCase(1000, 50, 500),
  maskedGramCase(2000, 100, 1000),
  ...[500, 1000, 2000].map((order) => choleskyCase(order)),
  ...SIZES.map(([n, d]) => productCase(n, d)),
];

function forwardCase(n: number, d: number, count: number): KernelCase {
  const flops = 2 * n * d * count;
  return {
    name: `X·V fused ${n}×${d}×${count}`,
    flops,
    numpy: { setup: `A = normal(${n}, ${d}); B = normal(${d}, ${count})`, statement: 'A @ B', flops },
    prepare: (kernel) => {
      const { workspace, columns } = prepared(kernel, n, d, count);
      const z = normals(count * d, 2);
      const out = new Float64Array(n);
      return {
        ...disposing(workspace),
        refresh: () => out.fill(0),
        once: () => {
          workspace.addForward(out, columns, z);
        },
        result: () => out,
      };
    },
  };
}

function adjointCase(n: number, d: number, count: number): KernelCase {
  const flops = 2 * n * d * count;
  return {
    name: `Xᵀ·R fused ${n}×${d}×${count}`,
    flops,
    numpy: { setup: `A = normal(${n}, ${d}); B = normal(${n}, ${count})`, statement: 'A.T @ B', flops },
    prepare: (kernel) => {
      const { workspace, columns } = prepared(kernel, n, d, count);
      const v = normals(n, 3);
      const out = new Float64Array(count * d);
      return {
        ...disposing(workspace),
        once: () => {
          workspace.adjointInto(out, columns, v);
        },
        result: () => out,
      };
    },
  };
}

function outerProductsCase(order: number, count: number): KernelCase {
  const flops = order * order * count;
  return {
    name: `C·Cᵀ order ${order} of ${count}`,
    flops,
    numpy: { setup: `A = normal(${order}, ${count})`, statement: 'A @ A.T', flops },
    prepare: (kernel) => {
      const workspace = kernel.workspace(matrix(1, 1));
      const H = workspace.symmetric(order);
      const columns = normals(order * count, 4);
      return {
        ...disposing(workspace),
        refresh: () => {
          H.clear();
        },
        once: () => {
          H.addOuterProducts(columns, count, 1);
        },
        result: () => solved(H, count),
      };
    },
  };
}

function maskedGramCase(n: number, d: number, count: number): KernelCase {
  const flops = n * n * count;
  return {
    name: `masked Gram n ${n} of ${count}`,
    flops,
    numpy: {
      setup: `A = normal(${n}, ${count}); B = normal(${n}, ${n})`,
      statement: '(A @ A.T) * B',
      flops,
    },
    prepare: (kernel) => {
      const { workspace, columns } = prepared(kernel, n, d, count);
      const H = workspace.symmetric(n);
      const weights = Float64Array.from(columns.scales, Math.abs);
      return {
        ...disposing(workspace),
        refresh: () => {
          H.clear();
        },
        once: () => {
          H.addMaskedGram(columns.masks, weights);
        },
        result: () => solved(H, count * d),
      };
    },
  };
}

function choleskyCase(order: number): KernelCase {
  const flops = order ** 3 / 3;
  return {
    name: `Cholesky order ${order}`,
    flops,
    numpy: {
      setup: `A = normal(${order}, ${order}); A = A @ A.T + ${order} * np.eye(${order})`,
      statement: 'np.linalg.cholesky(A)',
      flops,
    },
    prepare: (kernel) => {
      const workspace = kernel.workspace(matrix(1, 1));
      const H = workspace.symmetric(order);
      const columns = normals(order * 8, 5);
      const ones = new Float64Array(order).fill(1);
      return {
        ...disposing(workspace),
        refresh: () => {
          H.clear();
          H.addOuterProducts(columns, 8, 1);
          H.scaleAndShift(ones, 8);
        },
        once: () => {
          H.factor();
        },
        result: () => {
          const b = normals(order, 6);
          H.solve(b);
          return b;
        },
      };
    },
  };
}

function productCase(n: number, d: number): KernelCase {
  const flops = 2 * n * d;
  return {
    name: `±X·z ${n}×${d}`,
    flops,
    numpy: { setup: `A = normal(${n}, ${d}); B = normal(${d})`, statement: 'A @ B', flops },
    prepare: (kernel) => {
      const { workspace, columns } = prepared(kernel, n, d, 1);
      const mask = columns.masks[0] ?? new Uint32Array();
      const z = normals(d, 6);
      const out = new Float64Array(n);
      return {
        ...disposing(workspace),
        once: () => {
          workspace.signedProductInto(out, mask, z);
        },
        result: () => out,
      };
    },
  };
}

function disposing(workspace: Workspace): Pick<PreparedRun, 'dispose'> {
  return {
    dispose: () => {
      workspace.dispose();
    },
  };
}

/** (H + shift·I)⁻¹·b: shows every entry of H. */
function solved(H: SymmetricMatrix, shift: number): Float64Array {
  H.scaleAndShift(new Float64Array(H.order).fill(1), shift);
  H.factor();
  const b = normals(H.order, 8);
  H.solve(b);
  return b;
}

function prepared(
  kernel: Kernel,
  n: number,
  d: number,
  count: number,
): { readonly workspace: Workspace; readonly columns: MaskedColumns } {
  const masks = Array.from({ length: count }, (_, c) => halfMask(n, c));
  const columns = { masks, scales: normals(count, 7), outputs: new Int32Array(count) };
  return { workspace: kernel.workspace(matrix(n, d)), columns };
}

function matrix(n: number, d: number): DataMatrix {
  return { X: normals(n * d, n + d), n, d };
}

function normals(length: number, seed: number): Float64Array {
  const normal = normalGenerator(seed);
  return Float64Array.from({ length }, () => normal());
}

/** A mask with about half of its bits. */
function halfMask(n: number, seed: number): Uint32Array {
  const mask = new Uint32Array(Math.ceil(n / 32));
  normals(n, seed + 100).forEach((value, i) => {
    if (value > 0) mask[i >>> 5] = (mask[i >>> 5] ?? 0) | (1 << (i & 31));
  });
  return mask;
}
