/**
 * HTML that is safe to place in a page. Only `html` and `trustedMarkup` make one, so that text from the user's file
 * cannot reach the page unescaped.
 */
export class Markup {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

export type MarkupPart = string | number | Markup | readonly MarkupPart[];

/**
 * A tagged template of HTML: markup goes in as it is, lists are joined, strings and numbers are escaped for both text
 * and quoted attributes. Attributes have to be quoted in the template.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly MarkupPart[]): Markup {
  let source = strings[0] ?? '';
  parts.forEach((part, index) => {
    source += renderPart(part) + (strings[index + 1] ?? '');
  });
  return new Markup(source);
}

/** Markup that this package itself made: the style sheet and the SVG of charts. Never for text from outside. */
export function trustedMarkup(source: string): Markup {
  return new Markup(source);
}

/** `text` with the five characters escaped that mean something in HTML and XML, control characters replaced. */
export function escapeText(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for: XML forbids them
  const printable = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '\ufffd');
  return printable.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function renderPart(part: MarkupPart): string {
  if (part instanceof Markup) return part.source;
  if (typeof part === 'string') return escapeText(part);
  if (typeof part === 'number') return escapeText(String(part));
  return part.map(renderPart).join('');
}
