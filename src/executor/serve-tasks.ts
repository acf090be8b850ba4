import type { AnyTask, TaskContext } from './executor.js';
import { failureOf, notPlain, type Order, type Reply } from './messages.js';
import { nodeThreads } from './runtime.js';

/** Tasks by name, each loaded when it is first asked for: a worker that only searches starts in a fifth of the time. */
export type TaskRegister = Readonly<Record<string, () => Promise<AnyTask>>>;

/**
 * Makes this thread a worker of a pool: runs the orders it is sent, one at a time. To be called once, by a module that is
 * started as a worker.
 */
export function serveTasks(tasks: TaskRegister): void {
  const { post, listen } = parent();
  // The pool stops an aborted worker as a whole: it need not look up from its work.
  const pause = (): Promise<void> => Promise.resolve();
  const context: TaskContext<unknown> = {
    pause,
    progress: (news) => {
      post({ kind: 'progress', news });
    },
  };
  listen((order) => {
    void answer(tasks, order, context).then((reply) => {
      try {
        post(reply);
      } catch (error) {
        post({ kind: 'failed', failure: failureOf(notPlain(`the output of task "${order.task}"`, error)) });
      }
    });
  });
  post({ kind: 'ready' });
}

async function answer(tasks: TaskRegister, order: Order, context: TaskContext<unknown>): Promise<Reply> {
  try {
    const load = Object.hasOwn(tasks, order.task) ? tasks[order.task] : undefined;
    if (!load) {
      const known = Object.keys(tasks).join(', ');
      throw new Error(
        `executor: expected one of the tasks ${known}, got ${order.task}; list it in the worker's module`,
      );
    }
    const task = await load();
    return { kind: 'done', output: await task.run(order.input as never, context) };
  } catch (error) {
    return { kind: 'failed', failure: failureOf(error) };
  }
}

/** The thread that started this one. */
function parent(): {
  readonly post: (reply: Reply) => void;
  readonly listen: (hear: (order: Order) => void) => void;
} {
  const port = nodeThreads()?.parentPort;
  if (port) {
    return {
      post: (reply) => {
        port.postMessage(reply);
      },
      listen: (hear) => {
        port.on('message', (order) => {
          hear(order as Order);
        });
      },
    };
  }
  return {
    post: (reply) => {
      globalThis.postMessage(reply);
    },
    listen: (hear) => {
      globalThis.addEventListener('message', ({ data }: MessageEvent<Order>) => {
        hear(data);
      });
    },
  };
}
