import type { Grid } from '../view/grid.js';
import type { Palette } from './theme.js';

/** How strongly the colour of a class covers the paper: where the network is undecided, and where it is sure. */
const [faintest, strongest] = [0.07, 0.46];
/** What is left of the colour where a unit pointed at is not active. */
const inactiveShare = 0.12;

/** What the plane is coloured by. */
export interface Painting {
  readonly grid: Grid;
  /** Output at which the colour is almost full. */
  readonly scale: number;
  /** A unit's activity: where it is negative the colour fades. */
  readonly activity: Float64Array | null;
}

/** Paints a grid of outputs over a whole canvas. O(nodes). */
export function paintGrid(canvas: HTMLCanvasElement, painting: Painting | null, colors: Palette): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const [red, green, blue] = colors.surface;
  context.fillStyle = `rgb(${red} ${green} ${blue})`;
  context.fillRect(0, 0, canvas.width, canvas.height);
  if (!painting) return;
  const { columns, rows } = painting.grid;
  const small = new OffscreenCanvas(columns, rows);
  const image = new ImageData(columns, rows);
  colorInto(image.data, painting, colors);
  small.getContext('2d')?.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = 'high';
  // Nodes are at the middles of the small pixels: half a pixel at each edge is outside of the plane.
  context.drawImage(small, 0.5, 0.5, columns - 1, rows - 1, 0, 0, canvas.width, canvas.height);
}

function colorInto(data: Uint8ClampedArray, { grid, scale, activity }: Painting, colors: Palette): void {
  grid.values.forEach((value, i) => {
    const sure = Math.tanh((1.5 * Math.abs(value)) / scale);
    const isOff = activity !== null && !((activity[i] ?? 0) >= 0);
    const cover = value === 0 ? 0 : (faintest + (strongest - faintest) * sure) * (isOff ? inactiveShare : 1);
    const ink = value >= 0 ? colors.plus : colors.minus;
    colors.surface.forEach((paper, c) => {
      data[4 * i + c] = paper + cover * ((ink[c] ?? 0) - paper);
    });
    data[4 * i + 3] = 255;
  });
}
