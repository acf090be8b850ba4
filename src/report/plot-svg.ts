import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

import { chartFontSize, defaultChartWidth, type ChartFrame } from './chart-theme.js';
import { escapeText } from './markup.js';

/**
 * One Observable Plot as a self-contained SVG string, without a browser: Plot draws into linkedom's document.
 *
 * Plot's own style element is dropped (it repeats in every picture and fixes a white background), clip paths get ids
 * that start with `frame.id` (Plot numbers them by a counter of the process, which differs from run to run), and the
 * picture is one image to a screen reader: `role="img"` with `frame.label`.
 */
export function renderPlot(frame: ChartFrame, options: Plot.PlotOptions): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const plot = Plot.plot({
    ...options,
    document,
    width: frame.width ?? defaultChartWidth,
    className: 'rl-chart',
  });
  if (plot.tagName.toLowerCase() !== 'svg') {
    throw new TypeError(
      'renderPlot: expected one svg element, got a figure; legends and captions belong to the page',
    );
  }
  plot.setAttribute('font-size', String(chartFontSize));
  plot.querySelectorAll('style').forEach((style) => {
    style.remove();
  });
  const renamed = new Map<string, string>();
  plot.querySelectorAll('*').forEach((element) => {
    for (const name of ['aria-label', 'aria-hidden', 'aria-description']) element.removeAttribute(name);
    const id = element.getAttribute('id');
    if (id === null) return;
    const newId = `${frame.id}-${renamed.size + 1}`;
    renamed.set(`url(#${id})`, `url(#${newId})`);
    element.setAttribute('id', newId);
  });
  plot.querySelectorAll('[clip-path]').forEach((element) => {
    const path = element.getAttribute('clip-path') ?? '';
    element.setAttribute('clip-path', renamed.get(path) ?? path);
  });
  // The label is written here because linkedom leaves "<" and "&" unescaped in attributes.
  const opening = `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${escapeText(frame.label)}"`;
  return plot.outerHTML.replace(/^<svg/i, () => opening);
}
