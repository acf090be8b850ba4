import { workerPort, type EnginePort, type RacePort } from './engine.js';

/** Starts the solver worker of the bundle: build.mjs puts it beside the code of the page. */
export function openEngine(): EnginePort {
  return workerPort(new Worker(new URL('./solver-worker.js', import.meta.url), { type: 'module' }));
}

/** Starts the race worker; TensorFlow.js is loaded with the first race. */
export function openRace(): RacePort {
  return workerPort(new Worker(new URL('./race-worker.js', import.meta.url), { type: 'module' }));
}
