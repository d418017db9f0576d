/** Where a stream that is being unpacked lies, from an address that every call is given. */

/** What goes on: see the modes. */
export const MODE: usize = 0;
export const IS_FINAL: usize = 4;
/** Of a stored block, bytes that are still to come. */
export const STORED: usize = 8;
/** Bits that were taken from the input and not used. */
export const BIT_COUNT: usize = 12;
export const BITS: usize = 16;
/** Where the call has left off in the input and in the output. */
export const INPUT: usize = 24;
export const OUTPUT: usize = 28;

// Modes.
export const HEADER: u32 = 0;
export const HUFFMAN: u32 = 1;
export const STORING: u32 = 2;

// What a call answers.
export const NEEDS_INPUT: u32 = 0;
export const NEEDS_OUTPUT: u32 = 1;
export const FINISHED: u32 = 2;
export const DAMAGED: u32 = 3;

/** Lengths of the codes of a block: literals and lengths, and distances. */
export const LENGTHS: usize = 64;
/** Counts and first codes by length, and sizes of second tables, while a table is built. */
export const SCRATCH: usize = 512;
export const SIZES: usize = 1024;
/** Tables of 64 bits an entry, and room for second tables behind the main ones. */
export const LITERAL_TABLE: usize = 4096;
export const DISTANCE_TABLE: usize = 40960;
export const INFLATE_BYTES: usize = 65536;

/** A call stops where less input is left than this, because a block's header may be so long; in bytes. */
export const INPUT_MARGIN: usize = 1024;
/** It writes up to so many bytes beyond where the output ends. */
export const OUTPUT_MARGIN: usize = 320;
/** What was unpacked before and can be referred to. */
export const WINDOW_BYTES: usize = 32768;
