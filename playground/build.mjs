// Bundles the playground into dist/playground: static files that any server, or `relucent playground`, can serve.
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const out = join(root, 'dist/playground');

await rm(out, { recursive: true, force: true });
await mkdir(join(out, 'assets'), { recursive: true });

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: [
    { in: 'playground/main.tsx', out: 'assets/main' },
    { in: 'playground/worker/solver-worker.ts', out: 'assets/solver-worker' },
    { in: 'playground/worker/race-worker.ts', out: 'assets/race-worker' },
  ],
  outdir: out,
  chunkNames: 'assets/[name]-[hash]',
  assetNames: 'assets/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  minify: true,
  legalComments: 'none',
  metafile: true,
  // Before zod is: else it tries out `new Function`, which a page whose policy forbids that reports as an error.
  banner: { js: 'globalThis.__zod_globalConfig??={jitless:true};' },
  define: { 'process.env.NODE_ENV': '"production"' },
  // TensorFlow.js without its layers, converter and other backends.
  alias: { '@tensorflow/tfjs': '@tensorflow/tfjs-core' },
  plugins: [
    { name: 'tensorflow-of-browsers', setup: replaceTensorFlow },
    { name: 'zod-in-english', setup: dropLocales },
  ],
  logLevel: 'warning',
});

const wasm = 'tfjs-backend-wasm-simd.wasm';
await copyFile(
  join(root, 'node_modules/@tensorflow/tfjs-backend-wasm/dist', wasm),
  join(out, 'assets', wasm),
);

await copyFile(join(here, 'index.html'), join(out, 'index.html'));

await buildServiceWorker();
await printSizes();

/** The baselines of the experiments load TensorFlow.js from node_modules; a browser has its own way. */
function replaceTensorFlow(builder) {
  builder.onResolve({ filter: /^\.\/tensorflow\.js$/ }, () => ({ path: join(here, 'race/tensorflow.ts') }));
}

/** Messages of zod in fifty languages, of which the page shows English. */
function dropLocales(builder) {
  builder.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
    contents: 'export {};',
  }));
}

/** The worker that keeps the page for visits without a network knows all files of the build, and its version from their bytes. */
async function buildServiceWorker() {
  const files = (await readdir(join(out, 'assets'))).sort().map((name) => `assets/${name}`);
  const version = createHash('sha256');
  for (const file of ['index.html', ...files]) version.update(await readFile(join(out, file)));
  await build({
    absWorkingDir: root,
    entryPoints: ['playground/offline/service-worker.mjs'],
    outfile: join(out, 'service-worker.js'),
    minify: true,
    define: {
      FILES: JSON.stringify(['./', 'index.html', ...files]),
      VERSION: JSON.stringify(version.digest('hex').slice(0, 16)),
    },
    logLevel: 'warning',
  });
}

/** Sizes of what a visit transfers: at once (the page and all it imports), with training, with a race. */
async function printSizes() {
  const parts = [
    ['the page', ['index.html', 'assets/main.css', ...importedFrom('assets/main.js', false)]],
    ['charts, exports and their formats, lazily', lazyOnly('assets/main.js')],
    ['the solver worker', importedFrom('assets/solver-worker.js', false)],
    ['the race worker', importedFrom('assets/race-worker.js', false)],
    ['TensorFlow.js, with the first race', [...lazyOnly('assets/race-worker.js'), `assets/${wasm}`]],
  ];
  const seen = new Set();
  let [raw, packed] = [0, 0];
  for (const [name, files] of parts) {
    const fresh = files.filter((file) => !seen.has(file));
    let [own, ownPacked] = [0, 0];
    for (const file of fresh) {
      seen.add(file);
      own += (await stat(join(out, file))).size;
      ownPacked += gzipSync(await readFile(join(out, file)), { level: 9 }).length;
    }
    raw += own;
    packed += ownPacked;
    console.log(`playground: ${name.padEnd(42)} ${kilobytes(own)}, gzip ${kilobytes(ownPacked)}`);
  }
  console.log(`playground: ${'all'.padEnd(42)} ${kilobytes(raw)}, gzip ${kilobytes(packed)}`);
}

/** A file of the bundle and all that it imports; with `lazy` also what it may load later. */
function importedFrom(file, lazy, found = new Set()) {
  if (found.has(file)) return [...found];
  found.add(file);
  const output = metafile.outputs[`dist/playground/${file}`];
  for (const { path, kind } of output?.imports ?? []) {
    if (kind !== 'import-statement' && !lazy) continue;
    importedFrom(path.replace('dist/playground/', ''), lazy, found);
  }
  return [...found];
}

function lazyOnly(file) {
  const eager = new Set(importedFrom(file, false));
  return importedFrom(file, true).filter((name) => !eager.has(name));
}

function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(0).padStart(5)} kB`;
}
