import { CHUNKED_NAMES, type ChunkedName, type KernelExports } from './kernel-exports.js';
import { CONTROL, LINE } from './team-worker-source.js';
import { startTeamWorker, type StartWorker, type TeamWorker } from './team-worker.js';

/** Most threads of a team, this one included. */
export const MOST_THREADS = 64;

/** Loads before the caller waits for the others asleep, and how long it then sleeps at a time. */
const SPINS = 20_000;
const SLEEP_MS = 1;

/** A worker inside a region is given up after this many times the caller's own share, and at least after 30 s. */
const PATIENCE = 20;

/** Flops worth of work taken at a time: about 20 µs. */
const WORK_AT_ONCE = 3e5;

/** A workspace as the threads of a team know it. */
export interface Attached {
  readonly id: number;
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Scratch of the caller, and bytes from one thread's scratch to the next. */
  readonly scratch: number;
  readonly scratchStride: number;
}

export interface Region {
  readonly workspace: Attached;
  readonly exports: KernelExports;
  readonly name: ChunkedName;
  readonly job: number;
  readonly chunks: number;
  /** Flops, or as long as that many take. */
  readonly work: number;
  /** Most threads, the caller included. */
  readonly members: number;
}

/**
 * Threads that share out the chunks of a region. The caller takes chunks too, and all of them while workers are starting, so
 * nothing ever waits for a worker that has not entered. One team serves all workspaces of a thread.
 */
export class Team {
  private readonly control = new Int32Array(new SharedArrayBuffer(4 * (CONTROL.busy + MOST_THREADS * LINE)));
  private readonly start: StartWorker;
  private readonly leastPatienceMs: number;
  /** By member index from 1 on; null where a worker ended or could not start. */
  private readonly workers: (TeamWorker | null)[] = [];
  private readonly attached = new Map<number, Attached>();

  constructor(start: StartWorker = startTeamWorker, leastPatienceMs = 30_000) {
    this.start = start;
    this.leastPatienceMs = leastPatienceMs;
  }

  /** Chunks that workers did so far, all together. */
  get helped(): number {
    return this.workers.reduce(
      (sum, _, place) => sum + this.control[CONTROL.busy + (place + 1) * LINE + 1]!,
      0,
    );
  }

  /** Does all chunks of a region. @throws Error where a worker died in the middle of one. */
  run(region: Region): void {
    const { workspace, members } = region;
    if (!this.attached.has(workspace.id)) this.attach(workspace);
    this.startWorkers(members - 1);
    const begin = performance.now();
    this.open(region);
    try {
      this.takeChunks(region);
    } finally {
      Atomics.add(this.control, CONTROL.phase, 1);
      this.waitForWorkers(begin);
    }
  }

  /** Lets go of a workspace's memory. */
  detach(id: number): void {
    if (this.attached.delete(id)) this.broadcast({ detach: id });
  }

  /** Ends all workers; later regions are done by the caller alone. */
  stop(): void {
    this.workers.forEach((worker, place) => {
      worker?.stop();
      this.workers[place] = null;
    });
  }

  private open(region: Region): void {
    const { control } = this;
    const { workspace, name, job, chunks, members, work } = region;
    control[CONTROL.workspace] = workspace.id;
    control[CONTROL.name] = CHUNKED_NAMES.indexOf(name);
    control[CONTROL.job] = job;
    control[CONTROL.chunks] = chunks;
    control[CONTROL.grain] = grainOf(chunks, work, members);
    control[CONTROL.members] = members;
    Atomics.store(control, CONTROL.next, 0);
    Atomics.add(control, CONTROL.phase, 1);
    this.wake();
  }

  private takeChunks({ exports, name, job, chunks, workspace }: Region): void {
    const { control } = this;
    const grain = control[CONTROL.grain]!;
    for (;;) {
      const from = Atomics.add(control, CONTROL.next, grain);
      if (from >= chunks) return;
      exports[name](job, workspace.scratch, from, Math.min(from + grain, chunks));
    }
  }

  /** A worker that entered the region has marked itself busy; one that enters from now on sees that it is closed. */
  private waitForWorkers(begin: number): void {
    const { control } = this;
    const closed = performance.now();
    const patience = Math.max(this.leastPatienceMs, PATIENCE * (closed - begin));
    for (let place = 0; place < this.workers.length; place++) {
      const busy = CONTROL.busy + (place + 1) * LINE;
      let spin = 0;
      while (Atomics.load(control, busy) !== 0) {
        if (++spin < SPINS) continue;
        Atomics.wait(control, busy, 1, SLEEP_MS);
        if (performance.now() - closed > patience) this.giveUp(`did not finish within ${patience} ms`);
      }
    }
    if (Atomics.load(control, CONTROL.failed) !== 0) this.giveUp('failed');
  }

  private giveUp(what: string): never {
    this.stop();
    for (let place = 0; place < this.workers.length; place++) {
      Atomics.store(this.control, CONTROL.busy + (place + 1) * LINE, 0);
    }
    this.control[CONTROL.failed] = 0;
    throw new Error(`a worker thread ${what} in the middle of a computation; run again with threads: 1`);
  }

  private startWorkers(count: number): void {
    while (this.workers.length < count) {
      const place = this.workers.length;
      const onEnd = (): void => {
        this.workers[place] = null;
        // What it left unfinished was reported when its region closed.
        Atomics.store(this.control, CONTROL.busy + (place + 1) * LINE, 0);
      };
      const worker = startOrNull(this.start, onEnd);
      this.workers.push(worker);
      worker?.post({
        start: {
          control: this.control,
          index: place + 1,
          handled: this.control[CONTROL.mail],
          attached: [...this.attached.values()],
        },
      });
    }
  }

  private attach(workspace: Attached): void {
    this.attached.set(workspace.id, workspace);
    this.broadcast({ attach: workspace });
  }

  private broadcast(message: unknown): void {
    for (const worker of this.workers) worker?.post(message);
    Atomics.add(this.control, CONTROL.mail, 1);
    this.wake();
  }

  private wake(): void {
    const { control } = this;
    Atomics.add(control, CONTROL.signal, 1);
    if (Atomics.load(control, CONTROL.asleep) > 0) Atomics.notify(control, CONTROL.signal);
  }
}

let shared: Team | null = null;

/** The team of the workspaces of this thread. Its workers start with the first region. */
export function sharedTeam(): Team {
  return (shared ??= new Team());
}

/** Chunks taken at a time: worth the taking, and few enough that all members get several turns. */
function grainOf(chunks: number, work: number, members: number): number {
  const worthwhile = Math.ceil((WORK_AT_ONCE * chunks) / work);
  return Math.max(1, Math.min(worthwhile, Math.floor(chunks / (4 * members))));
}

/** Threads are a help, never a condition: where one cannot start, the others and the caller do its share. */
function startOrNull(start: StartWorker, onEnd: () => void): TeamWorker | null {
  try {
    return start(onEnd);
  } catch {
    return null;
  }
}
