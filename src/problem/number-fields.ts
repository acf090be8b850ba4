import { z } from 'zod';

/** A whole number of a range, with the range as the message of every issue. */
function wholeNumber(smallest: number, largest: number): z.ZodInt {
  const text = `a whole number from ${smallest} to ${largest}`;
  return z.int(text).min(smallest, text).max(largest, text);
}

/**
 * Numbers that problem files and estimators have in common. Messages say what was expected; the edge adds the field and
 * the value found.
 */
export const numberFields = {
  beta: z.number('a number ≥ 0').min(0, 'a number ≥ 0'),
  huberDelta: z.number('a number > 0').positive('a number > 0'),
  epsilon: z.number('a number ≥ 0').min(0, 'a number ≥ 0'),
  width: wholeNumber(1, 64),
  units: wholeNumber(1, 4096),
  sample: wholeNumber(1, 1_000_000),
  adaptive: wholeNumber(1, 100_000),
  rank: wholeNumber(1, 1_000_000),
  maxRegions: wholeNumber(1, 1_000_000_000),
  threads: wholeNumber(1, 64),
  seed: wholeNumber(0, 4_294_967_295),
  tolerance: z
    .number('a number from 1e-12 to 1')
    .min(1e-12, 'a number from 1e-12 to 1')
    .max(1, 'a number from 1e-12 to 1'),
  timeLimit: z.number('seconds > 0').positive('seconds > 0'),
  maxIterations: z.int('a whole number ≥ 1').min(1, 'a whole number ≥ 1'),
} as const;
