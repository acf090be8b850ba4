import { CHUNKED_NAMES } from './kernel-exports.js';

/** Words of the memory through which a team talks, a cache line apart where they are written often. */
export const CONTROL = {
  /** Odd while a region is open. */
  phase: 0,
  /** Changes whenever a worker has something to look at. */
  signal: 16,
  /** The next chunk that nobody has taken. */
  next: 32,
  /** Workers asleep in Atomics.wait. */
  asleep: 48,
  /** Messages posted to every worker so far. */
  mail: 64,
  /** 1 after a worker failed inside a region. */
  failed: 65,
  /** What the region is about. */
  workspace: 80,
  name: 81,
  job: 82,
  chunks: 83,
  grain: 84,
  members: 85,
  scratch: 86,
  scratchStride: 87,
  /** One line for each member: 1 while it may touch the region's memory, then the chunks it did so far. */
  busy: 96,
} as const;

export const LINE = 16;

/** Loads of the signal before a worker goes to sleep: about 0.2 ms. */
const SPINS = 200_000;

/**
 * The program of a worker, as text: so it needs no file of its own and runs alike from a bundle, from the built package and
 * from the sources. It serves regions until a message waits for it, returns to its event loop for that, and serves again.
 */
export const teamWorkerSource = `
'use strict';
const C = ${JSON.stringify(CONTROL)};
const NAMES = ${JSON.stringify(CHUNKED_NAMES)};
const port = typeof require === 'function' ? require('node:worker_threads').parentPort : self;
const workspaces = new Map();
let control = null;
let index = 0;
let handled = 0;

function attach({ id, module, memory }) {
  workspaces.set(id, new WebAssembly.Instance(module, { env: { memory } }).exports);
}

function work() {
  const exports = workspaces.get(control[C.workspace]);
  if (exports === undefined || index >= control[C.members]) return;
  const run = exports[NAMES[control[C.name]]];
  const scratch = control[C.scratch] + index * control[C.scratchStride];
  const job = control[C.job];
  const chunks = control[C.chunks];
  const grain = control[C.grain];
  for (;;) {
    const from = Atomics.add(control, C.next, grain);
    if (from >= chunks) return;
    const to = Math.min(from + grain, chunks);
    run(job, scratch, from, to);
    control[C.busy + index * ${LINE} + 1] += to - from;
  }
}

function help() {
  const busy = C.busy + index * ${LINE};
  Atomics.store(control, busy, 1);
  try {
    if ((Atomics.load(control, C.phase) & 1) === 1) work();
  } catch {
    Atomics.store(control, C.failed, 1);
  }
  Atomics.store(control, busy, 0);
  Atomics.notify(control, busy);
}

function serve() {
  for (;;) {
    const signal = Atomics.load(control, C.signal);
    if (Atomics.load(control, C.mail) !== handled) return;
    if ((Atomics.load(control, C.phase) & 1) === 1) help();
    for (let spin = 0; spin < ${SPINS} && Atomics.load(control, C.signal) === signal; spin++);
    if (Atomics.load(control, C.signal) !== signal) continue;
    Atomics.add(control, C.asleep, 1);
    Atomics.wait(control, C.signal, signal);
    Atomics.sub(control, C.asleep, 1);
  }
}

port.onmessage = ({ data }) => {
  if (data.start) {
    ({ control, index, handled } = data.start);
    data.start.attached.forEach(attach);
  } else {
    handled++;
    if (data.attach) attach(data.attach);
    else workspaces.delete(data.detach);
  }
  serve();
};
`;
