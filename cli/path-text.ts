import { numberText, percentTextUp, scoreText } from '../src/report/number-text.js';
import type { PathResult } from '../src/training/path-result.js';
import { align } from './align.js';
import { oneLine } from './terminal.js';

/** Most values listed one by one: the rest are in path.csv. */
const MAX_VALUES = 60;

/** The path as a table, its picks, and where it was written. */
export function pathLines(
  result: PathResult,
  { paths, picked }: { readonly paths: readonly string[]; readonly picked: number | null },
): string[] {
  const { values, outputs, metrics, picks, lossName, status, options } = result;
  const isOne = outputs.length === 1;
  const metric = metrics[0]?.name ?? 'score';
  const hasHeldOut = values.some(({ heldOut }) => heldOut !== null);
  const header = [
    ...(isOne ? ['β'] : []),
    'share of β_max',
    'sub-networks',
    'relative gap',
    `train ${metric}`,
    ...(hasHeldOut ? [`held-out ${metric}`] : []),
    ...(picks === null ? [] : ['loss']),
    '',
  ];
  const stride = Math.ceil(values.length / MAX_VALUES);
  const rows = values.flatMap(({ share, certificates, subNetworks, train, heldOut, loss }, at) => {
    const marks = markOf(picks, at);
    if (at % stride !== 0 && marks === '' && at !== values.length - 1) return [];
    const gap = Math.max(...certificates.map(({ relativeGap }) => relativeGap));
    return [
      [
        ...(isOne ? [numberText(certificates[0]?.beta ?? NaN, 4)] : []),
        numberText(share, 3),
        String(subNetworks),
        `${percentTextUp(gap)}${gap <= options.tolerance ? '' : ' !'}`,
        scoreText(train[0] ?? NaN),
        ...(hasHeldOut ? [scoreText(heldOut?.[0] ?? NaN)] : []),
        ...(loss === null ? [] : [`${numberText(loss.mean, 4)} ± ${numberText(loss.standardError, 2)}`]),
        marks,
      ],
    ];
  });
  const right = header.map((_, k) => k < header.length - 1);
  return [
    '',
    ...align([header, ...rows], { right }),
    '',
    ...(picks === null ? [] : [`Loss    ${oneLine(lossName)}, lower is better, ± one standard error`]),
    ...(result.largestFoldGap === null
      ? []
      : [
          `Folds   ${result.folds ?? 0}, largest relative gap of a fold ${percentTextUp(result.largestFoldGap)}`,
        ]),
    status === 'optimal'
      ? `Proven  every value to a relative gap of ${percentTextUp(options.tolerance)}`
      : 'Proven  the gap of each value; those marked ! did not reach the tolerance',
    ...(picks === null ? ['Picks   none: nothing was held out; pass --cv or --test-fraction'] : []),
    ...result.notes.map((note) => `Note    ${oneLine(note)}`),
    '',
    ...align([...paths.map((path, k) => [k === 0 ? 'Wrote' : '', path])]),
    ...(picked === null
      ? [`Next    the same command with --resume --pick 1se writes model.json for predict`]
      : [`Model   at ${numberText(values[picked]?.share ?? NaN, 3)} of β_max${markOf(picks, picked)}`]),
  ];
}

function markOf(picks: PathResult['picks'], at: number): string {
  const marks = [
    ...(picks?.best === at ? ['best'] : []),
    ...(picks?.oneStandardError === at ? ['one standard error'] : []),
  ];
  return marks.length === 0 ? '' : `  ← ${marks.join(', ')}`;
}
