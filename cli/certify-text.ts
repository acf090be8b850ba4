import type { CertifyResult } from '../src/certify/certify.js';
import type { Totals } from '../src/certify/distance.js';
import type { TableCertificate } from '../src/certify/certify-table.js';
import {
  boundPairText,
  countNoun,
  decimalExponent,
  durationText,
  numberText,
  percentTextUp,
} from '../src/report/number-text.js';
import { align } from './align.js';
import { rankRows, scopeRows } from './scope-text.js';
import { oneLine } from './terminal.js';

/** What the summary says beside the certificate. */
export interface CertifyHeading {
  readonly path: string;
  readonly data: string;
  readonly rows: number;
  readonly target: string;
  readonly tolerance: number;
}

/** Bounds of a distance this close to each other are one number to a reader. */
const NARROW = 0.05;

/** Certificates of a table as lines for people: one block for each output, and the sum of several. */
export function certifyLines(certificate: TableCertificate, heading: CertifyHeading): string[] {
  const { outputs, seconds } = certificate;
  const { path, data, rows, target, tolerance } = heading;
  const lines = [`${path} on ${data}: ${countNoun(rows, 'row')}, target ${oneLine(target)}`];
  for (const { label, classes, result } of outputs) {
    if (outputs.length > 1) lines.push('', `Output ${oneLine(label)}`);
    const body = outputRows(result, tolerance);
    if (outputs.length === 1) body.push(['time', durationText(seconds)]);
    if (classes !== null && outputs.length === 1) body.push(['classes', classes.map(oneLine).join(', ')]);
    lines.push(...align(body, { indent: '  ' }));
  }
  if (outputs.length > 1) {
    const total: [string, string][] = [...totalRows(certificate), ['time', durationText(seconds)]];
    lines.push('', 'All outputs together', ...align(total, { indent: '  ' }));
  }
  return lines;
}

function outputRows(result: CertifyResult, tolerance: number): [string, string][] {
  const { architecture, subNetworks, beta, solution } = result;
  const widths = [...architecture.widths, architecture.lastWidth].join(', ');
  const form = `${architecture.depth} layers, hidden widths ${widths}`;
  const rows: [string, string][] = [
    ...totalRows(result),
    ...(result.dualBound === null || !result.proven ? patternRows(result) : []),
    ['network', `${countNoun(subNetworks, 'sub-network')} (the optimum found has ${solution.subNetworks})`],
    ['family', `any number of sub-networks of ${form}; β ${numberText(beta, 4)}`],
    ...rankRows(solution, tolerance),
    ...scopeRows(solution),
  ];
  if (architecture.statement !== null) rows.push(['', treeText(architecture.attainedWidths)]);
  return rows;
}

/** At depth ≥ 4 the program is one over trees (theory §2). */
function treeText(attained: readonly number[]): string {
  return (
    'at this depth the optimum is that of tree sub-networks, a lower bound for fully connected ones: the distance is at most ' +
    `what is said, perhaps less; networks of hidden widths ${attained.join(', ')} attain it`
  );
}

/** Objective, optimum and distance. */
function totalRows(result: Totals & { readonly proven: boolean }): [string, string][] {
  const { objective, loss, penalty, dualBound, bestObjective, distance, proven } = result;
  const parts = `loss ${numberText(loss, 6)} + β · path norms ${numberText(penalty, 6)}`;
  const rows: [string, string][] = [['objective', `${numberText(objective, 8)}  = ${parts}`]];
  if (dualBound === null) {
    rows.push([
      'global optimum',
      `at most ${numberText(bestObjective, 8)}; no lower bound: only patterns found were priced`,
    ]);
    rows.push([
      'distance',
      `at least ${numberText(distance.atLeast, 4)}; pass --patterns all for an upper bound`,
    ]);
    return rows;
  }
  const pair = boundPairText(bestObjective, dualBound);
  rows.push(['global optimum', `between ${pair.bound} and ${pair.objective}`]);
  rows.push([
    'distance',
    `${distanceText(distance)}, ${proven ? 'proven' : 'proven but loose: the search did not get through'}`,
  ]);
  return rows;
}

function distanceText({ atMost, relativeAtMost, relativeAtLeast }: CertifyResult['distance']): string {
  const absolute = `at most ${numberText(atMost ?? NaN, 4)}`;
  if (relativeAtMost === null) return `${absolute} above the global optimum`;
  const most = percentTextUp(relativeAtMost);
  const isNarrow = relativeAtMost - relativeAtLeast <= NARROW * relativeAtMost;
  if (isNarrow || relativeAtLeast === 0) return `at most ${most} above the global optimum (${absolute})`;
  const least = numberText(roundedDown(100 * relativeAtLeast), 2);
  return `between ${least} and ${most} above the global optimum (${absolute})`;
}

/** To two digits, never up: "at least" must stay true. */
function roundedDown(value: number): number {
  const step = 10 ** (decimalExponent(value) - 1);
  return Math.floor(value / step) * step;
}

/** What is known on the patterns found where nothing tight is known about all. */
function patternRows({ onPatterns }: CertifyResult): [string, string][] {
  const { distance, dualBound } = onPatterns;
  const share =
    distance.relativeAtMost === null
      ? numberText(distance.atMost ?? NaN, 4)
      : percentTextUp(distance.relativeAtMost);
  return [
    [
      'not global',
      `${share} above the bound ${numberText(dualBound, 8)} on the patterns found; others may be lower`,
    ],
  ];
}
