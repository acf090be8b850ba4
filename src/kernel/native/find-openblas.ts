import type { NativeRuntime } from './native-runtime.js';
import { Openblas } from './openblas.js';

/** A loaded library: `func` binds the function that a C prototype declares. */
export interface ForeignLibrary {
  func(prototype: string): (...values: readonly unknown[]) => unknown;
}

/** The part of koffi that is used. */
interface Koffi {
  load(path: string): ForeignLibrary;
}

/** Why there is no OpenBLAS here, and what to do about it. */
export interface Missing {
  readonly found: string;
  readonly fix: string;
}

/** Where systems keep OpenBLAS: names go through the search path of the system's loader. */
const PLACES: Readonly<Record<string, readonly string[]>> = {
  linux: ['libopenblas.so.0', 'libopenblas.so'],
  darwin: [
    'libopenblas.dylib',
    '/opt/homebrew/opt/openblas/lib/libopenblas.dylib',
    '/usr/local/opt/openblas/lib/libopenblas.dylib',
  ],
  win32: ['openblas.dll', 'libopenblas.dll'],
};

const INSTALL: Readonly<Record<string, string>> = {
  linux: 'install it (apt install libopenblas0, dnf install openblas)',
  darwin: 'install it (brew install openblas)',
  win32: 'put openblas.dll into a folder of PATH',
};

/** Names a library outright; then nothing else is tried. */
const VARIABLE = 'RELUCENT_OPENBLAS';

/**
 * OpenBLAS through the optional package koffi: the library that RELUCENT_OPENBLAS names, or else the first one among the
 * usual places that has all routines with 32-bit integers. Never throws.
 */
export function findOpenblas(runtime: NativeRuntime): Openblas | Missing {
  const koffi = loadKoffi(runtime);
  if ('found' in koffi) return koffi;
  const named = runtime.environment[VARIABLE];
  const places = named ? [named] : (PLACES[runtime.platform] ?? PLACES['linux']!);
  const reasons: string[] = [];
  for (const place of places) {
    try {
      return openLibrary(koffi, place);
    } catch (error) {
      reasons.push(`${place}: ${messageOf(error)}`);
    }
  }
  const found = `none that loads (${reasons.join('; ')})`;
  if (named)
    return { found, fix: `set ${VARIABLE} to an OpenBLAS library, or unset it to try the usual places` };
  const install = INSTALL[runtime.platform] ?? 'install it';
  return { found, fix: `${install} or set ${VARIABLE} to its path` };
}

/** @throws Error saying what is wrong with the library. */
function openLibrary(koffi: Koffi, place: string): Openblas {
  const library = new Openblas(koffi.load(place));
  if (library.config.includes('USE64BITINT'))
    throw new Error('built with 64-bit integers, 32-bit are needed');
  return library;
}

function loadKoffi({ requirePackage }: NativeRuntime): Koffi | Missing {
  if (!requirePackage) return { found: 'a runtime without packages', fix: 'use Node 20.16 or later' };
  try {
    const koffi = requirePackage('koffi');
    if (isKoffi(koffi)) return koffi;
    return { found: "a package 'koffi' without load()", fix: 'npm install koffi' };
  } catch (error) {
    return { found: `no koffi (${messageOf(error)})`, fix: 'npm install koffi' };
  }
}

function isKoffi(value: unknown): value is Koffi {
  return typeof value === 'object' && value !== null && 'load' in value && typeof value.load === 'function';
}

/** The first line: what Node adds to it names folders of the machine. */
function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n', 1)[0] ?? text;
}
