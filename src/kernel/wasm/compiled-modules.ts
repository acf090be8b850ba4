import { moduleBytes } from './module-bytes.js';

/** Plain SIMD gives the same bits on every machine; relaxed SIMD multiplies and adds in one rounding where the machine can. */
export type Build = 'plain' | 'relaxed';

type ModuleName = keyof typeof moduleBytes;

const compiled = new Map<ModuleName, WebAssembly.Module>();
const runnable = new Set<Build>();

/** Whether this runtime can run a build. What it can is remembered; what it cannot may change with its flags. */
export function supportsBuild(build: Build): boolean {
  if (runnable.has(build)) return true;
  const valid = typeof WebAssembly === 'object' && WebAssembly.validate(decodeModule(moduleBytes[build]));
  if (valid) runnable.add(build);
  return valid;
}

/** The module of a build, compiled once; `shared` is for a memory that several threads work on. */
export function compiledModule(build: Build, shared: boolean): WebAssembly.Module {
  const name: ModuleName = shared ? `${build}Shared` : build;
  let module = compiled.get(name);
  if (!module) {
    module = new WebAssembly.Module(decodeModule(moduleBytes[name]));
    compiled.set(name, module);
  }
  return module;
}

/** The bytes of a module from base64. */
export function decodeModule(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
