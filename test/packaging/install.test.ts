import { execFileSync, spawnSync, type ExecFileSyncOptionsWithStringEncoding } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VERSION } from '../../src/version.js';

/** A blank project that installs what `npm pack` makes, with npm's cache as `npm ci` left it. */
const folder = mkdtempSync(join(tmpdir(), 'relucent-project-'));
const here: ExecFileSyncOptionsWithStringEncoding = { cwd: folder, encoding: 'utf8' };

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}
let packed: Packed;

beforeAll(() => {
  const said = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    encoding: 'utf8',
  });
  packed = (JSON.parse(said) as [Packed])[0];
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'blank', private: true, type: 'module' }),
  );
  const options = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync('npm', ['install', ...options, `./${packed.filename}`], here);
}, 240_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the package in a blank project', () => {
  it('has a command', () => {
    expect(execFileSync('npx', ['--no-install', 'relucent', '--version'], here).trim()).toBe(VERSION);
  });

  it('runs an example of the repository', () => {
    copyFileSync('examples/solve.mjs', join(folder, 'solve.mjs'));
    expect(execFileSync(process.execPath, ['solve.mjs'], here)).toMatch(/optimal/);
  });

  it('has types that a strict project takes, and that refuse what is wrong', () => {
    writeFileSync(
      join(folder, 'use.ts'),
      `import { RelucentClassifier, solve, type SolveResult } from 'relucent';
       const result: SolveResult = await solve({ X: [[1, 1], [2, 1]], y: [1, 2], beta: 0.1, patterns: 'all' });
       const gap: number = result.relativeGap;
       const model = await new RelucentClassifier({ depth: 3, width: 2 }).fit([[1], [2], [3]], ['a', 'b', 'a']);
       const labels: readonly (string | number)[] = model.predict([[gap]]);
       // @ts-expect-error beta is a number
       await solve({ X: [[1]], y: [1], beta: '0.1', patterns: 'all' });
       export { labels };\n`,
    );
    const compilerOptions = { strict: true, noEmit: true, target: 'ES2022', module: 'NodeNext', types: [] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['use.ts'] }));
    const { stdout, status } = spawnSync(
      process.execPath,
      [resolve('node_modules/typescript/bin/tsc')],
      here,
    );
    expect(stdout).toBe('');
    expect(status).toBe(0);
  });

  it('holds no tests, sources or benches', () => {
    const paths = packed.files.map(({ path }) => path);
    expect(paths).toContain('dist/src/index.js');
    expect(paths).toContain('LICENSE');
    expect(paths.filter((path) => /\.test\.|^(src|test|bench|cli|kernel)\//.test(path))).toEqual([]);
  });
});
