/** Rows of some kind, told apart by what they hold. */
export interface RowIdentity {
  /** The same unsigned 32-bit number for rows that are equal. */
  hash(row: number): number;
  equal(a: number, b: number): boolean;
}

const EMPTY = -1;

/**
 * A set of rows in which no two are equal: 8 to 16 bytes a row, whatever they hold.
 *
 * Open addressing on a power of two with linear probing (Knuth, The Art of Computer Programming 3, 6.4).
 */
export class DistinctRows {
  readonly #slots: Int32Array;
  readonly #identity: RowIdentity;
  #size = 0;

  /** @param most largest number of rows that will be added */
  constructor(most: number, identity: RowIdentity) {
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(2, 2 * most)))).fill(EMPTY);
    this.#identity = identity;
  }

  /** Number of distinct rows added. */
  get size(): number {
    return this.#size;
  }

  /** Adds a row; false if an equal one is there. */
  add(row: number): boolean {
    const slot = this.#find(row);
    if (this.#slots[slot] !== EMPTY) return false;
    this.#slots[slot] = row;
    this.#size++;
    return true;
  }

  /** Whether an equal row was added. */
  has(row: number): boolean {
    return this.#slots[this.#find(row)] !== EMPTY;
  }

  #find(row: number): number {
    const mask = this.#slots.length - 1;
    let slot = scramble(this.#identity.hash(row)) & mask;
    for (;;) {
      const found = this.#slots[slot] ?? EMPTY;
      if (found === EMPTY || this.#identity.equal(found, row)) return slot;
      slot = (slot + 1) & mask;
    }
  }
}

/** Number of distinct ones among the rows 0 … n−1. */
export function countDistinctRows(n: number, identity: RowIdentity): number {
  const distinct = new DistinctRows(n, identity);
  for (let row = 0; row < n; row++) distinct.add(row);
  return distinct.size;
}

/** Finaliser of MurmurHash3: every bit of the input moves every bit of the output. */
function scramble(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
