import type * as tfjs from '@tensorflow/tfjs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { RelucentError } from '../../src/error.js';

export type TensorFlow = typeof tfjs;

let loading: Promise<TensorFlow> | undefined;

/**
 * TensorFlow.js on its WebAssembly backend with one thread: automatic differentiation and optimisers of the baselines, in
 * float32, the same bits on every run.
 *
 * @throws RelucentError `unsupported` where the two packages, optional peers of relucent, are not installed
 */
export function loadTensorFlow(): Promise<TensorFlow> {
  loading ??= load();
  return loading;
}

async function load(): Promise<TensorFlow> {
  try {
    const require = createRequire(import.meta.url);
    const folder = dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'));
    const tf = await import('@tensorflow/tfjs');
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    setWasmPaths(join(folder, 'wasm-out/'));
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
    if (!(await tf.setBackend('wasm'))) throw new Error('its WebAssembly backend does not start here');
    return tf;
  } catch (error) {
    loading = undefined;
    throw new RelucentError(
      'unsupported',
      'reproduce',
      `expected TensorFlow.js for the networks trained by gradient descent, got ${String(error)}; npm install @tensorflow/tfjs@4 @tensorflow/tfjs-backend-wasm@4`,
    );
  }
}
