import { compiledModule, type Build } from './compiled-modules.js';
import type { KernelExports } from './kernel-exports.js';
import { sharedTeam, type Attached } from './team.js';

/** A module bound to a memory of its own. */
export interface BoundModule extends Attached {
  readonly build: Build;
  readonly exports: KernelExports;
}

/**
 * Shared memories that no workspace uses. Engines collect these late, since they do not count them as pressure, so the next
 * workspace takes one over; a weak reference lets the collector have them in the meantime.
 */
const idle: Record<Build, WeakRef<BoundModule>[]> = { plain: [], relaxed: [] };

/** Workers hold on to a memory until they are told that it is gone here. */
const collected = new FinalizationRegistry<number>((id) => {
  sharedTeam().detach(id);
});

let lastId = 0;

/** A module and a memory of any content. A shared one is to be given back by {@link giveBack}. */
export function bindModule(build: Build, shared: boolean): BoundModule {
  for (let known = shared ? idle[build].pop() : undefined; known; known = idle[build].pop()) {
    const bound = known.deref();
    if (bound) return bound;
  }
  const module = compiledModule(build, shared);
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65_536, shared });
  const exports = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as KernelExports;
  exports.writeMaskTables();
  const bound = { id: ++lastId, build, module, memory, exports };
  if (shared) collected.register(bound, bound.id);
  return bound;
}

/** Lets a later workspace have a shared memory; its caller must not use it any more. */
export function giveBack(bound: BoundModule): void {
  const { build } = bound;
  idle[build] = idle[build].filter((known) => known.deref() !== undefined);
  idle[build].push(new WeakRef(bound));
}
