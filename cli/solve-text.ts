import type { LossName } from '../src/loss/index.js';
import type { PatternSource } from '../src/problem/problem-input.js';
import type { SolveResult } from '../src/problem/result.js';
import { boundPairText, countNoun, durationText, numberText } from '../src/report/number-text.js';
import { align } from './align.js';
import { gapText, statusText } from './certificate-text.js';
import { rankRows, scopeRows } from './scope-text.js';
import { oneLine } from './terminal.js';

/** A result as aligned lines. */
export function resultLines(
  path: string,
  result: SolveResult,
  { tolerance, loss }: { readonly tolerance: number; readonly loss: LossName },
): string[] {
  const { objective, bound } = boundPairText(result.objective, result.dualBound);
  const { status, approximation } = result;
  const rows = [
    ['objective', objective],
    ['dual bound', bound],
    [
      'relative gap',
      `${gapText(result.relativeGap)}  ${approximation ? 'on X, with what the rank leaves open' : statusText(status, tolerance)}`,
    ],
    ...rankRows(result, tolerance),
    ...scopeRows(result),
    ['sub-networks', `${result.subNetworks} out of ${countNoun(result.groups, 'group')}`],
    [
      'network objective',
      `${numberText(result.networkObjective, 8)}  evaluated on the weights, without the solver`,
    ],
    ['time', `${durationText(result.seconds)}, ${countNoun(result.iterations, 'iteration')}`],
  ];
  const { depth, attainedWidths, statement } = result.architecture;
  if (depth > 2) {
    const widths = `${depth} layers, hidden widths ${attainedWidths.join(', ')}`;
    rows.push(['architecture', widths]);
    if (statement !== null) rows.push(['', statement]);
  }
  if (result.classes) rows.push(['classes', classesText(result.classes, loss)]);
  if (result.decomposition) {
    const { networkObjective, network, change } = result.decomposition;
    const text = `objective ${numberText(networkObjective, 8)} (+${numberText(change, 3)}), ${countNoun(network.subNetworks.length, 'sub-network')}`;
    rows.push(['as a ReLU network', text]);
  }
  return [path === '-' ? 'standard input' : path, ...align(rows, { indent: '  ' })];
}

function classesText(classes: readonly string[], loss: LossName): string {
  const names = classes.map(oneLine);
  if (loss === 'softmax') return `${names.join(', ')}: one output each, in this order`;
  return `−1 is ${names[0] ?? ''}, +1 is ${names[1] ?? ''}`;
}

/** β_max in one line, with what it is. */
export function betaMaxLine(
  { betaMax, exact }: { readonly betaMax: number; readonly exact: boolean },
  patterns: PatternSource,
): string {
  const value = String(betaMax);
  if (patterns === 'all') {
    return exact
      ? `${value}  β_max over all arrangements: from it on the zero network is a global optimum`
      : `${value}  an upper bound of β_max over all arrangements: the search did not get through (raise maxRegions)`;
  }
  const scope =
    'β_max on the patterns of the problem; over all arrangements it may be larger ("patterns": "all")';
  return exact ? `${value}  ${scope}` : `${value}  ${scope.replace('of the problem', 'found')}`;
}
