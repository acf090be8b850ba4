import type { WorkspaceMemory } from './workspace-memory.js';

/** Where the description of the current job lies; mask tables are below it. */
const JOB_ADDRESS = 4_096;

/** Fields of the structures in kernel/jobs.ts, in order: 32-bit numbers, but for a leading float64. */
export const MASKED_JOB = [
  'x',
  'xStride',
  'single',
  'd',
  'rows',
  'columns',
  'masks',
  'maskStride',
  'scales',
  'slots',
  'vector',
  'panels',
  'chunkColumns',
  'source',
] as const;

export const PRODUCT_JOB = ['x', 'xStride', 'single', 'd', 'rows', 'mask', 'z', 'out'] as const;

export const PACK_JOB = [
  'source',
  'sourceStride',
  'lead',
  'rows',
  'paddedRows',
  'columns',
  'pairs',
  'stride',
  'roots',
  'single',
] as const;

export const UPDATE_JOB = [
  'alpha',
  'h',
  'beside',
  'pairs',
  'stride',
  'depth',
  'rowFrom',
  'rowLow',
  'rowHigh',
  'columnFrom',
  'columnHigh',
  'panels',
  'chunks',
  'source',
  'sourceStride',
  'sourceColumn',
] as const;

export const FACTOR_JOB = [
  'shift',
  'h',
  'order',
  'column',
  'panels',
  'triangle',
  'chunks',
  'vector',
] as const;

/** The fields that are float64. */
export const WIDE_FIELDS: ReadonlySet<string> = new Set(['alpha', 'shift']);

/** Writes a job where the kernels read it, and returns its address. */
export function writeJob<Fields extends readonly string[]>(
  { u32, f64 }: WorkspaceMemory,
  fields: Fields,
  values: Readonly<Record<Fields[number], number>>,
): number {
  let at = JOB_ADDRESS >> 2;
  for (const field of fields as readonly Fields[number][]) {
    if (WIDE_FIELDS.has(field)) {
      f64[at >> 1] = values[field];
      at += 2;
    } else u32[at++] = values[field];
  }
  return JOB_ADDRESS;
}
