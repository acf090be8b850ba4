import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type BuildResult } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'relucent-bundle-'));
/** Size that docs/guide/library.md states, minified and compressed by gzip, in kilobytes. */
const STATED_KB = 250;

async function bundle(source: string, outfile: string): Promise<BuildResult<{ metafile: true }>> {
  return build({
    stdin: { contents: source, resolveDir: process.cwd() },
    bundle: true,
    minify: true,
    platform: 'browser',
    format: 'esm',
    metafile: true,
    logLevel: 'silent',
    outfile,
  });
}

describe('the library for bundlers', () => {
  const outfile = join(folder, 'relucent.mjs');
  let result: BuildResult<{ metafile: true }>;

  beforeAll(async () => {
    result = await bundle(`export * from 'relucent';`, outfile);
    writeFileSync(
      join(folder, 'use.mjs'),
      `import { solve } from './relucent.mjs';
       const X = Array.from({ length: 60 }, (_, i) => Array.from({ length: 30 }, (_, t) => Math.sin(1 + i * 31 + t * t)));
       const y = X.map((row) => Math.abs(row[0]));
       const { status, relativeGap, kernel } = await solve({ X, y, beta: 0.1, patterns: { sample: 20, seed: 1 } });
       console.log(JSON.stringify({ status, small: relativeGap <= 1e-6, kernel }));`,
    );
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('bundles for browsers without anything of Node', () => {
    expect(result.warnings).toEqual([]);
    const outputs = Object.values(result.metafile.outputs);
    expect(outputs.flatMap(({ imports }) => imports)).toEqual([]);
  });

  it('finds what is of Node: the check above can fail', async () => {
    const source = `import { readFileSync } from 'node:fs'; console.log(readFileSync);`;
    await expect(bundle(source, join(folder, 'node.mjs'))).rejects.toThrow(/node:fs/);
  });

  it('solves from the one file, WebAssembly included', () => {
    const { stdout, stderr } = spawnSync(process.execPath, ['use.mjs'], { cwd: folder, encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      status: 'optimal',
      small: true,
      kernel: expect.stringContaining('WebAssembly') as string,
    });
  });

  it('is as small as the guide says', () => {
    const kilobytes = gzipSync(readFileSync(outfile), { level: 9 }).length / 1000;
    expect(kilobytes).toBeLessThanOrEqual(STATED_KB);
    expect(kilobytes).toBeGreaterThan(STATED_KB / 2);
    expect(readFileSync('docs/guide/library.md', 'utf8')).toContain(`${STATED_KB} kB`);
  });
});
