import { RelucentError } from '../src/error.js';
import { refuseCrowded } from '../src/formats/model-text.js';
import { importModel, modelFormatOf } from '../src/training/import-model.js';
import { loadModel, type LoadedModel } from '../src/training/predict-table.js';
import { parseJson, readInput, type JsonKind } from './read-json.js';

const kind: JsonKind = {
  noun: 'a model file',
  code: 'invalid-model',
  fix: 'pass the model.json that relucent train wrote',
};

/**
 * The model in a file: model.json, or an ONNX or safetensors file that relucent wrote, told apart by content.
 * @throws RelucentError, one line that names the file and the field
 */
export async function readModelFile(path: string, signal: AbortSignal): Promise<LoadedModel> {
  const bytes = await readInput(path, kind, signal);
  try {
    if (modelFormatOf(bytes) !== 'json') return importModel(bytes);
    refuseCrowded(bytes);
  } catch (error) {
    throwNamed(path, error);
  }
  // JSON is parsed here for the line and column of a fault.
  const json = parseJson(bytes, path, kind);
  try {
    return loadModel(json);
  } catch (error) {
    throwNamed(path, error);
  }
}

/** Throws an error with the file in front. */
function throwNamed(path: string, error: unknown): never {
  if (error instanceof RelucentError) throw new RelucentError(error.code, path, error.message);
  throw error;
}
