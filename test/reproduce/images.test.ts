import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { cifarPictures } from '../../reproduce/data/images.js';
import { readIdx } from '../../reproduce/data/idx.js';
import { images, type ImageResult } from '../../reproduce/images/experiment.js';
import { quickRun } from './quick-run.js';

it('images: gated and trained networks tell clothes apart, and what is missing is said', async () => {
  const { outcome } = await quickRun(images);
  expect(outcome.setUp.join(' ')).toContain('Fashion-MNIST alone');
  const { sets } = outcome.numbers as unknown as { readonly sets: readonly ImageResult[] };
  expect(sets.map(({ set, rows, testRows, features }) => [set, rows, testRows, features])).toEqual([
    ['Fashion-MNIST', 120, 200, 49],
  ]);
  const methods = sets[0]?.methods ?? [];
  expect(methods).toHaveLength(5);
  for (const { method, test, certificate, history } of methods) {
    // Ten classes: guessing is right in one of ten.
    expect(test.accuracy, method).toBeGreaterThan(0.4);
    const isGated = method.startsWith('gated');
    expect(certificate?.scope).toBe(isGated ? 'given-arrangements' : undefined);
    expect(history.length > 1).toBe(isGated);
    if (isGated) expect(history.at(-1)![1]).toBeLessThan(history[0]![1]);
  }
});

describe('image files', () => {
  it('of IDX are read, and refused by name where they are not whole', () => {
    const whole = Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6);
    expect(readIdx(gzipSync(whole), 'a.gz')).toEqual({ sizes: [2, 3], values: Buffer.of(1, 2, 3, 4, 5, 6) });
    expect(() => readIdx(gzipSync(whole.slice(0, -1)), 'a.gz')).toThrow(
      /^a\.gz: expected 2×3 = 6 values, got 5/,
    );
    expect(() => readIdx(gzipSync(Uint8Array.of(1, 2, 3, 4)), 'b.gz')).toThrow(
      /^b\.gz: expected an IDX file/,
    );
    expect(() => readIdx(whole, 'c.gz')).toThrow(/^c\.gz: expected a whole gzip file/);
  });

  it('of CIFAR-10 are read plain or compressed, and refused where records do not fit', () => {
    const file = new Uint8Array(2 * 3073).map((_, at) => (at < 3073 ? 7 : 9));
    for (const bytes of [file, gzipSync(file)]) {
      const { count, labels, pixels } = cifarPictures(bytes, 'a.bin');
      expect([count, ...labels]).toEqual([2, 7, 9]);
      expect(pixels.subarray(3072)).toEqual(new Uint8Array(3072).fill(9));
    }
    expect(() => cifarPictures(file.slice(1), 'a.bin')).toThrow(/^a\.bin: expected records of 3073 bytes/);
  });
});
