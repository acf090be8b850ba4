import { describe, expect, it } from 'vitest';

import { escapeText, html, trustedMarkup } from './markup.js';
import { subsample } from './subsample.js';

describe('html', () => {
  it('escapes text and numbers, keeps markup, joins lists', () => {
    const name = `<i a="b" c='d'>&`;
    expect(html`<p title="${name}">${name}</p>`.source).toBe(
      `<p title="&lt;i a=&quot;b&quot; c=&#39;d&#39;&gt;&amp;">&lt;i a=&quot;b&quot; c=&#39;d&#39;&gt;&amp;</p>`,
    );
    expect(html`${[html`<b>${1}</b>`, '<', [trustedMarkup('<hr>')]]}`.source).toBe('<b>1</b>&lt;<hr>');
  });

  it('replaces control characters, which no HTML or XML may hold', () => {
    expect(escapeText('a\u0000b\u001b[31mc\td')).toBe('a\ufffdb\ufffd[31mc\td');
  });
});

describe('subsample', () => {
  it('keeps the ends and the order, and a short list as it is', () => {
    const items = Array.from({ length: 1001 }, (_, index) => index);
    const kept = subsample(items, 11);
    expect(kept).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]);
    expect(subsample(items, 1001)).toBe(items);
  });
});
