// Stands in for main.tsx until it is there: trains on a small problem and shows what came back.
import { madePoints } from './data/made-sets.js';
import { openEngine, openRace } from './workers.js';

const said = document.body.appendChild(document.createElement('pre'));
const problem = {
  task: 'classes',
  points: madePoints({ set: 'moons', n: 40, noise: 0.05, seed: 1 }),
  model: { depth: 3, widths: [2], formulation: 'relu', loss: 'logistic', patterns: { sample: 100, seed: 0 } },
} as const;
const engine = openEngine();
engine.onNews((news) => {
  if (news.type === 'point')
    said.append(`${news.point.index} ${news.point.beta} ${news.point.objective} ${news.point.dualBound}\n`);
  else if (news.type !== 'iteration') said.append(`${JSON.stringify(news)}\n`);
  if (news.type === 'done')
    race.post({
      type: 'race',
      id: 2,
      problem,
      beta: 0.05,
      iterations: 3000,
      race: { optimiser: 'adam', rate: 0.02, seed: 0, subNetworks: 10 },
    });
});
const race = openRace();
race.onNews((news) => {
  if (news.type === 'lap')
    said.append(`lap ${news.iteration} ${String(news.objective)} at ${performance.now()}\n`);
  else said.append(`${JSON.stringify(news)}\n`);
});
engine.post({ type: 'train', id: 1, problem });
