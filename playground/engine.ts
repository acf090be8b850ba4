import type { EngineNews, EngineRequest, RaceNews, RaceRequest } from './protocol.js';

/** What the page talks to: a worker, or in tests anything that keeps the protocol. */
export interface Port<Request, News> {
  post(request: Request): void;
  /** One listener at a time. */
  onNews(listener: (news: News) => void): void;
  close(): void;
}

export type EnginePort = Port<EngineRequest, EngineNews>;
export type RacePort = Port<RaceRequest, RaceNews>;

/** A module worker as a port; messages are structured clones. */
export function workerPort<Request, News>(worker: Worker): Port<Request, News> {
  return {
    post: (request) => {
      worker.postMessage(request);
    },
    onNews: (listener) => {
      worker.onmessage = (event: MessageEvent<News>) => {
        listener(event.data);
      };
    },
    close: () => {
      worker.terminate();
    },
  };
}
