import { RelucentError } from '../error.js';
import { FittedClassifier } from '../estimator/classifier.js';
import { writeModel, type ModelJson } from '../estimator/model-json.js';
import { looksLikeSafetensors } from '../formats/safetensors.js';
import { readModelSafetensors } from '../formats/model-safetensors.js';
import { parseModelText } from '../formats/model-text.js';
import { checkGraph, readOnnx } from '../formats/onnx.js';
import { loadModel, type LoadedModel } from './predict-table.js';

/** Largest model file read, in bytes: 256 MiB. */
export const MAX_MODEL_BYTES = 256 * 2 ** 20;

/** The formats of model files that can be read back. */
export type ModelFormat = 'json' | 'onnx' | 'safetensors';

/**
 * The format that a file begins like, whatever its name; `json` for anything that looks like none of the others.
 */
export function modelFormatOf(bytes: Uint8Array): ModelFormat {
  if (looksLikeSafetensors(bytes)) return 'safetensors';
  // An ONNX file begins with its first field, the version: key 8, then a small number.
  return bytes[0] === 0x08 && bytes.length > 1 ? 'onnx' : 'json';
}

/**
 * The model in a file that relucent wrote: model.json, ONNX or safetensors, told apart by their content. Nothing in a file
 * is run, and no size it claims is allocated before it is checked.
 *
 * @param bytes the whole file, at most 256 MiB
 * @throws RelucentError `invalid-model` for anything but an undamaged model of this or an older version
 */
export function importModel(bytes: Uint8Array): LoadedModel {
  if (bytes.length > MAX_MODEL_BYTES) {
    throw invalid('model', `expected at most 256 MiB, got ${bytes.length} bytes; keep fewer sub-networks`);
  }
  const format = modelFormatOf(bytes);
  switch (format) {
    case 'safetensors':
      return loadModel(readModelSafetensors(bytes));
    case 'onnx': {
      const { model, graph } = readOnnx(bytes);
      const loaded = loadModel(model);
      checkGraph(modelJsonOf(loaded), graph);
      return loaded;
    }
    case 'json':
      return loadModel(parsed(bytes));
    default:
      return format satisfies never;
  }
}

/** A loaded model as the plain data that model.json holds. */
export function modelJsonOf({ model, preprocessing }: LoadedModel): ModelJson {
  return model instanceof FittedClassifier
    ? writeModel('classifier', model, model.classes, preprocessing)
    : writeModel('regressor', model, [], preprocessing);
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return parseModelText(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    if (error instanceof RelucentError) throw error;
    throw invalid(
      'model',
      'expected a model.json, .onnx or .safetensors file that relucent wrote, got bytes that are none; the file is damaged or another one',
    );
  }
}

function invalid(where: string, message: string): RelucentError {
  return new RelucentError('invalid-model', where, message);
}
