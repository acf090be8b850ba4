import { quoteValue, RelucentError } from '../src/error.js';

/** Range of a numeric option, with the words that describe it. */
export interface NumberRange {
  /** Completes "expected …", e.g. `a number ≥ 0`. */
  readonly expected: string;
  readonly accepts: (value: number) => boolean;
  /** Completes the line, e.g. `use 0 for no test part`. */
  readonly fix?: string;
}

/** Parser of a numeric option: the value, or one clear line. */
export function numberOption(name: string, range: NumberRange): (text: string) => number {
  return (text) => {
    const value = parseDecimal(text);
    if (value !== null && range.accepts(value)) return value;
    const got = value === null ? quoteValue(text) : text.trim();
    throw new RelucentError(
      'invalid-argument',
      name,
      `expected ${range.expected}, got ${got}${range.fix === undefined ? '' : `; ${range.fix}`}`,
    );
  };
}

/** Parser of an option with a few possible values. */
export function choiceOption<T extends string>(name: string, choices: readonly T[]): (text: string) => T {
  return (text) => {
    const found = choices.find((choice) => choice === text);
    if (found !== undefined) return found;
    throw new RelucentError(
      'invalid-argument',
      name,
      `expected ${choices.map((choice) => `"${choice}"`).join(' or ')}, got ${quoteValue(text)}`,
    );
  };
}

/** What --threads does, for the help. */
export const threadsText = 'threads, to the same result';

/** Parser of an option that may be repeated. */
export function collect(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), value];
}

export const ranges = {
  weight: { expected: 'a weight > 0', accepts: (value) => value > 0 && value <= 1e12 },
  beta: { expected: 'a number ≥ 0', accepts: (value) => value >= 0 && value <= 1e100 },
  ratio: {
    expected: 'a number above 0 and at most 1',
    accepts: (value) => value > 0 && value <= 1,
    fix: 'it is a share of the β above which the network is zero',
  },
  tolerance: {
    expected: 'a number from 1e-12 to 1',
    accepts: (value) => value >= 1e-12 && value <= 1,
    fix: 'it is a relative duality gap',
  },
  seconds: { expected: 'seconds > 0', accepts: (value) => value > 0 && value <= 1e9 },
  testFraction: {
    expected: 'a number from 0 to below 1',
    accepts: (value) => value >= 0 && value < 1,
    fix: 'use 0.25 for a quarter of the rows, 0 for no test part',
  },
  seed: wholeNumber(0, 4_294_967_295),
  sample: wholeNumber(1, 1_000_000),
  folds: wholeNumber(2, 100),
  betas: wholeNumber(2, 1000),
  pathRatio: {
    expected: 'a number above 0 and below 1',
    accepts: (value) => value >= 1e-9 && value < 1,
    fix: 'it is the smallest β of the path as a share of the largest',
  },
  width: wholeNumber(1, 64),
  rank: wholeNumber(1, 1_000_000),
  maxRegions: wholeNumber(1, 1_000_000_000),
  threads: wholeNumber(1, 64),
  port: wholeNumber(0, 65_535),
} as const satisfies Record<string, NumberRange>;

function wholeNumber(least: number, most: number): NumberRange {
  return {
    expected: `a whole number from ${least} to ${most}`,
    accepts: (value) => Number.isInteger(value) && value >= least && value <= most,
  };
}

/** A finite decimal number, or null. */
function parseDecimal(text: string): number | null {
  if (!/^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i.test(text)) return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}
