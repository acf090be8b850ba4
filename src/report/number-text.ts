const missing = 'not available';
const noBreakSpace = '\u00a0';

/** A count with thousands separated: `12,345`. */
export function countText(count: number): string {
  return Number.isFinite(count) ? Math.round(count).toLocaleString('en-US') : missing;
}

/** `count noun`, the noun in the plural unless there is exactly one: `1 row`, `2,000 rows`. */
export function countNoun(count: number, noun: string, plural = `${noun}s`): string {
  return `${countText(count)} ${count === 1 ? noun : plural}`;
}

/** A number for reading, to `digits` significant digits; very large and very small ones as `1.2 × 10⁻⁷`. */
export function numberText(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return missing;
  if (value === 0) return '0';
  const exponent = decimalExponent(value);
  if (exponent >= 7 || exponent < -4) return scientificText(value.toExponential(digits - 1));
  return withMinus(trimZeros(value.toFixed(Math.max(0, digits - 1 - exponent))));
}

/** A score, to four decimals where that says enough, so that a column of scores lines up. */
export function scoreText(value: number): string {
  const size = Math.abs(value);
  // A score so small is rounding: R² of the constant predictor.
  if (size < 1e-12) return '0.0000';
  if (!Number.isFinite(value) || size >= 1e6 || (size > 0 && size < 1e-3)) return numberText(value, 4);
  return withMinus(value.toFixed(size < 10 ? 4 : size < 1000 ? 2 : 0));
}

/** A share in percent, rounded **up** to two significant digits, so that a claim "within x %" stays true. */
export function percentTextUp(share: number): string {
  if (!Number.isFinite(share)) return missing;
  if (share <= 0) return `0${noBreakSpace}%`;
  const percent = share * 100;
  const step = 10 ** (decimalExponent(percent) - 1);
  const rounded = Number((Math.ceil(percent / step - 1e-9) * step).toPrecision(3));
  return `${numberText(rounded, 2)}${noBreakSpace}%`;
}

/**
 * An objective and its lower bound with enough digits to tell them apart, the objective rounded up and the bound
 * rounded down: what is printed is still a true pair of bounds. At most 15 significant digits.
 */
export function boundPairText(objective: number, bound: number): { objective: string; bound: string } {
  if (!Number.isFinite(objective) || !Number.isFinite(bound)) {
    return { objective: numberText(objective, 7), bound: numberText(bound, 7) };
  }
  const size = Math.max(Math.abs(objective), Math.abs(bound));
  if (size === 0) return { objective: '0', bound: '0' };
  const gap = objective - bound;
  const lead = decimalExponent(size);
  if (gap <= 0) return { objective: numberText(objective, 12), bound: numberText(bound, 12) };
  const wanted = lead - decimalExponent(gap) + 2;
  const digits = Math.min(15, Math.max(5, wanted));
  const decimals = Math.max(0, digits - 1 - lead);
  if (lead > 14 || decimals > 20) {
    return { objective: numberText(objective, digits), bound: numberText(bound, digits) };
  }
  return {
    objective: directedText(objective, decimals, Math.ceil),
    bound: directedText(bound, decimals, Math.floor),
  };
}

/** Seconds as a person says them: `0.42 s`, `3 min 20 s`, `2 h 5 min`. */
export function durationText(seconds: number): string {
  if (!Number.isFinite(seconds)) return missing;
  if (seconds < 60) return `${numberText(seconds, 3)} s`;
  const whole = Math.round(seconds);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours > 0 ? `${countText(hours)} h ${minutes} min` : `${minutes} min ${whole % 60} s`;
}

/** `text` cut to `limit` characters with an ellipsis; never splits a surrogate pair. */
export function shortText(text: string, limit: number): string {
  const characters = Array.from(text);
  return characters.length <= limit ? text : `${characters.slice(0, limit - 1).join('')}…`;
}

/** floor(log10 |value|), exact at powers of ten. */
export function decimalExponent(value: number): number {
  return Number(value.toExponential().split('e')[1]);
}

function directedText(value: number, decimals: number, round: (value: number) => number): string {
  const scale = 10 ** decimals;
  const scaled = value * scale;
  const nearest = Math.round(scaled);
  // A value that already has these decimals must not move by a whole unit because of the scaling's rounding.
  const integer = Math.abs(scaled - nearest) <= Math.abs(scaled) * 2 ** -52 ? nearest : round(scaled);
  return withMinus((integer / scale).toFixed(decimals));
}

function scientificText(exponential: string): string {
  const [mantissa = '', exponent = ''] = exponential.split('e');
  const raised = Array.from(exponent.replace('+', ''), (character) => superscripts[character] ?? character);
  const factor = withMinus(trimZeros(mantissa));
  const power = `10${raised.join('')}`;
  if (factor === '1') return power;
  return factor === '−1' ? `−${power}` : `${factor} × ${power}`;
}

const superscripts: Readonly<Record<string, string>> = {
  '-': '⁻',
  '0': '⁰',
  '1': '¹',
  '2': '²',
  '3': '³',
  '4': '⁴',
  '5': '⁵',
  '6': '⁶',
  '7': '⁷',
  '8': '⁸',
  '9': '⁹',
};

function trimZeros(digits: string): string {
  return digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits;
}

function withMinus(digits: string): string {
  return digits.replace('-', '−');
}
