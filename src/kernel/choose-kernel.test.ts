import { afterEach, describe, expect, it, vi } from 'vitest';

/** A fresh copy, which remembers nothing of what the runtime can. */
async function freshKernels() {
  vi.resetModules();
  return await import('./choose-kernel.js');
}

describe('availableKernel', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('gives the kernel asked for', async () => {
    const { availableKernel } = await freshKernels();
    expect(availableKernel({ kernel: 'javascript' }).name).toBe('JavaScript');
    expect(availableKernel({ kernel: 'wasm' }).name).toBe('WebAssembly SIMD');
  });

  it('takes relaxed SIMD, SIMD and JavaScript in this order, as far as they are there', async () => {
    const validate = vi.spyOn(WebAssembly, 'validate');
    const { availableKernel } = await freshKernels();
    expect(availableKernel().name).toMatch(/^WebAssembly (relaxed )?SIMD$/);
    validate.mockReturnValue(true);
    expect((await freshKernels()).availableKernel().name).toBe('WebAssembly relaxed SIMD');
    validate.mockReturnValueOnce(false);
    expect((await freshKernels()).availableKernel().name).toBe('WebAssembly SIMD');
    validate.mockReturnValue(false);
    expect((await freshKernels()).availableKernel().name).toBe('JavaScript');
  });

  it.each(['wasm', 'wasm-relaxed'] as const)(
    'refuses %s where it cannot run, rather than take another',
    async (kernel) => {
      vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
      const { availableKernel } = await freshKernels();
      expect(() => availableKernel({ kernel })).toThrow(
        /^kernel: expected a runtime with WebAssembly .* leave kernel out/,
      );
    },
  );

  it.each([0, -1, 1.5, NaN, 65])('refuses %s threads and says what to give', async (threads) => {
    const { availableKernel } = await freshKernels();
    expect(() => availableKernel({ threads })).toThrow(
      /^threads: expected a whole number from 1 to 64, got .*; give/,
    );
  });
});
