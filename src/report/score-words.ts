import { scoreText } from './number-text.js';
import type { ScoreRow, ScoreSummary } from './report-input.js';

/** The network against each yardstick on the first metric: test rows where there are any, otherwise training rows. */
export function scoreSentences(
  scores: ScoreSummary,
): readonly { readonly text: string; readonly isBehind: boolean }[] {
  const metric = scores.metrics[0];
  const network = scores.rows.find((row) => row.role === 'network');
  if (metric === undefined || network === undefined) return [];
  return scores.rows
    .filter((row) => row.role === 'yardstick')
    .map((yardstick) => {
      const hasTest = network.test !== null && yardstick.test !== null;
      const where = hasTest ? 'On the test rows' : 'On the training rows (there are no test rows)';
      const own = firstScore(network, hasTest);
      const other = firstScore(yardstick, hasTest);
      const values = `${metric.name} ${scoreText(own)} against ${scoreText(other)}`;
      if (!Number.isFinite(own) || !Number.isFinite(other)) {
        return {
          text: `${where} the network and the ${yardstick.name} cannot be compared.`,
          isBehind: false,
        };
      }
      if (own === other)
        return { text: `${where} the network ties with the ${yardstick.name}: ${values}.`, isBehind: false };
      const isBehind = metric.better === 'higher' ? own < other : own > other;
      return isBehind
        ? { text: `${where} the ${yardstick.name} beats the network: ${values}.`, isBehind }
        : { text: `${where} the network beats the ${yardstick.name}: ${values}.`, isBehind };
    });
}

/** Index of the best row for one metric, or null when there is no single best. */
export function bestRow(scores: ScoreSummary, metric: number, part: 'train' | 'test'): number | null {
  const better = scores.metrics[metric]?.better;
  const values = scores.rows.map((row) => row[part]?.[metric] ?? Number.NaN);
  const finite = values.filter((value) => Number.isFinite(value));
  if (better === undefined || finite.length < 2) return null;
  const best = better === 'higher' ? Math.max(...finite) : Math.min(...finite);
  return values.indexOf(best) === values.lastIndexOf(best) ? values.indexOf(best) : null;
}

function firstScore(row: ScoreRow, hasTest: boolean): number {
  return (hasTest ? row.test?.[0] : row.train[0]) ?? Number.NaN;
}
