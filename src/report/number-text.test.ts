import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  boundPairText,
  countNoun,
  durationText,
  numberText,
  percentTextUp,
  scoreText,
  shortText,
} from './number-text.js';

describe('numberText', () => {
  it.each([
    [0, '0'],
    [-0.004, '−0.004'],
    [1234.5678, '1235'],
    [0.1 + 0.2, '0.3'],
    [1e-7, '10⁻⁷'],
    [1.25e12, '1.25 × 10¹²'],
    [99999999, '10⁸'],
    [NaN, 'not available'],
  ])('%d is %s', (value, text) => {
    expect(numberText(value)).toBe(text);
  });
});

describe('percentTextUp', () => {
  it.each([
    [0.001, '0.1 %'],
    [0.00012345, '0.013 %'],
    [1.001e-9, '1.1 × 10⁻⁷ %'],
    [0.5, '50 %'],
    [-1e-17, '0 %'],
    [12, '1200 %'],
  ])('%d is %s', (share, text) => {
    expect(percentTextUp(share).replaceAll('\u00a0', ' ')).toBe(text);
  });

  it('never understates a share', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-5, max: 1e3, noNaN: true }), (share) => {
        const shown = Number(
          percentTextUp(share)
            .replace('\u00a0%', '')
            .replace(/ × 10.*/, ''),
        );
        if (percentTextUp(share).includes('×') || percentTextUp(share).includes('10⁻')) return;
        expect(shown).toBeGreaterThanOrEqual(share * 100 * (1 - 1e-8));
        expect(shown).toBeLessThanOrEqual(share * 100 * 1.11);
      }),
    );
  });
});

describe('boundPairText', () => {
  it('shows where the two part, rounding outwards', () => {
    expect(boundPairText(48.126602, 48.120684)).toEqual({ objective: '48.1267', bound: '48.1206' });
    expect(boundPairText(2, 1)).toEqual({ objective: '2.0000', bound: '1.0000' });
    expect(boundPairText(295.2, 295.2)).toEqual({ objective: '295.2', bound: '295.2' });
    expect(boundPairText(0, 0)).toEqual({ objective: '0', bound: '0' });
    expect(boundPairText(5, -Infinity)).toEqual({ objective: '5', bound: 'not available' });
  });

  it('prints a pair that still encloses the pair given', () => {
    const positive = fc.double({ min: 1e-3, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(positive, fc.double({ min: 1e-9, max: 0.9, noNaN: true }), (objective, share) => {
        const bound = objective * (1 - share);
        const text = boundPairText(objective, bound);
        expect(Number(text.objective)).toBeGreaterThanOrEqual(objective * (1 - 1e-15));
        expect(Number(text.bound)).toBeLessThanOrEqual(bound * (1 + 1e-15));
        expect(text.objective).not.toBe(text.bound);
      }),
    );
  });
});

it('says counts, scores, durations and short names', () => {
  expect(countNoun(1, 'row')).toBe('1 row');
  expect(countNoun(20_000, 'row')).toBe('20,000 rows');
  expect(scoreText(0.972)).toBe('0.9720');
  expect(scoreText(-0.00001)).toBe('−10⁻⁵');
  expect(durationText(200)).toBe('3 min 20 s');
  expect(durationText(7500)).toBe('2 h 5 min');
  expect(shortText('😀😀😀😀', 3)).toBe('😀😀…');
});
