import { describe, expect, it } from 'vitest';
import { denseCone } from '../../test/fixtures/dense-cone.js';
import { normals } from '../../test/fixtures/random-program.js';
import { ViolationList } from './violation-list.js';

const B = Array.from({ length: 90 }, (_, i) => Array.from(normals(4, i)));
const cone = denseCone(B, 4);
const z = normals(4, 200);

function slacks(point: Float64Array): Float64Array {
  const out = new Float64Array(cone.count);
  cone.slackInto(out, point);
  return out;
}

/** Constraints that z violates by more than `-below`, worst first. */
function violatedBy(point: Float64Array, below = 0): number[] {
  const slack = slacks(point);
  return [...slack.keys()].filter((i) => slack[i]! < below).sort((a, b) => slack[a]! - slack[b]!);
}

/** Takes constraints until there is none. */
function takeAll(list: ViolationList, active: readonly number[], below = 0): number[] {
  const scratch = new Float64Array(cone.count);
  const taken: number[] = [];
  for (;;) {
    const next = list.take(z, scratch, below, [...active, ...taken]);
    if (next < 0) return taken;
    taken.push(next);
  }
}

describe('ViolationList', () => {
  it('takes the violated constraints, worst first, and no other', () => {
    const expected = violatedBy(z);
    expect(expected.length).toBeGreaterThan(32);
    expect(takeAll(new ViolationList(cone), [])).toEqual(expected);
    expect(takeAll(new ViolationList(cone), [], -0.5)).toEqual(violatedBy(z, -0.5));
  });

  it('passes over active ones, and over refused ones until they are forgiven', () => {
    const [first, second, third, ...others] = violatedBy(z);
    const list = new ViolationList(cone);
    list.refuse(second!);
    expect(takeAll(list, [first!])).toEqual([third, ...others]);
    list.forgive();
    expect(list.take(z, new Float64Array(cone.count), 0, [first!])).toBe(second);
  });

  it('follows the point: what is on the list counts as it is now', () => {
    const list = new ViolationList(cone);
    const scratch = new Float64Array(cone.count);
    list.take(z, scratch, 0, []);
    const opposite = z.map((value) => -value);
    const next = list.take(opposite, scratch, 0, []);
    expect(next).toBe(violatedBy(opposite)[0]);
    list.clear();
    expect(list.take(z, scratch, 0, [])).toBe(violatedBy(z)[0]);
  });
});
