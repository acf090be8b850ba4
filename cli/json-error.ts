const spaces = /[ \t\n\r]*/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const word = /true|false|null/y;
/** At most four characters that a number or a word may end in when it is cut: `0.`, `1e+`, `-`, `fals`. */
const cutToken = /(?:\d(?:\.|[eE][+-]?)|-|\b(?:t|tr|tru|f|fa|fal|fals|n|nu|nul))$/;
const LONGEST_CUT = 4;
const cutEscape = /^\\(?:u[0-9a-fA-F]{0,3})?$/;
const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | 'colon' | 'comma or end' | 'nothing';

/**
 * Index of the first character at which a text stops being JSON, the length of the text if it only ends too early, and
 * −1 if it is JSON. The messages of JSON.parse do not always hold it. O(length).
 */
export function jsonErrorAt(text: string): number {
  const open: ('[' | '{')[] = [];
  let expected: Expected = 'value';
  let at = 0;
  const match = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.test(text);
    if (found) at = pattern.lastIndex;
    return found;
  };
  const after = (): Expected => (open.length > 0 ? 'comma or end' : 'nothing');
  for (;;) {
    match(spaces);
    const character = text[at];
    if (character === undefined) return expected === 'nothing' ? -1 : text.length;
    const closes = open.at(-1) === '{' ? '}' : ']';
    const mayClose = expected === 'comma or end' || expected === `value or ]` || expected === 'key or }';
    if (mayClose && character === closes) {
      open.pop();
      at++;
      expected = after();
    } else if (expected === 'comma or end' && character === ',') {
      at++;
      expected = open.at(-1) === '{' ? 'key' : 'value';
    } else if (expected === 'colon' && character === ':') {
      at++;
      expected = 'value';
    } else if ((expected === 'key' || expected === 'key or }') && character === '"') {
      const end = stringEnd(text, at);
      if (end.error) return end.at;
      at = end.at;
      expected = 'colon';
    } else if (expected === 'value' || expected === 'value or ]') {
      if (character === '"') {
        const end = stringEnd(text, at);
        if (end.error) return end.at;
        at = end.at;
        expected = after();
      } else if (character === '[' || character === '{') {
        open.push(character);
        at++;
        expected = character === '[' ? 'value or ]' : 'key or }';
      } else if (match(number) || match(word)) {
        expected = after();
      } else {
        return endsInToken(text, at) ? text.length : at;
      }
    } else {
      return endsInToken(text, at) ? text.length : at;
    }
  }
}

/** True where the text ends inside a number (its first part may be behind `at` already) or a word. */
function endsInToken(text: string, at: number): boolean {
  return text.length - at <= LONGEST_CUT && cutToken.test(text.slice(Math.max(0, at - 1)));
}

/** Index behind the string that starts at `start`, or of its first wrong character. */
function stringEnd(text: string, start: number): { at: number; error: boolean } {
  for (let at = start + 1; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === '"') return { at: at + 1, error: false };
    if (character < ' ') return { at, error: true };
    if (character === '\\') {
      escape.lastIndex = at;
      if (!escape.test(text))
        return {
          at: cutEscape.test(text.slice(at, at + 6)) && at + 6 > text.length ? text.length : at,
          error: true,
        };
      at = escape.lastIndex - 1;
    }
  }
  return { at: text.length, error: true };
}
