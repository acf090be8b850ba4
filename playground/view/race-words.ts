import { countText, percentTextUp } from '../../src/report/number-text.js';
import type { RaceTry } from '../race-tries.js';

/** How far a try is above the certified optimum, in words. */
export function raceWords(
  attempt: Pick<RaceTry, 'laps' | 'phase' | 'message'> | undefined,
  optimum: number,
): string {
  if (!attempt) return 'Not started. Gradient descent minimises the same objective, from a random start.';
  if (attempt.phase === 'failed') return attempt.message ?? 'The race failed.';
  const last = attempt.laps.at(-1);
  if (!last) return attempt.phase === 'stopped' ? 'Stopped.' : 'Loading TensorFlow.js …';
  const steps = `after ${countText(last.iteration)} steps`;
  if (last.objective === null) return `Diverged ${steps}: take a smaller learning rate.`;
  const above = last.objective / optimum - 1;
  const stopped = attempt.phase === 'stopped' ? ' Stopped.' : '';
  // Nothing is below the bound; a rounding may be.
  return above <= 1e-6
    ? `At the certified optimum ${steps}.${stopped}`
    : `${percentTextUp(above)} above the optimum ${steps}.${stopped}`;
}
