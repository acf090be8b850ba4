import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expectOneLine, filesIn, relucent, scratch } from './run-cli.js';

const quick = ['reproduce', 'sgd-vs-convex', '--quick', '--out', 'out'];

/** result.json without what is measured by a clock. */
function numbersOf(folder: string): unknown {
  const text = readFileSync(join(folder, 'out', 'result.json'), 'utf8');
  return JSON.parse(text, (key, value: unknown) => (key === 'seconds' ? null : value));
}

describe('relucent reproduce', () => {
  const whole = scratch();

  it('writes figures, numbers and tables, and says what holds', async () => {
    const { code, stdout, stderr } = await relucent(quick, { cwd: whole });
    expect(stdout).toMatch(/holds {2}the least point of every curve: none below the certified bound/);
    expect(stdout).not.toContain('FAILS');
    expect(stderr).toContain('sgd-vs-convex [');
    expect(code).toBe(0);
    expect(filesIn(join(whole, 'out'))).toEqual(['curves.svg', 'luck.svg', 'numbers.md', 'result.json']);
    expect(readFileSync(join(whole, 'out', 'numbers.md'), 'utf8')).toContain('![');
    expect(numbersOf(whole)).toMatchObject({
      format: 'relucent-experiment',
      name: 'sgd-vs-convex',
      mode: 'quick',
    });
  });

  it('goes on after an interruption to the same numbers, and prints one JSON object on request', async () => {
    const folder = scratch();
    const stopped = await relucent(quick, { cwd: folder, kill: { signal: 'SIGINT', after: '[3/5]' } });
    expect(stopped.stderr).toContain('steps.json; go on with --resume');
    expect(stopped.code).toBe(130);
    expect(filesIn(join(folder, 'out'))).toEqual(['steps.json']);
    const resumed = [...quick, '--resume', '--json', '--quiet'];
    const { code, stdout, stderr } = await relucent(resumed, { cwd: folder });
    const printed = JSON.parse(stdout) as { readonly checks: readonly { readonly holds: boolean }[] };
    expect(printed.checks.every(({ holds }) => holds)).toBe(true);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(filesIn(join(folder, 'out'))).not.toContain('steps.json');
    expect(numbersOf(folder)).toEqual(numbersOf(whole));
  });
});

describe('what reproduce refuses', () => {
  it('an experiment that there is not', async () => {
    const line = expectOneLine(await relucent(['reproduce', 'spirals']));
    expect(line).toMatch(/experiment: expected one of .*sgd-vs-convex.* or all, got "spirals"/);
  });

  it('to go on from steps of another mode, version or kind', async () => {
    const folder = scratch();
    const steps = {
      format: 'relucent-experiment-steps',
      relucent: '0.0.0',
      name: 'spiral',
      mode: 'full',
      steps: {},
    };
    writeFileSync(join(folder, 'steps.json'), JSON.stringify(steps));
    const args = ['reproduce', 'sgd-vs-convex', '--quick', '--out', folder, '--resume'];
    expect(expectOneLine(await relucent(args))).toMatch(
      /expected steps of sgd-vs-convex, quick, .*got spiral, full, 0.0.0/,
    );
    writeFileSync(join(folder, 'steps.json'), '[1]');
    expect(expectOneLine(await relucent(args))).toMatch(/expected the steps of an experiment/);
  });
});
