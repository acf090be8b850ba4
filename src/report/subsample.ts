/**
 * At most `limit` of `items`, evenly spaced and in order, the first and the last among them. The same input always
 * gives the same subset; a list that is short enough is returned as it is. O(limit).
 */
export function subsample<T>(items: readonly T[], limit: number): readonly T[] {
  if (items.length <= limit) return items;
  const step = (items.length - 1) / (limit - 1);
  const kept: T[] = [];
  for (let index = 0; index < limit; index += 1) {
    const item = items[Math.round(index * step)];
    if (item !== undefined) kept.push(item);
  }
  return kept;
}
