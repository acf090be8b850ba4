import { escapeText } from '../../src/report/markup.js';
import type { DataPoint } from '../state.js';
import { pathText, toPicture, type Frame, type Polyline } from './frame.js';

/** Colours of a picture, as they are on the page. */
export interface PictureColors {
  readonly surface: string;
  readonly text: string;
  readonly plus: string;
  readonly minus: string;
  readonly primal: string;
}

/** What a picture of the plane shows. */
export interface PictureParts {
  readonly frame: Frame;
  /** The coloured regions as a data URL, or null with one input. */
  readonly image: string | null;
  readonly boundary: readonly Polyline[];
  readonly curve: Polyline;
  readonly units: readonly { readonly layer: number; readonly lines: readonly Polyline[] }[];
  readonly points: readonly DataPoint[];
  /** One line under the plane. */
  readonly caption: string;
  readonly colors: PictureColors;
}

const size = 640;
const foot = 36;

/** Size of the picture in pixels. */
export const pictureSize = { width: size, height: size + foot } as const;

/** The plane as an SVG file that needs nothing else. */
export function pictureSvg(parts: PictureParts): string {
  const { frame, image, boundary, curve, units, points, caption, colors } = parts;
  const d = (lines: readonly Polyline[]): string =>
    lines.map((line) => pathText(line.map((place) => toPicture(frame, place, size, size)))).join('');
  const unitPaths = (isDeep: boolean): string =>
    d(units.filter(({ layer }) => layer > 0 === isDeep).flatMap(({ lines }) => lines));
  const stroke = (color: string, width: number): string =>
    `fill="none" stroke="${color}" stroke-width="${width}" stroke-linejoin="round"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size + foot}" width="${size}" height="${size + foot}">`,
    `<title>${escapeText(caption)}</title>`,
    `<rect width="${size}" height="${size + foot}" fill="${colors.surface}"/>`,
    `<clipPath id="plane"><rect width="${size}" height="${size}"/></clipPath><g clip-path="url(#plane)">`,
    image === null ? '' : `<image href="${image}" width="${size}" height="${size}"/>`,
    `<path d="${unitPaths(false)}" ${stroke(colors.text, 1.2)} stroke-opacity="0.5"/>`,
    `<path d="${unitPaths(true)}" ${stroke(colors.text, 1.2)} stroke-opacity="0.5" stroke-dasharray="6 5"/>`,
    `<path d="${d(boundary)}" ${stroke(colors.text, 2.75)}/>`,
    curve.length > 0 ? `<path d="${d([curve])}" ${stroke(colors.primal, 3)}/>` : '',
    ...points.map((point) => mark(point, frame, colors)),
    '</g>',
    `<text x="8" y="${size + 23}" font-family="system-ui, sans-serif" font-size="14" fill="${colors.text}">${escapeText(caption)}</text>`,
    '</svg>\n',
  ].join('');
}

function mark(point: DataPoint, frame: Frame, colors: PictureColors): string {
  const { x, y } = toPicture(frame, point, size, size);
  const style = (fill: string): string => `fill="${fill}" stroke="${colors.surface}" stroke-width="1.5"`;
  if (point.label >= 0) {
    return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="6" ${style(point.label > 0 ? colors.plus : colors.text)}/>`;
  }
  const corners = [
    { x, y: y - 7.5 },
    { x: x + 7.5, y },
    { x, y: y + 7.5 },
    { x: x - 7.5, y },
  ];
  return `<path d="${pathText(corners, true)}" ${style(colors.minus)}/>`;
}
