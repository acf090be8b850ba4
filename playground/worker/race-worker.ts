/** The race worker: gradient descent beside the solver, on a thread of its own. */
import type { RaceNews, RaceRequest } from '../protocol.js';
import { RaceServer } from '../race/serve-race.js';

const server = new RaceServer((news: RaceNews) => {
  postMessage(news);
});
addEventListener('message', ({ data }: MessageEvent<RaceRequest>) => {
  server.receive(data);
});
