import { renderImportancesChart, shareText } from './chart-importances.js';
import {
  fieldRangeText,
  renderSurfaceChart,
  surfaceClassLimit,
  surfaceLeads,
  surfacePointLimit,
} from './chart-surface.js';
import { html, type Markup } from './markup.js';
import { countNoun, countText } from './number-text.js';
import { figure, section } from './page-parts.js';
import type { DecisionSurface, Importance, ReportInput } from './report-input.js';

/** What the network looks at: the shares of its inputs, and its predictions over two of them. Null with nothing to say. */
export function inputsSection(input: ReportInput): Markup | null {
  const { importances, surface } = input;
  const pictures = [
    ...(importances === undefined ? [] : [importancesFigure(importances)]),
    ...(surface === undefined || surface === null || !isDrawable(surface)
      ? []
      : [surfaceFigure(surface, input.targetName)]),
  ];
  const missing = surfaceMissing(surface);
  if (pictures.length === 0 && missing === null) return null;
  return section('inputs', 'What the network looks at', [
    html`<div class="pictures ${pictures.length === 1 ? 'wide' : ''}">${pictures}</div>`,
    ...(missing === null ? [] : [html`<p class="fine">${missing}</p>`]),
  ]);
}

/** The inputs in words, largest first; also for a report without pictures. */
export function importanceWords(importances: readonly Importance[]): string {
  if (importances.length === 0) return 'The network does not depend on its inputs.';
  const named = importances
    .filter(({ share }) => share > 0)
    .slice(0, 3)
    .map(({ name, share }) => `${name} (${shareText(share)})`);
  const used = importances.filter(({ share }) => share > 0).length;
  return `${countText(used)} of ${countNoun(importances.length, 'input')} ${used === 1 ? 'is' : 'are'} used; the largest ${named.length === 1 ? 'share goes' : 'shares go'} to ${named.join(', ')}.`;
}

function importancesFigure(importances: readonly Importance[]): Markup {
  const words = importanceWords(importances);
  const svg = renderImportancesChart(
    { id: 'importances', label: `Share of the path norm of each input. ${words}` },
    importances,
  );
  return figure(
    svg,
    `${words} A share says how much of the network’s path norm goes through the first-layer weights on an input, on standardised data; it does not say that the input causes anything, and of two columns that say the same either may get it.`,
  );
}

/** Why there is no picture, or null. */
function surfaceMissing(surface: ReportInput['surface']): string | null {
  if (surface === null) {
    return 'There is no picture of the predictions over two inputs: fewer than two of the inputs are numbers.';
  }
  if (surface === undefined || isDrawable(surface)) return null;
  return `There is no picture of the predictions over two inputs: it can tell at most ${surfaceClassLimit} classes apart.`;
}

function isDrawable({ field }: DecisionSurface): boolean {
  return field.kind === 'regression' || field.classes.length <= surfaceClassLimit;
}

function surfaceFigure(surface: DecisionSurface, target: string): Markup {
  const { x, y, field, held } = surface;
  const what =
    field.kind === 'regression'
      ? `Predicted ${target} over ${x.name} and ${y.name}, ${fieldRangeText(field)}`
      : `Predicted class over ${x.name} and ${y.name}`;
  const heldText = held.length === 0 ? '' : `, with ${listText(held)}`;
  const label = `${what}${heldText}. ${regionShares(surface)}`;
  const svg = renderSurfaceChart({ id: 'surface', label }, surface);
  return figure(svg, [`${what}${heldText}.`, ...readingWords(surface)].join(' '));
}

function readingWords({ field, held, points, pointsFrom }: DecisionSurface): readonly string[] {
  const where = pointsFrom === 'test' ? 'test' : 'training';
  const drawn = Math.min(points.length, surfacePointLimit);
  const some =
    points.length > surfacePointLimit
      ? `${countText(drawn)} of the ${where} rows, evenly spaced through the file`
      : `the ${countNoun(drawn, `${where} row`)}`;
  const others =
    held.length === 0
      ? ''
      : ' Their other inputs differ from those of the picture, so a row may lie in another region than it is predicted in.';
  if (field.kind === 'regression') {
    return [
      'The lines join equal predictions; more ink is a larger one.',
      ...(drawn === 0 ? [] : [`Dots are ${some}: far from them the picture is extrapolated.`]),
    ];
  }
  const [half, most] = surfaceLeads;
  return [
    `A region is darker where its class leads by ${100 * half} and by ${100 * most} points of probability.`,
    ...(drawn === 0 ? [] : [`Symbols are ${some}, hollow where predicted wrongly.${others}`]),
  ];
}

/** How much of the picture each class takes, for a reader who cannot see it. */
function regionShares({ field }: DecisionSurface): string {
  if (field.kind === 'regression') return '';
  const cells = field.probability[0]?.length ?? 0;
  const wins = field.classes.map(() => 0);
  for (let cell = 0; cell < cells; cell += 1) {
    const row = field.probability.map((values) => values[cell] ?? 0);
    const best = row.indexOf(Math.max(...row));
    wins[best] = (wins[best] ?? 0) + 1;
  }
  return `${listText(field.classes.map((name, k) => `${name} takes ${shareText((wins[k] ?? 0) / Math.max(cells, 1))} of the picture`))}.`;
}

function listText(parts: readonly string[]): string {
  if (parts.length > 6) return `${parts.slice(0, 5).join(', ')} and ${parts.length - 5} more`;
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;
}
