/** A built-in module of Node, or null elsewhere and in Node before 20.16: the library itself imports none. */
export function nodeBuiltin(name: string): object | null {
  const { process } = globalThis as {
    readonly process?: { readonly getBuiltinModule?: (name: string) => object | undefined };
  };
  return process?.getBuiltinModule?.(name) ?? null;
}
