import { boundPairText } from '../../src/report/number-text.js';
import type { ExportedFile } from '../export/exported-file.js';
import type { Store } from '../store.js';
import { certificateWords } from '../view/certificate-words.js';
import { pictureSize, pictureSvg } from '../view/picture.js';
import { paintGrid, scaleOf } from './paint.js';
import { gridSize, type PlaneModel } from './plane-model.js';
import { palette } from './theme.js';

/** The plane as it is shown, as a file. */
export async function pictureFile(
  store: Store,
  model: PlaneModel,
  form: 'svg' | 'png',
): Promise<ExportedFile> {
  const svg = pictureOf(store, model);
  if (form === 'svg') return { name: 'plane.svg', type: 'image/svg+xml', content: svg };
  return { name: 'plane.png', type: 'image/png', content: await pngOf(svg) };
}

function pictureOf(store: Store, model: PlaneModel): string {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string): string => style.getPropertyValue(`--rl-${name}`).trim();
  return pictureSvg({
    frame: model.frame.value,
    image: regionsUrl(store, model),
    boundary: model.boundary.value,
    curve: model.curve.value,
    units: store.showHyperplanes.value ? model.unitLines.value : [],
    points: store.points.value,
    caption: captionOf(store),
    colors: {
      surface: color('surface'),
      text: color('text'),
      plus: color('class-a'),
      minus: color('class-b'),
      primal: color('primal'),
    },
  });
}

function regionsUrl(store: Store, model: PlaneModel): string | null {
  const grid = model.grid.value;
  if (!grid) return null;
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 3 * gridSize;
  const painting = { grid, scale: scaleOf(store.state.value.model.loss), activity: null };
  paintGrid(canvas, painting, palette.value);
  return canvas.toDataURL();
}

function captionOf(store: Store): string {
  const point = store.shown.value;
  if (!point) return 'relucent playground';
  const { objective, bound } = boundPairText(point.objective, point.dualBound);
  const { verdict } = certificateWords(point, store.state.value.model);
  return `${verdict} Objective ${objective}, lower bound ${bound}. relucent`;
}

async function pngOf(svg: string): Promise<Uint8Array<ArrayBuffer>> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [2 * pictureSize.width, 2 * pictureSize.height];
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((done) => {
      canvas.toBlob(done, 'image/png');
    });
    if (!blob) throw new TypeError('picture: expected a PNG from the canvas, got nothing; take the SVG');
    return new Uint8Array(await blob.arrayBuffer());
  } finally {
    URL.revokeObjectURL(url);
  }
}
