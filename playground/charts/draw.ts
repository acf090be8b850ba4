import * as Plot from '@observablehq/plot';

/** One plot as an SVG element: its style element goes (a strict policy forbids it), its labels too (the page has one). */
export function draw(options: Plot.PlotOptions): Element {
  const plot = Plot.plot({ className: 'rl-chart', ...options });
  plot.querySelectorAll('style').forEach((style) => {
    style.remove();
  });
  for (const element of [plot, ...plot.querySelectorAll('[aria-label], [aria-hidden], [aria-description]')]) {
    for (const name of ['aria-label', 'aria-hidden', 'aria-description']) element.removeAttribute(name);
  }
  plot.setAttribute('aria-hidden', 'true');
  plot.setAttribute('font-size', '12');
  return plot;
}
