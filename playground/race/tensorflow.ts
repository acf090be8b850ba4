import type * as tfjs from '@tensorflow/tfjs';
import { RelucentError } from '../../src/error.js';

export type TensorFlow = typeof tfjs;

let loading: Promise<TensorFlow> | undefined;

/**
 * TensorFlow.js in a browser: build.mjs puts this in the place of reproduce/baseline/tensorflow.ts. Loaded with the first call.
 * WebAssembly SIMD on one thread, in float32, as in the experiments.
 *
 * @throws RelucentError `unsupported` where it cannot be loaded or started
 */
export function loadTensorFlow(): Promise<TensorFlow> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw new RelucentError(
      'unsupported',
      'race',
      `expected to load and start TensorFlow.js, got ${String(error)}; reload the page, in a browser with WebAssembly SIMD`,
    );
  });
  return loading;
}

async function load(): Promise<TensorFlow> {
  const tf = await import('@tensorflow/tfjs');
  // The bundle has tfjs-core in the place of tfjs, which would register these itself.
  await import('@tensorflow/tfjs-core/dist/register_all_gradients.js');
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  // Of its three files only that with SIMD is there: every browser that runs module workers takes it.
  setWasmPaths(new URL('./', import.meta.url).href);
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  if (!(await tf.setBackend('wasm'))) {
    throw new Error(
      'TensorFlow.js: expected a browser that runs its WebAssembly backend, got one that does not',
    );
  }
  return tf;
}
