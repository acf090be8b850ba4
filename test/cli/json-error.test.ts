import { describe, expect, it } from 'vitest';
import { jsonErrorAt } from '../../cli/json-error.js';

const text = '{"a": [-0.5, 1e+7, true, false, null, "x\\u00e9\\n", {}], "b": {"c": -12.25E-3}}';

describe('jsonErrorAt', () => {
  it('is −1 for JSON', () => {
    expect(jsonErrorAt(text)).toBe(-1);
  });

  // A model cut after "0." was once said to be wrong in its ".".
  it('is the end of a text that breaks off, wherever it does', () => {
    for (let length = 0; length < text.length; length++) {
      expect(jsonErrorAt(text.slice(0, length))).toBe(length);
    }
  });

  it.each([
    ['[1,]', 3],
    ['[.5]', 1],
    ['[1.]', 2],
    ['[1e]', 2],
    ['[-]', 1],
    ['[tru]', 1],
    ['["\\u12"]', 2],
    ['["a".', 4],
    ['{"a": NaN}', 6],
    ['[1] 2', 4],
  ])('is the first wrong character of %s', (wrong, at) => {
    expect(jsonErrorAt(wrong)).toBe(at);
  });
});
