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

/**
 * A worker has so little to collect that it may never do, and so keep memories it was told to let go of. Once these are that
 * many bytes, workers are replaced.
 */
const RETIRED_BYTES = 2 ** 27;

/** A module and a memory as the threads of a team know them. */
export interface Attached {
  readonly id: number;
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
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
  /** Scratch of the caller, and bytes from one thread's scratch to the next. */
  readonly scratch: number;
  readonly scratchStride: number;
}

/**
 * Threads that share out the chunks of a region. The caller takes chunks too, and all of them while workers are starting, so
 * nothing ever waits for a worker that has not entered. One team serves all workspaces of a thread.
 */
export class Team {
  private control = newControl();
  private readonly start: StartWorker;
  private readonly leastPatienceMs: number;
  /** By member index from 1 on; null where a worker ended or could not start. */
  private workers: (TeamWorker | null)[] = [];
  /** What workers know of. It is theirs to hold on to, not this map's. */
  private readonly attached = new Map<number, { readonly memory: WeakRef<Attached>; bytes: number }>();
  private retiredBytes = 0;

  constructor(start: StartWorker = startTeamWorker, leastPatienceMs = 30_000) {
    this.start = start;
    this.leastPatienceMs = leastPatienceMs;
  }

  /** Chunks that the workers of now did so far, all together. */
  get helped(): number {
    return this.workers.reduce(
      (sum, _, place) => sum + this.control[CONTROL.busy + (place + 1) * LINE + 1]!,
      0,
    );
  }

  /** Does all chunks of a region. @throws Error where a worker died in the middle of one. */
  run(region: Region): void {
    const { workspace, members } = region;
    this.attach(workspace);
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

  /** Makes workers let go of a memory. */
  detach(id: number): void {
    const known = this.attached.get(id);
    if (!known) return;
    this.attached.delete(id);
    this.broadcast({ detach: id });
    this.retiredBytes += known.bytes;
    if (this.retiredBytes > RETIRED_BYTES) this.replaceWorkers();
  }

  /** Ends all workers; later regions are done by the caller alone. */
  stop(): void {
    this.workers.forEach((worker, place) => {
      worker?.stop();
      this.workers[place] = null;
    });
  }

  /** The next region starts new ones. */
  private replaceWorkers(): void {
    this.stop();
    this.workers = [];
    this.retiredBytes = 0;
    this.control = newControl();
  }

  private open(region: Region): void {
    const { control } = this;
    const { workspace, name, job, chunks, members, work, scratch, scratchStride } = region;
    control[CONTROL.workspace] = workspace.id;
    control[CONTROL.name] = CHUNKED_NAMES.indexOf(name);
    control[CONTROL.job] = job;
    control[CONTROL.chunks] = chunks;
    control[CONTROL.grain] = grainOf(chunks, work, members);
    control[CONTROL.members] = members;
    control[CONTROL.scratch] = scratch;
    control[CONTROL.scratchStride] = scratchStride;
    Atomics.store(control, CONTROL.next, 0);
    Atomics.add(control, CONTROL.phase, 1);
    this.wake();
  }

  private takeChunks({ exports, name, job, chunks, scratch }: Region): void {
    const { control } = this;
    const grain = control[CONTROL.grain]!;
    for (;;) {
      const from = Atomics.add(control, CONTROL.next, grain);
      if (from >= chunks) return;
      exports[name](job, scratch, from, Math.min(from + grain, chunks));
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
      const { control, workers } = this;
      const onEnd = (): void => {
        workers[place] = null;
        // What it left unfinished was reported when its region closed.
        Atomics.store(control, CONTROL.busy + (place + 1) * LINE, 0);
      };
      const worker = startOrNull(this.start, onEnd);
      workers.push(worker);
      worker?.post({
        start: {
          control,
          index: place + 1,
          handled: control[CONTROL.mail],
          attached: [...this.attached.values()].flatMap(({ memory }) => message(memory.deref())),
        },
      });
    }
  }

  private attach(workspace: Attached): void {
    const known = this.attached.get(workspace.id);
    const bytes = workspace.memory.buffer.byteLength;
    if (known) {
      known.bytes = bytes;
      return;
    }
    this.attached.set(workspace.id, { memory: new WeakRef(workspace), bytes });
    this.broadcast({ attach: message(workspace)[0] });
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

/** What can be sent of a module and memory, none where it was collected. */
function message(attached: Attached | undefined): readonly Attached[] {
  return attached ? [{ id: attached.id, module: attached.module, memory: attached.memory }] : [];
}

/** Workers that were stopped may live on for a moment: their successors get words of their own. */
function newControl(): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(4 * (CONTROL.busy + MOST_THREADS * LINE)));
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
