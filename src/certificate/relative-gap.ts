/** gap / max(|objective|, smallest positive number): 0 when both bounds are 0. */
export function relativeGapOf(objective: number, bound: number): number {
  return (objective - bound) / Math.max(Math.abs(objective), Number.MIN_VALUE);
}
