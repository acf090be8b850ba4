/** What finding a native library takes from the runtime; tests put others in its place. */
export interface NativeRuntime {
  /** Loads a package of Node, or throws. Null where this runtime has no packages: browsers, Node before 20.16. */
  readonly requirePackage: ((name: string) => unknown) | null;
  /** Node's name of the operating system. */
  readonly platform: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** This runtime, without an import that browsers could not resolve. */
export function thisRuntime(): NativeRuntime {
  if (typeof process !== 'object' || typeof process.getBuiltinModule !== 'function') {
    return { requirePackage: null, platform: 'none', environment: {} };
  }
  const { createRequire } = process.getBuiltinModule('node:module');
  return {
    requirePackage: createRequire(import.meta.url),
    platform: process.platform,
    environment: process.env,
  };
}
