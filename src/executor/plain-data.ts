import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';

/** Deepest nesting that is read: what tasks return has a handful of levels. */
const MOST_LEVELS = 64;

/** Typed arrays by name. */
const ARRAYS = { Float64Array, Float32Array, Int32Array, Uint32Array, Int8Array, Uint8Array } as const;
type ArrayName = keyof typeof ARRAYS;
type TypedArray = InstanceType<(typeof ARRAYS)[ArrayName]>;

/**
 * SHA-256 of plain data (numbers, texts, null, lists, maps, objects, typed arrays), as hexadecimal text: the same for data of
 * the same bits, whatever the memory it lies in. An object whose properties are in another order is another one.
 *
 * @param known digests of typed arrays that were read before; arrays are added to it
 * @throws Error for functions and objects of classes
 */
export function fingerprintOf(data: unknown, known = new Map<object, string>()): string {
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(encoded(data, (array) => digest(array, known))))));
}

/** Plain data as what JSON can hold, to be read back to the same bits by {@link decodePlain}. */
export function encodePlain(data: unknown): unknown {
  return encoded(data, (array) => bytesToHex(bytesOf(array)));
}

/**
 * Reads what {@link encodePlain} made. Keys are set as own properties and never reach a prototype.
 *
 * @throws Error for what it did not make
 */
export function decodePlain(json: unknown, levels = MOST_LEVELS): unknown {
  if (typeof json !== 'object' || json === null) return json;
  if (levels === 0) throw new Error(`expected at most ${MOST_LEVELS} levels of nesting, got more`);
  if (Array.isArray(json)) return json.map((entry) => decodePlain(entry, levels - 1));
  const tag = Object.hasOwn(json, '$') ? (json as { $: unknown }).$ : undefined;
  if (tag === undefined) {
    return Object.fromEntries(
      Object.entries(json).map(([key, entry]) => [key, decodePlain(entry, levels - 1)]),
    );
  }
  if (tag === 'undefined') return undefined;
  const { value } = json as { value?: unknown };
  if (tag === 'number' && typeof value === 'string') return Number(value);
  if ((tag === 'Map' || tag === 'object') && Array.isArray(value)) {
    const entries = value.map((entry: unknown) => {
      const pair = decodePlain(entry, levels - 1);
      if (!Array.isArray(pair) || pair.length !== 2) throw new Error('expected pairs of key and value');
      return pair as unknown as [string, unknown];
    });
    return tag === 'Map' ? new Map(entries) : Object.fromEntries(entries);
  }
  if (typeof tag === 'string' && isArrayName(tag) && typeof value === 'string') {
    const { buffer } = hexToBytes(value);
    return new ARRAYS[tag](buffer as ArrayBuffer);
  }
  throw new Error(`expected data as tasks return it, got the mark ${JSON.stringify(tag).slice(0, 40)}`);
}

function encoded(data: unknown, ofArray: (array: TypedArray) => string): unknown {
  if (data === undefined) return { $: 'undefined' };
  if (typeof data === 'number') {
    if (Object.is(data, -0)) return { $: 'number', value: '-0' };
    return Number.isFinite(data) ? data : { $: 'number', value: String(data) };
  }
  if (data === null || typeof data === 'string' || typeof data === 'boolean') return data;
  if (typeof data !== 'object') throw new Error(`expected plain data, got a ${typeof data}`);
  const again = (entry: unknown): unknown => encoded(entry, ofArray);
  if (Array.isArray(data)) return data.map(again);
  if (data instanceof Map) return { $: 'Map', value: [...data].map(again) };
  const name = Object.prototype.toString.call(data).slice(8, -1);
  if (isArrayName(name) && ArrayBuffer.isView(data)) {
    return { $: name, value: ofArray(data as TypedArray) };
  }
  const prototype: unknown = Object.getPrototypeOf(data);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new Error(`expected plain data, got an object of ${name}`);
  }
  const entries = Object.entries(data);
  // A key that would be taken for a mark.
  if (Object.hasOwn(data, '$')) return { $: 'object', value: entries.map(again) };
  return Object.fromEntries(entries.map(([key, entry]) => [key, again(entry)]));
}

function isArrayName(name: string): name is ArrayName {
  return Object.hasOwn(ARRAYS, name);
}

function bytesOf(array: TypedArray): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function digest(array: TypedArray, known: Map<object, string>): string {
  const text = known.get(array) ?? bytesToHex(sha256(bytesOf(array)));
  known.set(array, text);
  return text;
}
