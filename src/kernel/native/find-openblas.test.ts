import { describe, expect, it } from 'vitest';
import { findOpenblas, type ForeignLibrary } from './find-openblas.js';
import type { NativeRuntime } from './native-runtime.js';
import { Openblas } from './openblas.js';

const CONFIG = 'OpenBLAS 0.3.99 DYNAMIC_ARCH Someprocessor MAX_THREADS=8';

/** A library whose functions are there but for `lacking`; none of them is called but the one that gives `config`. */
function library(config: string, lacking = 'nothing'): ForeignLibrary {
  return {
    func: (prototype) => {
      if (prototype.includes(`${lacking}(`)) throw new Error(`Cannot find function '${lacking}'`);
      return () => (prototype.includes('openblas_get_config') ? config : undefined);
    },
  };
}

/** A runtime with koffi and these libraries, which keeps the paths it was asked for. */
function runtimeWith(
  libraries: Readonly<Record<string, ForeignLibrary>>,
  given: Partial<NativeRuntime> = {},
): { readonly runtime: NativeRuntime; readonly tried: string[] } {
  const tried: string[] = [];
  const load = (path: string): ForeignLibrary => {
    tried.push(path);
    const known = libraries[path];
    if (!known) throw new Error('cannot open shared object file');
    return known;
  };
  return {
    runtime: { requirePackage: () => ({ load }), platform: 'linux', environment: {}, ...given },
    tried,
  };
}

function unable(message: string): () => never {
  return () => {
    throw new Error(message);
  };
}

describe('finding OpenBLAS', () => {
  it('takes the first of the usual places that loads', () => {
    const { runtime, tried } = runtimeWith({ 'libopenblas.so': library(CONFIG) });
    const blas = findOpenblas(runtime);
    expect(blas).toBeInstanceOf(Openblas);
    expect((blas as Openblas).config).toBe(CONFIG);
    expect(tried).toEqual(['libopenblas.so.0', 'libopenblas.so']);
  });

  it.each([
    { platform: 'darwin', path: '/opt/homebrew/opt/openblas/lib/libopenblas.dylib' },
    { platform: 'win32', path: 'libopenblas.dll' },
    { platform: 'freebsd', path: 'libopenblas.so' },
  ])('knows the places of $platform', ({ platform, path }) => {
    const { runtime } = runtimeWith({ [path]: library(CONFIG) }, { platform });
    expect(findOpenblas(runtime)).toBeInstanceOf(Openblas);
  });

  it('says how to install koffi, without folders of the machine', () => {
    const requirePackage = unable(
      "Cannot find module 'koffi'\nRequire stack:\n- /home/someone/relucent/file.js",
    );
    expect(findOpenblas({ ...runtimeWith({}).runtime, requirePackage })).toEqual({
      found: "no koffi (Cannot find module 'koffi')",
      fix: 'npm install koffi',
    });
  });

  it('says so where another package has the name of koffi', () => {
    expect(findOpenblas({ ...runtimeWith({}).runtime, requirePackage: () => ({}) })).toEqual({
      found: "a package 'koffi' without load()",
      fix: 'npm install koffi',
    });
  });

  it('says which runtime has packages where this one has none', () => {
    const runtime = { requirePackage: null, platform: 'none', environment: {} };
    expect(findOpenblas(runtime)).toEqual({
      found: 'a runtime without packages',
      fix: 'use Node 20.16 or later',
    });
  });

  it.each([
    { platform: 'linux', install: 'apt install libopenblas0' },
    { platform: 'darwin', install: 'brew install openblas' },
    { platform: 'win32', install: 'put openblas.dll into a folder of PATH' },
    { platform: 'freebsd', install: 'install it' },
  ])('says how to install the library on $platform', ({ platform, install }) => {
    const missing = findOpenblas(runtimeWith({}, { platform }).runtime);
    expect(missing).toMatchObject({
      found: expect.stringContaining('cannot open shared object file') as string,
    });
    expect(missing).toMatchObject({ fix: expect.stringContaining(install) as string });
    expect(missing).toMatchObject({ fix: expect.stringContaining('RELUCENT_OPENBLAS') as string });
  });

  it('passes over a library of 64-bit integers, and one without LAPACK', () => {
    const libraries = {
      'libopenblas.so.0': library(`${CONFIG} USE64BITINT`),
      'libopenblas.so': library(CONFIG, 'dpotrf_'),
    };
    const missing = findOpenblas(runtimeWith(libraries).runtime);
    expect(missing).toMatchObject({
      found: expect.stringMatching(/so\.0: built with 64-bit integers/) as string,
    });
    expect(missing).toMatchObject({
      found: expect.stringMatching(/so: Cannot find function 'dpotrf_'/) as string,
    });
  });

  it('tries nothing but what RELUCENT_OPENBLAS names', () => {
    const environment = { RELUCENT_OPENBLAS: '/some/where.so' };
    const usual = { 'libopenblas.so.0': library(CONFIG) };
    const absent = runtimeWith(usual, { environment });
    expect(findOpenblas(absent.runtime)).toEqual({
      found: 'none that loads (/some/where.so: cannot open shared object file)',
      fix: 'set RELUCENT_OPENBLAS to an OpenBLAS library, or unset it to try the usual places',
    });
    expect(absent.tried).toEqual(['/some/where.so']);
    const present = runtimeWith({ ...usual, '/some/where.so': library('OpenBLAS 1.0') }, { environment });
    expect((findOpenblas(present.runtime) as Openblas).config).toBe('OpenBLAS 1.0');
  });
});
