/** Bytes from which on an array is worth sharing; smaller ones are copied with the message. */
const LARGE = 1 << 16;

/**
 * The inputs with every large typed array moved to shared memory, where the runtime has any: copied once for the whole
 * run instead of once for each input that names it. The originals are left as they are. Cost O(size of the inputs).
 */
export function withSharedArrays<Input>(inputs: readonly Input[]): readonly Input[] {
  // Web pages have it only where they are isolated from other origins.
  if (typeof SharedArrayBuffer === 'undefined') return inputs;
  const seen = new Map<object, unknown>();
  return inputs.map((input) => shared(input, seen)) as Input[];
}

type TypedArray = Float64Array | Float32Array | Int32Array | Uint32Array | Int8Array | Uint8Array;

function shared(value: unknown, seen: Map<object, unknown>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const known = seen.get(value);
  if (known !== undefined) return known;
  const result = sharedObject(value, seen);
  seen.set(value, result);
  return result;
}

function sharedObject(value: object, seen: Map<object, unknown>): unknown {
  if (isTypedArray(value)) return sharedArray(value);
  if (Array.isArray(value)) {
    const isFlat = value.length > 0 && typeof value[0] !== 'object';
    return isFlat ? value : value.map((entry) => shared(entry, seen));
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, shared(entry, seen)]));
}

function isTypedArray(value: object): value is TypedArray {
  return (
    value instanceof Float64Array ||
    value instanceof Float32Array ||
    value instanceof Int32Array ||
    value instanceof Uint32Array ||
    value instanceof Int8Array ||
    value instanceof Uint8Array
  );
}

function sharedArray(array: TypedArray): TypedArray {
  if (array.byteLength < LARGE || array.buffer instanceof SharedArrayBuffer) return array;
  const Kind = array.constructor as new (buffer: SharedArrayBuffer) => TypedArray;
  const copy = new Kind(new SharedArrayBuffer(array.byteLength));
  copy.set(array);
  return copy;
}
