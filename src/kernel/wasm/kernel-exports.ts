/** Exports that work on chunks `from` … `to` of the partition of a job, and so can be shared out among threads. */
export const CHUNKED_NAMES = [
  'packRows',
  'packTransposed',
  'packMasks',
  'packWidened',
  'packPanels',
  'packColumns',
  'forward',
  'adjoint',
  'signedProduct',
  'update',
  'scaleAndShift',
  'choleskyPanels',
  'choleskyUpdate',
  'choleskySolve',
] as const;

export type ChunkedName = (typeof CHUNKED_NAMES)[number];

type Chunked = (job: number, scratch: number, from: number, to: number) => void;

/** What kernel/index.ts exports. */
export type KernelExports = Readonly<Record<ChunkedName, Chunked>> & {
  readonly writeMaskTables: () => void;
  readonly choleskyDiagonal: (job: number) => number;
  readonly substitute: (job: number) => void;
};
