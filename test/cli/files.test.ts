import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonErrorAt } from '../../cli/json-error.js';
import { writeFiles } from '../../cli/write-file.js';
import { filesIn, scratch } from './run-cli.js';

describe('writeFiles', () => {
  it('writes all files, creating the folder', async () => {
    const folder = join(scratch(), 'a', 'b');
    await writeFiles(folder, [
      { name: 'x', text: '1' },
      { name: 'y', text: '2' },
    ]);
    expect(filesIn(folder)).toEqual(['x', 'y']);
    expect(readFileSync(join(folder, 'y'), 'utf8')).toBe('2');
  });

  it('leaves nothing behind when aborted, not even the folder', async () => {
    const folder = scratch();
    const signal = AbortSignal.abort(new Error('stop'));
    await expect(writeFiles(join(folder, 'a', 'b'), [{ name: 'x', text: '1' }], signal)).rejects.toThrow(
      'stop',
    );
    expect(filesIn(folder)).toEqual([]);
  });

  it('leaves nothing behind when a name cannot be written', async () => {
    const folder = scratch();
    const files = [
      { name: 'x', text: '1' },
      { name: 'n'.repeat(300), text: '2' },
    ];
    await expect(writeFiles(join(folder, 'a'), files)).rejects.toThrow(/expected a place .*ENAMETOOLONG/);
    expect(existsSync(join(folder, 'a'))).toBe(false);
  });

  it('does not replace a folder', async () => {
    const folder = scratch();
    mkdirSync(join(folder, 'x'));
    await expect(writeFiles(folder, [{ name: 'x', text: '1' }])).rejects.toThrow(
      /expected a file to replace/,
    );
  });
});

describe('jsonErrorAt', () => {
  const isJson = (text: string): boolean => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };

  it('agrees with JSON.parse on what is JSON, also after a character is changed or cut', () => {
    fc.assert(
      fc.property(
        fc.json(),
        fc.nat(),
        fc.constantFrom('', '"', ',', ']', '}', '0', '\\', '\n', 'x'),
        (json, at, put) => {
          const k = at % (json.length + 1);
          for (const text of [json, json.slice(0, k), json.slice(0, k) + put + json.slice(k + 1)]) {
            expect(jsonErrorAt(text) < 0).toBe(isJson(text));
          }
        },
      ),
    );
  });

  it.each([
    ['', 0],
    ['[1,]', 3],
    ['{"a" 1}', 5],
    ['{a: 1}', 1],
    ['[1', 2],
    ['"ab', 3],
    ['"a\nb"', 2],
    ['"\\x"', 1],
    ['01', 1],
    ['1 2', 2],
    ['nul', 3],
  ])('of %j is %i', (text, at) => {
    expect(jsonErrorAt(text)).toBe(at);
  });
});
