/** The solver worker: everything that is slow about `solve`, off the page's thread. */
import { EngineServer } from '../engine/serve-engine.js';
import type { EngineNews, EngineRequest } from '../protocol.js';

const server = new EngineServer((news: EngineNews) => {
  postMessage(news);
});
addEventListener('message', ({ data }: MessageEvent<EngineRequest>) => {
  server.receive(data);
});
