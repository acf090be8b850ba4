/** Longest time between two visits of the event loop, in milliseconds. */
const SLICE_MS = 20;

/**
 * A function to await in long loops: every 20 ms it lets the event loop run (so that pages stay alive and signals
 * arrive), and it rejects with `signal.reason` once the signal is aborted.
 */
export function cooperativePause(signal?: AbortSignal): () => Promise<void> {
  let last = performance.now();
  return async () => {
    signal?.throwIfAborted();
    if (performance.now() - last < SLICE_MS) return;
    await new Promise<void>((resolve) => {
      setTimeout(resolve, 0);
    });
    last = performance.now();
    signal?.throwIfAborted();
  };
}
