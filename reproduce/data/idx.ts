import { gunzipSync } from 'node:zlib';
import { RelucentError } from '../../src/error.js';

/** An array of bytes as an IDX file has it: the format of the MNIST distribution. */
export interface IdxArray {
  /** Sizes of its dimensions, the slowest first. */
  readonly sizes: readonly number[];
  readonly values: Uint8Array;
}

const UNSIGNED_BYTES = 0x08;

/**
 * Reads an IDX file of unsigned bytes, gzip-compressed: two zero bytes, the type, the number of dimensions, their sizes as
 * big-endian 32-bit integers, the values.
 *
 * @param file its bytes
 * @param path what it is called in errors
 * @throws RelucentError where the file is of another kind or its length is not what its sizes say.
 */
export function readIdx(file: Uint8Array, path: string): IdxArray {
  const bytes = gunzipped(file, path);
  const head = bytes.length >= 4 ? bytes.readUInt32BE(0) : NaN;
  const dimensions = head & 0xff;
  if (head >>> 8 !== UNSIGNED_BYTES || dimensions === 0 || bytes.length < 4 + 4 * dimensions) {
    throw invalid(path, 'expected an IDX file of unsigned bytes (first bytes 00 00 08), got another');
  }
  const sizes = Array.from({ length: dimensions }, (_, at) => bytes.readUInt32BE(4 + 4 * at));
  const length = sizes.reduce((product, size) => product * size, 1);
  const values = bytes.subarray(4 + 4 * dimensions);
  if (values.length !== length) {
    throw invalid(path, `expected ${sizes.join('×')} = ${length} values, got ${values.length}; is it whole?`);
  }
  return { sizes, values };
}

/** What a gzip file holds. @throws RelucentError that names the file where it is not one, or is damaged */
export function gunzipped(file: Uint8Array, path: string): Buffer {
  try {
    return gunzipSync(file);
  } catch (error) {
    throw invalid(path, `expected a whole gzip file, got one that does not unpack (${String(error)})`);
  }
}

function invalid(path: string, message: string): RelucentError {
  return new RelucentError('invalid-argument', path, message);
}
