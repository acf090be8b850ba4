import { describe, expect, it } from 'vitest';
import { randomProgram } from '../../test/fixtures/random-program.js';
import { groupCount, patternOfGroup } from '../program/convex-program.js';
import { ConePool } from './cone-pool.js';
import { rowGeometry } from './row-geometry.js';

describe('ConePool', () => {
  const program = randomProgram({
    seed: 1,
    n: 9,
    d: 3,
    depth: 3,
    loss: 'squared',
    formulation: 'relu',
    betaRatio: 0.1,
    draws: 6,
  });

  it('makes one projection per group, and one cone per pattern', () => {
    const pool = new ConePool(rowGeometry(program.rows));
    for (let g = 0; g < groupCount(program); g++) {
      const pattern = patternOfGroup(program, g);
      const projection = pool.projection(g, pattern);
      expect(pool.projection(g, pattern)).toBe(projection);
      expect(projection.cone).toBe(pool.cone(pattern));
      if (g % 2 === 1) {
        const other = pool.projection(g - 1, pattern);
        expect(other).not.toBe(projection);
        expect(other.cone).toBe(projection.cone);
      }
    }
  });

  it('owns scratch as long as the largest cone made so far', () => {
    const pool = new ConePool(rowGeometry(program.rows));
    expect(pool.slack.length).toBe(0);
    let most = 0;
    for (const pattern of program.patterns) {
      most = Math.max(most, pool.cone(pattern).count);
      expect(pool.slack.length).toBe(most);
    }
  });
});
