import { damaged } from "./fault.ts";

/** Types of Thrift's compact protocol, as their numbers in the file. */
const TRUE = 1;
const FALSE = 2;
const BYTE = 3;
const I64 = 6;
const DOUBLE = 7;
const BINARY = 8;
const LIST = 9;
const SET = 10;
const MAP = 11;
const STRUCT = 12;
const UUID = 13;

/** Parquet's own structures nest less than ten deep. */
const MOST_DEPTH = 24;

/**
 * Reads Thrift's compact protocol field by field, so that nothing is allocated on the word of a count.
 * @see https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */
export class ThriftReader {
  readonly #bytes: Uint8Array;
  #at: number;
  #depth = 0;

  /** @param at offset of the first byte that is read */
  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** Offset of the byte that comes next. */
  get at(): number {
    return this.#at;
  }

  /** Reads a structure: `onField` reads or skips the value of each field. @throws SelectError `ParquetParsingError` */
  eachField(onField: (id: number, type: number) => void): void {
    this.#enter();
    let id = 0;
    for (let head = this.#byte(); head !== 0; head = this.#byte()) {
      const delta = head >> 4;
      id = delta === 0 ? this.#zigzag() : id + delta;
      onField(id, head & 15);
    }
    this.#depth -= 1;
  }

  /** Reads a list: `onItem` reads or skips each item. @throws SelectError `ParquetParsingError` */
  eachItem(type: number, onItem: (type: number, index: number) => void): void {
    if (type !== LIST && type !== SET) throw unexpected();
    this.#enter();
    const head = this.#byte();
    const count = head >> 4 === 15 ? this.#varint() : head >> 4;
    // Every item takes a byte at least.
    if (count > this.#bytes.length - this.#at) throw damaged("a list is longer than what holds it");
    for (let index = 0; index < count; index += 1) onItem(itemType(head & 15), index);
    this.#depth -= 1;
  }

  /** A structure within; `type` is that of its field. */
  structure(type: number, onField: (id: number, type: number) => void): void {
    if (type !== STRUCT) throw unexpected();
    this.eachField(onField);
  }

  /** An integer; beyond 53 bits it is not exact. */
  integer(type: number): number {
    if (type < BYTE || type > I64) throw unexpected();
    if (type !== BYTE) return this.#zigzag();
    return (this.#byte() << 24) >> 24;
  }

  boolean(type: number): boolean {
    if (type === TRUE || type === FALSE) return type === TRUE;
    // In lists each has a byte of its own.
    if (type === BYTE) return this.#byte() === TRUE;
    throw unexpected();
  }

  /** Bytes, as a view of those that are read. */
  binary(type: number): Uint8Array {
    if (type !== BINARY) throw unexpected();
    return this.#take(this.#varint());
  }

  /** Passes over a value. */
  skip(type: number): void {
    if (type === TRUE || type === FALSE) return;
    if (type === BYTE) this.#take(1);
    else if (type <= I64) this.#varint();
    else if (type === DOUBLE) this.#take(8);
    else if (type === BINARY) this.#take(this.#varint());
    else if (type === LIST || type === SET) this.eachItem(type, (each) => this.skip(each));
    else if (type === STRUCT) this.eachField((_id, each) => this.skip(each));
    else if (type === UUID) this.#take(16);
    else if (type === MAP) this.#skipMap();
    else throw unexpected();
  }

  #skipMap(): void {
    this.#enter();
    const count = this.#varint();
    const types = count === 0 ? 0 : this.#byte();
    for (let index = 0; index < count; index += 1) {
      this.skip(itemType(types >> 4));
      this.skip(itemType(types & 15));
    }
    this.#depth -= 1;
  }

  #enter(): void {
    this.#depth += 1;
    if (this.#depth > MOST_DEPTH) throw damaged("its metadata nests too deep");
  }

  #take(length: number): Uint8Array {
    if (length > this.#bytes.length - this.#at) throw ended();
    const taken = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return taken;
  }

  #byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw ended();
    this.#at += 1;
    return byte;
  }

  #varint(): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 70; scale *= 128) {
      const byte = this.#byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    throw damaged("a number in its metadata has no end");
  }

  #zigzag(): number {
    const value = this.#varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}

/** Booleans in lists have a byte each, unlike those in fields. */
function itemType(type: number): number {
  return type === TRUE || type === FALSE ? BYTE : type;
}

function ended(): Error {
  return damaged("its metadata ends too early");
}

function unexpected(): Error {
  return damaged("a field of its metadata has another type than it must");
}
