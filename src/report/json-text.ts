/** JSON for people and for diffs: indented by one space, but every list of bare numbers on one line. */
export function jsonText(value: unknown): string {
  // A line break stands only between tokens: inside of strings JSON writes \n.
  const text = JSON.stringify(value, null, 1).replace(/\[\n[\s\d.eE+,nul-]*\n\s*\]/g, (list) =>
    list.replace(/\s+/g, ''),
  );
  return `${text}\n`;
}
