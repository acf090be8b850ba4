import { describe, expect, it } from 'vitest';
import { termSize } from '../../test/fixtures/pricing-case.js';
import { normalRows, normals } from '../../test/fixtures/random-program.js';
import { SUMMATION } from '../../test/tolerances.js';
import type { Rows } from '../arrangement/sub-network-pattern.js';
import { CircleSupport } from './circle-support.js';
import { signedTrees } from './signed-tree.js';
import { TreeSearch, type PricingCount } from './tree-search.js';

const unit = signedTrees([])[0]!;
const pause = (): Promise<void> => Promise.resolve();

function searchOf(rows: Rows, regions: number): { search: TreeSearch; count: PricingCount } {
  const count = { regions: 0, exactRegions: 0, verifications: 0 };
  return { search: new TreeSearch(rows, unit, { regions, count }), count };
}

describe('TreeSearch', () => {
  const rows = normalRows(400, 2, 1);
  const v = normals(400, 2).map((value, i) => (i % 2 === 0 ? 1e3 : 1e-3) * value);

  it('walks round the circle in the plane: exact, every arc counted', async () => {
    const { search, count } = searchOf(rows, 800);
    const { upper, complete } = await search.search(v, 0, pause);
    expect(upper).toBe(new CircleSupport(rows).maximum(v));
    expect(search.loose(v)).toBe(upper);
    expect(complete).toBe(true);
    expect(count).toMatchObject({ regions: 800, exactRegions: 800 });
  });

  it('gives the best local maxima first and none twice', async () => {
    // Rows all round, every other one repelling: a maximum in every other gap.
    const angles = Array.from({ length: 100 }, (_, i) => (i * Math.PI) / 50 + 1e-3 * (i % 7));
    const wheel = { X: Float64Array.from(angles.flatMap((a) => [Math.cos(a), Math.sin(a)])), n: 100, d: 2 };
    const v = Float64Array.from(angles, (_, i) => (i % 2 === 0 ? 1 : -0.99) * (1 + i / 1e4));
    const { search } = searchOf(wheel, 800);
    const all = new CircleSupport(wheel);
    all.maximum(v);
    const expected = all.peaks(0).map((arc) => all.violation(arc).support);
    expect(expected.length).toBeGreaterThan(32);
    const first = search.localMaxima(v, 0)!.map(({ support }) => support);
    const { violations } = await search.search(v, 0, pause);
    expect(first).toEqual(expected.slice(-16));
    expect(violations.map(({ support }) => support)).toEqual(expected.slice(-32, -16));
  });

  it('keeps to its budget of regions in the plane too', async () => {
    const { search, count } = searchOf(rows, 799);
    expect(search.isExact).toBe(false);
    expect(search.localMaxima(v, 0)).toBe(null);
    const exact = new CircleSupport(rows).maximum(v);
    const { upper, complete } = await search.search(v, 0.99 * exact, pause);
    expect(complete).toBe(true);
    expect(Math.abs(upper - exact)).toBeLessThanOrEqual(SUMMATION * termSize(rows, v));
    expect(count.regions).toBeLessThanOrEqual(799);
    const small = await searchOf(rows, 3).search.search(v, 0.99 * exact, pause);
    expect(small.complete).toBe(false);
    expect(small.upper).toBeGreaterThanOrEqual(exact * (1 - SUMMATION));
  });
});
