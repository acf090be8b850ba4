import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it.each(readdirSync('examples').filter((name) => name.endsWith('.mjs')))('examples/%s runs', (name) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join('examples', name)], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  expect(stdout).toMatch(/relative gap \d/);
  expect(stdout).not.toMatch(/NaN|undefined|different/);
});
