import { cooperativePause } from '../solver/pause.js';
import type { OwnExecutor } from './executor.js';

/**
 * Runs tasks one after another on the calling thread, which keeps seeing its events: tasks pause every few milliseconds.
 * It is what every other executor must agree with, bit for bit.
 */
export const inlineExecutor: OwnExecutor = {
  width: 1,
  async run(task, inputs, { signal, onProgress, onOutput } = {}) {
    const pause = cooperativePause(signal);
    const outputs = [];
    for (const [at, input] of inputs.entries()) {
      await pause();
      const output = await task.run(input, { pause, progress: (news) => onProgress?.(at, news) });
      onOutput?.(at, output);
      outputs.push(output);
    }
    return outputs;
  },
  close: () => Promise.resolve(),
};
