/** Which of the 64 bytes from an address are a given one: a bit each, the first byte the lowest. */
// @ts-ignore: decorator
@inline
export function maskOf(at: usize, byte: v128): u64 {
  const a = <u64>i8x16.bitmask(i8x16.eq(v128.load(at), byte));
  const b = <u64>i8x16.bitmask(i8x16.eq(v128.load(at, 16), byte));
  const c = <u64>i8x16.bitmask(i8x16.eq(v128.load(at, 32), byte));
  const d = <u64>i8x16.bitmask(i8x16.eq(v128.load(at, 48), byte));
  return a | (b << 16) | (c << 32) | (d << 48);
}

/** The same for either of two bytes. */
// @ts-ignore: decorator
@inline
export function maskOfEither(at: usize, one: v128, other: v128): u64 {
  const v0 = v128.load(at);
  const v1 = v128.load(at, 16);
  const v2 = v128.load(at, 32);
  const v3 = v128.load(at, 48);
  const a = <u64>i8x16.bitmask(v128.or(i8x16.eq(v0, one), i8x16.eq(v0, other)));
  const b = <u64>i8x16.bitmask(v128.or(i8x16.eq(v1, one), i8x16.eq(v1, other)));
  const c = <u64>i8x16.bitmask(v128.or(i8x16.eq(v2, one), i8x16.eq(v2, other)));
  const d = <u64>i8x16.bitmask(v128.or(i8x16.eq(v3, one), i8x16.eq(v3, other)));
  return a | (b << 16) | (c << 32) | (d << 48);
}
