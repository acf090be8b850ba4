import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { signal, useSignal } from '@preact/signals';
import type * as ChartModule from '../charts/charts.js';

type Charts = typeof ChartModule;

/** The charts come when the page is there: Observable Plot is larger than all the rest. */
const charts = signal<Charts | null>(null);
let isAsked = false;

/** A chart by Observable Plot, as wide as its place. It has its height from the start, and is drawn again when one of `inputs` changes. */
export function Chart(props: {
  readonly label: string;
  readonly height: number;
  readonly inputs: readonly unknown[];
  readonly draw: (charts: Charts, width: number) => Element;
}): JSX.Element {
  const { label, height, inputs, draw } = props;
  const box = useRef<HTMLDivElement>(null);
  const width = useSignal(0);
  const loaded = charts.value;
  useEffect(() => {
    if (!isAsked) {
      isAsked = true;
      void import('../charts/charts.js').then((module) => (charts.value = module));
    }
    const observer = new ResizeObserver(
      ([entry]) => (width.value = Math.floor(entry?.contentRect.width ?? 0)),
    );
    if (box.current) observer.observe(box.current);
    return () => {
      observer.disconnect();
    };
  }, []);
  useEffect(() => {
    if (loaded && width.value > 0) box.current?.replaceChildren(draw(loaded, width.value));
    // `draw` is new every time; what it draws depends on the inputs.
  }, [loaded, width.value, ...inputs]);
  return <div ref={box} class="chart" role="img" aria-label={label} style={{ height: `${height}px` }} />;
}
