import type { Order, Reply } from './messages.js';
import { nodeThreads, type NodeThreads } from './runtime.js';

/** A module to start workers from: plain JavaScript that calls `serveTasks` (serve-tasks.ts). */
export interface WorkerSource {
  readonly url: URL;
  /** The same as a Web Worker: written out where it is, as bundlers look for `new Worker(new URL(…))`. */
  readonly startWeb: () => Worker;
}

/** A worker as the pool sees it, whatever the runtime. */
export interface WorkerChannel {
  /** @throws DataCloneError for an input that is not plain data */
  post(order: Order): void;
  /** Whether it keeps the process alive. */
  hold(isBusy: boolean): void;
  stop(): Promise<void>;
}

export interface ChannelEvents {
  readonly onReply: (reply: Reply) => void;
  /** The worker has ended by itself, or never started; called once, and not after `stop`. */
  readonly onLost: (why: string) => void;
}

/** Starts a worker of this runtime: a thread of Node, else a Web Worker. */
export function startWorker(source: WorkerSource, events: ChannelEvents): WorkerChannel {
  let isOver = false;
  const once: ChannelEvents = {
    onReply: (reply) => {
      if (!isOver) events.onReply(reply);
    },
    onLost: (why) => {
      if (isOver) return;
      isOver = true;
      events.onLost(why);
    },
  };
  const threads = nodeThreads();
  const channel = threads ? nodeChannel(threads, source, once) : webChannel(source, once);
  return {
    ...channel,
    stop: () => {
      isOver = true;
      return channel.stop();
    },
  };
}

function nodeChannel(
  { Worker }: NodeThreads,
  { url }: WorkerSource,
  { onReply, onLost }: ChannelEvents,
): WorkerChannel {
  // Flags of this process stay here: the worker is plain JavaScript, and some (--input-type) would keep it from starting.
  const worker = new Worker(url, { execArgv: [] });
  worker.on('message', (reply) => {
    onReply(reply as Reply);
  });
  worker.on('error', (error) => {
    onLost(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  });
  worker.on('exit', (code) => {
    onLost(`exit code ${String(code)}`);
  });
  return {
    post: (order) => {
      worker.postMessage(order);
    },
    hold: (isBusy) => {
      if (isBusy) worker.ref();
      else worker.unref();
    },
    stop: async () => {
      await worker.terminate();
    },
  };
}

function webChannel({ startWeb }: WorkerSource, { onReply, onLost }: ChannelEvents): WorkerChannel {
  const worker = startWeb();
  worker.onmessage = ({ data }: MessageEvent<Reply>) => {
    onReply(data);
  };
  worker.onerror = ({ message }) => {
    // A script that cannot be loaded gives an event without a message.
    onLost(message || 'a script that cannot be loaded');
  };
  worker.onmessageerror = () => {
    onLost('a message that cannot be read');
  };
  return {
    post: (order) => {
      worker.postMessage(order);
    },
    hold: () => undefined,
    stop: () => {
      worker.terminate();
      return Promise.resolve();
    },
  };
}
