import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  FACTOR_JOB,
  MASKED_JOB,
  PACK_JOB,
  PRODUCT_JOB,
  UPDATE_JOB,
  WIDE_FIELDS,
} from '../../src/kernel/wasm/jobs.js';
import {
  ADJOINT_CHUNK,
  CHOLESKY_BLOCK,
  CHUNK_ROWS,
  DEPTH,
  PANEL,
} from '../../src/kernel/wasm/kernel-instance.js';

describe('the WebAssembly kernels', () => {
  it('are what their sources compile to', async () => {
    await expect(
      promisify(execFile)(process.execPath, ['kernel/build.mjs', '--check']),
    ).resolves.toMatchObject({ stderr: '' });
  }, 300_000);

  it.each([
    ['MaskedJob', MASKED_JOB],
    ['ProductJob', PRODUCT_JOB],
    ['PackJob', PACK_JOB],
    ['UpdateJob', UPDATE_JOB],
    ['FactorJob', FACTOR_JOB],
  ])('read the fields of a %s in the order in which they are written', (name, fields) => {
    const source = readFileSync('kernel/jobs.ts', 'utf8');
    const body = new RegExp(`export class ${name} \\{(.*?)\\n\\}`, 's').exec(source)?.[1] ?? '';
    const declared = [...body.matchAll(/^ {2}(\w+): (\w+);$/gm)].map(([, field, type]) => ({ field, type }));
    expect(declared.map(({ field }) => field)).toEqual(fields);
    for (const { field, type } of declared) expect(type === 'f64').toBe(WIDE_FIELDS.has(field ?? ''));
    // A float64 after a 32-bit field would be padded.
    expect(declared.slice(1).some(({ type }) => type === 'f64')).toBe(false);
  });

  it('cut work as their callers believe', () => {
    const layout = readFileSync('kernel/layout.ts', 'utf8');
    for (const [name, value] of Object.entries({ CHUNK_ROWS, DEPTH, PANEL, CHOLESKY_BLOCK })) {
      expect(layout).toContain(`export const ${name}: i32 = ${value};`);
    }
    expect(ADJOINT_CHUNK % 6).toBe(0);
  });
});
