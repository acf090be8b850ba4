/**
 * Writes the JSON Schema of model files from the schema that the loader checks them with.
 *
 *   npm run schema
 */
import { writeFileSync } from 'node:fs';
import { format } from 'prettier';
import { modelJsonSchema } from '../dist/src/estimator/model-json-schema.js';

const text = await format(JSON.stringify(modelJsonSchema()), { parser: 'json', printWidth: 110 });
writeFileSync(new URL('model.schema.json', import.meta.url), text);
