/**
 * Compiles the kernels and writes them, in base64, to src/kernel/wasm/module-bytes.ts, and what native BLAS needs beside it
 * to src/kernel/native/module-bytes.ts: no compiler is needed to install or to run, and the bytes load without a file or a
 * fetch wherever the library does.
 *
 *   npm run kernel              writes the files
 *   npm run kernel -- --check   exits with 1 where a file is not what the sources compile to
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const COMMON = [
  ...['--runtime', 'stub', '-O3', '--noAssert', '--importMemory', '--noExportMemory', '--enable', 'simd'],
  ...['--outFile', 'kernel.wasm'],
];
const RELAXED = ['--enable', 'relaxed-simd'];
const SHARED = ['--enable', 'threads', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'];

/** The bytes of one build; compiler errors end the process. */
async function compile(source, options) {
  let bytes = null;
  const { error, stderr } = await asc.main([source, ...COMMON, ...options], {
    writeFile: (name, contents) => {
      if (name === 'kernel.wasm') bytes = contents;
    },
  });
  if (error || bytes === null) throw new Error(`${error?.message ?? 'no output'}\n${stderr.toString()}`);
  return Buffer.from(bytes).toString('base64');
}

const HEADER = '// Written by `npm run kernel` from the sources in kernel/: do not edit.\n\n';

async function kernelModules() {
  const source = 'kernel/index.ts';
  const builds = [
    ['plain', await compile(source, [])],
    ['plainShared', await compile(source, SHARED)],
    ['relaxed', await compile(source, RELAXED)],
    ['relaxedShared', await compile(source, [...RELAXED, ...SHARED])],
  ];
  const fields = builds.map(([name, base64]) => `  ${name}:\n    '${base64}',\n`);
  return [
    HEADER,
    '/** WebAssembly modules in base64: plain or relaxed SIMD, with memory of their own or shared among threads. */\n',
    `export const moduleBytes = {\n${fields.join('')}} as const;\n`,
  ].join('');
}

async function nativeModule() {
  const base64 = await compile('kernel/native.ts', []);
  return [
    HEADER,
    '/** The WebAssembly module of masks beside native BLAS, in base64: plain SIMD. */\n',
    `export const maskModuleBytes =\n  '${base64}';\n`,
  ].join('');
}

const FILES = [
  ['src/kernel/wasm/module-bytes.ts', await kernelModules()],
  ['src/kernel/native/module-bytes.ts', await nativeModule()],
];
for (const [path, text] of FILES) {
  if (!process.argv.includes('--check')) writeFileSync(path, text);
  else if (readFileSync(path, 'utf8') !== text) {
    console.error(`${path} is not what kernel/ compiles to; run npm run kernel`);
    process.exitCode = 1;
  }
}
