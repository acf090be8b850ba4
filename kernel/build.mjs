/**
 * Compiles the kernels and writes them, in base64, to src/kernel/wasm/module-bytes.ts: no compiler is needed to install
 * or to run, and the bytes load without a file or a fetch wherever the library does.
 *
 *   npm run kernel              writes the file
 *   npm run kernel -- --check   exits with 1 where the file is not what the sources compile to
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const TARGET = 'src/kernel/wasm/module-bytes.ts';
const COMMON = [
  'kernel/index.ts',
  ...['--runtime', 'stub', '-O3', '--noAssert', '--importMemory', '--noExportMemory', '--enable', 'simd'],
  ...['--outFile', 'kernel.wasm'],
];
const RELAXED = ['--enable', 'relaxed-simd'];
const SHARED = ['--enable', 'threads', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'];

/** The bytes of one build; compiler errors end the process. */
async function compile(options) {
  let bytes = null;
  const { error, stderr } = await asc.main([...COMMON, ...options], {
    writeFile: (name, contents) => {
      if (name === 'kernel.wasm') bytes = contents;
    },
  });
  if (error || bytes === null) throw new Error(`${error?.message ?? 'no output'}\n${stderr.toString()}`);
  return Buffer.from(bytes).toString('base64');
}

async function moduleFile() {
  const builds = [
    ['plain', await compile([])],
    ['plainShared', await compile(SHARED)],
    ['relaxed', await compile(RELAXED)],
    ['relaxedShared', await compile([...RELAXED, ...SHARED])],
  ];
  const fields = builds.map(([name, base64]) => `  ${name}:\n    '${base64}',\n`);
  return [
    '// Written by `npm run kernel` from the sources in kernel/: do not edit.\n\n',
    '/** WebAssembly modules in base64: plain or relaxed SIMD, with memory of their own or shared among threads. */\n',
    `export const moduleBytes = {\n${fields.join('')}} as const;\n`,
  ].join('');
}

const text = await moduleFile();
if (!process.argv.includes('--check')) writeFileSync(TARGET, text);
else if (readFileSync(TARGET, 'utf8') !== text) {
  console.error('src/kernel/wasm/module-bytes.ts is not what kernel/ compiles to; run npm run kernel');
  process.exitCode = 1;
}
