import { INFLATE_BYTES, INPUT_MARGIN, OUTPUT_MARGIN } from "../kernel/assembly/inflate-layout.ts";
import { CONTEXT_BYTES } from "../kernel/assembly/layout.ts";
import { createMemory, type KernelMemory } from "../kernel/web-assembly.ts";
import { MAX_RECORD_BYTES } from "../input/limits.ts";

/** As much of an object as is read at once and scanned by one thread, in bytes. */
export const BLOCK_BYTES = 2 * 1024 * 1024;

/** Kernels read, and what unpacks writes, a little beyond a block's end. */
const SLACK_BYTES = OUTPUT_MARGIN + 192;

/** The beginning of a record that a block ends within has room before the next one. */
const HEADROOM_BYTES = MAX_RECORD_BYTES + SLACK_BYTES;

const PAGE_BYTES = 64 * 1024;
const SLOT_BYTES =
  Math.ceil((CONTEXT_BYTES + HEADROOM_BYTES + BLOCK_BYTES + SLACK_BYTES) / PAGE_BYTES) * PAGE_BYTES;

/** Whole records of an object, as they lie in memory. */
export interface Block {
  readonly slot: number;
  readonly start: number;
  /** Behind the delimiter of the last record. */
  readonly end: number;
  /** The same, without a delimiter that was added to a last record that had none. */
  readonly dataEnd: number;
  /** Of the first byte, in the object. */
  readonly offset: number;
}

/** What is unpacked is read in pieces of so many bytes at most. */
export const PACKED_BYTES = 256 * 1024;

/** Behind all slots: what unpacks, and what it reads. */
const UNPACKING_BYTES =
  Math.ceil((INFLATE_BYTES + PACKED_BYTES + 2 * INPUT_MARGIN) / PAGE_BYTES) * PAGE_BYTES;

/** Room for some blocks and for what a kernel needs beside each, which threads share. */
export function createBlockMemory(slotCount: number): KernelMemory {
  return createMemory((slotCount * SLOT_BYTES + UNPACKING_BYTES) / PAGE_BYTES);
}

/** Forgets what was planned, counted and unpacked there; bytes of objects stay until others take their place. */
export function clearMemory(memory: KernelMemory, slotCount: number): void {
  const clear = (start: number, sizeBytes: number) =>
    new Uint8Array(memory.buffer, start, sizeBytes).fill(0);
  for (let slot = 0; slot < slotCount; slot += 1) clear(contextOf(slot), CONTEXT_BYTES);
  clear(unpackingOf(memory).state, INFLATE_BYTES);
}

/** Where a stream lies that is unpacked, and behind it its input. */
export function unpackingOf({ buffer }: KernelMemory): {
  readonly state: number;
  readonly input: number;
} {
  const state = buffer.byteLength - UNPACKING_BYTES;
  return { state, input: state + INFLATE_BYTES };
}

/** Where a kernel's plan for a slot lies. */
export function contextOf(slot: number): number {
  return slot * SLOT_BYTES;
}

/** Where a block in a slot begins; what is left of the one before lies in front of it. */
export function roomOf(slot: number): number {
  return contextOf(slot) + CONTEXT_BYTES + HEADROOM_BYTES;
}
