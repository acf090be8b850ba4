import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { VERSION } from './version.js';

it('is the version in package.json', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  expect(VERSION).toBe(version);
});

it('is the version in CITATION.cff', () => {
  expect(readFileSync('CITATION.cff', 'utf8')).toContain(`\nversion: ${VERSION}\n`);
});
