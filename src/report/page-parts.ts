import { html, trustedMarkup, type Markup } from './markup.js';
import { pageStyle } from './page-style.js';

/** A picture with its caption. `svg` comes from a chart function and carries its own label. */
export function figure(svg: string, caption: Markup | string): Markup {
  return html`<figure>
    ${trustedMarkup(svg)}
    <figcaption>${caption}</figcaption>
  </figure>`;
}

/** A wide picture with its caption: on a narrow screen it scrolls in its own box, reachable by keyboard. */
export function wideFigure(svg: string, caption: Markup | string): Markup {
  return html`<figure>
    <div class="scroller" role="group" aria-label="Wide picture, scrolls sideways" tabindex="0">
      ${trustedMarkup(svg)}
    </div>
    <figcaption>${caption}</figcaption>
  </figure>`;
}

/** A section with its heading; `id` is the anchor of the heading. */
export function section(id: string, heading: string, body: readonly Markup[]): Markup {
  return html`<section aria-labelledby="${id}">
    <h2 id="${id}">${heading}</h2>
    ${body}
  </section> `;
}

/** A table that scrolls inside its own box on a narrow screen, reachable by keyboard. */
export function scrollTable(label: string, table: Markup): Markup {
  return html`<div class="table-box" role="region" aria-label="${label}" tabindex="0">${table}</div>`;
}

/** Sentences as one paragraph. */
export function paragraph(sentences: readonly string[], className = ''): Markup {
  const text = sentences.join(' ');
  return className === '' ? html`<p>${text}</p>` : html`<p class="${className}">${text}</p>`;
}

/** What stands around the sections of a page. */
interface PageFrame {
  /** What the browser calls the page, after its title. */
  readonly kind: string;
  readonly title: string;
  readonly byline: Markup | string;
  readonly version: string;
}

/** A whole page that loads nothing, as text. */
export function page({ kind, title, byline, version }: PageFrame, sections: readonly Markup[]): string {
  const whole = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="generator" content="relucent ${version}" />
        <title>${title} · ${kind}</title>
        <style>
          ${trustedMarkup(pageStyle())}
        </style>
      </head>
      <body>
        <main>
          <header>
            <h1>${title}</h1>
            <p class="byline">${byline}</p>
          </header>
          ${sections}
          <footer>Made by relucent ${version}. This page is complete in itself and loads nothing.</footer>
        </main>
      </body>
    </html> `;
  return `${whole.source.trimEnd()}\n`;
}
