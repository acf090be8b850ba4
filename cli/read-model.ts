import { RelucentError } from '../src/error.js';
import { loadModel, type LoadedModel } from '../src/training/predict-table.js';
import { readJson } from './read-json.js';

/** The model in a file. @throws RelucentError, one line that names the file and the field */
export async function readModelFile(path: string, signal: AbortSignal): Promise<LoadedModel> {
  const json = await readJson(
    path,
    { noun: 'a model file', code: 'invalid-model', fix: 'pass the model.json that relucent train wrote' },
    signal,
  );
  try {
    return loadModel(json);
  } catch (error) {
    if (error instanceof RelucentError) throw new RelucentError(error.code, path, error.message);
    throw error;
  }
}
