/**
 * A number given on the command line.
 *
 * @throws Error that names the option, what was expected and what was given.
 */
export function numberOption(
  name: string,
  text: string,
  { least = 0, whole = false }: { readonly least?: number; readonly whole?: boolean } = {},
): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (value >= least && value < Infinity && (!whole || Number.isInteger(value))) return value;
  throw new Error(`--${name}: expected a ${whole ? 'whole ' : ''}number ≥ ${least}, got "${text}"`);
}

/**
 * What is chosen by words that its name must all contain; everything without words.
 *
 * @throws Error that lists all names where no name does.
 */
export function chosenBy<Named extends { readonly name: string }>(
  words: readonly string[],
  all: readonly Named[],
): readonly Named[] {
  const chosen = all.filter(({ name }) => words.every((word) => name.includes(word)));
  if (chosen.length > 0) return chosen;
  const names = all.map(({ name }) => name).join('\n  ');
  throw new Error(`expected words of one of these names\n  ${names}\ngot "${words.join(' ')}"`);
}
