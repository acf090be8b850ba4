import { RelucentError } from '../error.js';

/** Most numbers, names and other values in the JSON of a model: 160 MB of weights. */
const MOST_VALUES = 2e7;
/** Most lists and objects in it: one for each unit, and each takes some 50 bytes even when it is empty. */
const MOST_LISTS = 5e5;

/**
 * Refuses JSON whose parsed form would take far more memory than its text: `[],[],[],…`.
 * @throws RelucentError `invalid-model`
 */
export function refuseCrowded(text: string | Uint8Array): void {
  const isText = typeof text === 'string';
  let values = 0;
  let lists = 0;
  for (let i = 0; i < text.length; i++) {
    const code = isText ? text.charCodeAt(i) : text[i];
    if (code === 0x2c) values++;
    else if (code === 0x5b || code === 0x7b) lists++;
  }
  if (values > MOST_VALUES) throw crowded('values', MOST_VALUES, values);
  if (lists > MOST_LISTS) throw crowded('lists and objects', MOST_LISTS, lists);
}

/**
 * The parsed JSON of a model, not yet checked.
 * @throws RelucentError `invalid-model` for text that {@link refuseCrowded} refuses; SyntaxError for text that is no JSON
 */
export function parseModelText(text: string): unknown {
  refuseCrowded(text);
  return JSON.parse(text) as unknown;
}

function crowded(noun: string, most: number, found: number): RelucentError {
  return new RelucentError(
    'invalid-model',
    'model',
    `expected at most ${most} ${noun}, got ${found}; train with fewer patterns (sample) or columns`,
  );
}
