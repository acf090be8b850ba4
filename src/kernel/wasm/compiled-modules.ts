import { moduleBytes } from './module-bytes.js';

/** Plain SIMD gives the same bits on every machine; relaxed SIMD multiplies and adds in one rounding where the machine can. */
export type Build = 'plain' | 'relaxed';

type ModuleName = keyof typeof moduleBytes;

const compiled = new Map<ModuleName, WebAssembly.Module>();

/** Whether this runtime can run a build. Costs microseconds: the modules are 10 KB. */
export function supportsBuild(build: Build): boolean {
  return typeof WebAssembly === 'object' && WebAssembly.validate(decode(build));
}

/** The module of a build, compiled once; `shared` is for a memory that several threads work on. */
export function compiledModule(build: Build, shared: boolean): WebAssembly.Module {
  const name: ModuleName = shared ? `${build}Shared` : build;
  let module = compiled.get(name);
  if (!module) {
    module = new WebAssembly.Module(decode(name));
    compiled.set(name, module);
  }
  return module;
}

function decode(name: ModuleName): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(moduleBytes[name]), (character) => character.charCodeAt(0));
}
