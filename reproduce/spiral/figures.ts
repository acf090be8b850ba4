import * as Plot from '@observablehq/plot';
import { forward } from '../../src/network/network.js';
import { typedNetwork } from '../../src/network/network-json.js';
import { chartColor, classColors } from '../../src/report/chart-theme.js';
import { renderPlot } from '../../src/report/plot-svg.js';
import type { Figure } from '../experiment.js';
import { standalone, type Panel } from '../figure/standalone.js';
import type { Fit, Method } from './methods.js';
import { rowsOf, type Spiral } from './spiral.js';

/** A method at the β chosen for it. */
export interface Chosen {
  readonly method: Method;
  readonly fit: Fit;
}

const cells = 72;
const half = 1.25;
const size = 300;
const arms = [1, -1] as const;
const symbols = ['circle', 'triangle'] as const;

/** Where f > 0 and where f < 0, a panel for each method, the rows it was trained on above. */
export function regionsFigure(chosen: readonly Chosen[], train: Spiral): Figure {
  const caption = `Decision regions on the two-class spiral of ${chosen.map(({ method }) => method.title).join('; ')}; each at the β with the best validation accuracy, the trial with the smallest objective. Circles and triangles are the training rows of the two arms; the percentage is the accuracy on a fresh spiral.`;
  const panels = chosen.map(({ method, fit }): Panel => {
    return {
      svg: regions(`regions-${method.name}`, method.title, fit, train),
      width: size,
      height: size,
      title: method.title,
    };
  });
  return {
    name: 'regions',
    title: 'Decision regions',
    caption,
    svg: standalone({
      label: caption,
      panels,
      columns: 3,
      legend: [
        { name: 'arm +1, circles', color: classColors[0], dash: null },
        { name: 'arm −1, triangles', color: classColors[1], dash: null },
      ],
    }),
  };
}

function regions(id: string, label: string, { network, trials }: Fit, { points }: Spiral): string {
  const best = trials.reduce((least, trial) => (trial.objective < least.objective ? trial : least));
  const at = (k: number): number => half * ((2 * (k + 0.5)) / cells - 1);
  const grid = Array.from({ length: cells * cells }, (_, k) => ({
    x1: at(k % cells),
    x2: at(Math.floor(k / cells)),
  }));
  const f = [...forward(typedNetwork(network), rowsOf(grid))];
  const axis = (name: string): Plot.ScaleOptions => ({
    domain: [-1.15, 1.15],
    label: name,
    labelArrow: 'none',
    labelAnchor: 'center',
    ticks: [-1, -0.5, 0, 0.5, 1],
  });
  const svg = renderPlot(
    { id, label, width: size },
    {
      height: size,
      marginLeft: 46,
      marginRight: 8,
      marginTop: 6,
      marginBottom: 40,
      x: axis('x₁'),
      y: axis('x₂'),
      marks: [
        ...arms.flatMap((arm, k) =>
          side(
            f.map((value) => arm * value),
            classColors[k] ?? chartColor.primal,
          ),
        ),
        ...arms.map((arm, k) =>
          Plot.dot(
            points.filter((point) => point.arm === arm),
            {
              x: 'x1',
              y: 'x2',
              r: 3,
              symbol: symbols[k] ?? 'circle',
              fill: classColors[k] ?? chartColor.primal,
              stroke: chartColor.surface,
              strokeWidth: 0.8,
            },
          ),
        ),
        Plot.text([`test ${(100 * best.test).toFixed(1)} %`], {
          frameAnchor: 'top-left',
          dx: 6,
          dy: 7,
          text: String,
          fontWeight: 600,
          fill: chartColor.text,
          stroke: chartColor.surface,
          strokeWidth: 4,
        }),
        Plot.frame({ strokeOpacity: 0.4 }),
      ],
    },
  );
  return svg.replace(/ d="([^"]*)"/g, (_, path: string) => ` d="${rounded(path)}"`);
}

/** Outlines to a tenth of a pixel: a fifth of the file. */
function rounded(path: string): string {
  return path.replace(/-?\d+\.\d+/g, (number) => String(Math.round(Number(number) * 10) / 10));
}

/** The region where `values` > 0. */
function side(values: readonly number[], color: string): Plot.Markish[] {
  if (!values.some((value) => value > 0)) return [];
  const place = {
    width: cells,
    height: cells,
    x1: -half,
    x2: half,
    y1: -half,
    y2: half,
    thresholds: [0],
    clip: true,
  };
  return [
    Plot.contour([...values], { ...place, fill: color, fillOpacity: 0.22 }),
    Plot.contour([...values], { ...place, fill: 'none', stroke: color, strokeWidth: 1.2 }),
  ];
}
