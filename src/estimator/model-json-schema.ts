import { z } from 'zod';
import { MODEL_FORMAT_VERSION, modelSchema } from './model-json.js';

/**
 * The JSON Schema (draft 2020-12) of model files of this version, as `schema/model.schema.json` publishes it. It says less than
 * the loader checks: sizes that must fit together and the checksum are beyond it.
 */
export function modelJsonSchema(): object {
  return {
    $id: `urn:relucent:model:${MODEL_FORMAT_VERSION}`,
    title: `relucent model, version ${MODEL_FORMAT_VERSION}`,
    ...z.toJSONSchema(modelSchema, { io: 'output' }),
  };
}
