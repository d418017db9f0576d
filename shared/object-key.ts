import type { KeyStrategy } from "./api.ts";
import { MAX_KEY_BYTES } from "./limits.ts";
import { ProblemError } from "./problem.ts";

/** Longer endings are no extensions and may be cut, in bytes of UTF-8. */
const MAX_EXTENSION_BYTES = 32;

/** What a key is made from beside the name; everything impure comes in as an argument. */
export interface KeySource {
  readonly strategy: KeyStrategy;
  /** Goes in front of everything, unchanged: the prefix that a grant demands. */
  readonly prefix: string;
  /** MD5 in lower-case hexadecimal of the UTF-8 bytes of a text. */
  readonly md5Hex: (text: string) => string;
  /** Uniform in 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
  readonly now: Date;
}

/**
 * The key under which a file is stored: its path made legal, behind what the strategy puts in front.
 * `plain` puts nothing there, `hash` the first four digits of the MD5 of the path, `random` four
 * random digits, `reversed-date` day, month and the year's digits backwards (15/01/4202, UTC).
 * @param path name or folder path of the file, `/`-separated
 * @throws ProblemError `invalid-name` where nothing of the path can be kept
 */
export function objectKey(path: string, source: KeySource): string {
  const room = MAX_KEY_BYTES - utf8Length(source.prefix);
  const clean = normalizeKey(path, room);
  const spread = spreadPrefix(clean, source);
  const key = spread === "" ? clean : `${spread}/${normalizeKey(path, room - spread.length - 1)}`;
  return source.prefix + key;
}

/**
 * Makes a path a legal key by one rule, applied in this order:
 * 1. halves of surrogate pairs become U+FFFD, then the text is normalised to NFC, so that a name
 *    typed on macOS and on Windows gives one key;
 * 2. control characters, backslashes and what XML 1.0 cannot carry become `_`;
 * 3. empty, `.` and `..` segments are dropped, and with them leading and trailing slashes, because
 *    URL parsers and file systems resolve them;
 * 4. what exceeds `maxBytes` is cut at a code point before the extension.
 * All else is kept: spaces, quotes, `#?%&+<>`, every script, emoji. Applying it twice changes nothing,
 * and two paths that the rule leaves as they are keep distinct keys.
 * @param maxBytes at most this many bytes of UTF-8; 1 to 1,024
 * @throws ProblemError `invalid-name` where nothing is left
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
 */
export function normalizeKey(path: string, maxBytes: number = MAX_KEY_BYTES): string {
  const text = path.replace(/\p{Surrogate}/gu, "\uFFFD").normalize("NFC");
  const key = fit(keepSegments(text.replace(/[\p{Cc}\\\uFFFE\uFFFF]/gu, "_")), "", maxBytes);
  if (key === "") {
    throw new ProblemError("invalid-name", `Nothing of the name ${JSON.stringify(path)} is a key.`);
  }
  return key;
}

/**
 * The key of the `number`th object of the same name: `photo (2).jpg`, never above 1,024 bytes.
 * @param number from 2
 * @param prefix what `key` starts with and has to go on starting with, as a grant demands
 */
export function numberedKey(key: string, number: number, prefix = ""): string {
  const name = key.slice(prefix.length);
  return prefix + fit(name, ` (${number})`, MAX_KEY_BYTES - utf8Length(prefix));
}

/** Whether S3 could hold an object of this key: 1 to 1,024 bytes of UTF-8. */
export function isPossibleKey(key: string): boolean {
  return key !== "" && utf8Length(key) <= MAX_KEY_BYTES && !/\p{Surrogate}/u.test(key);
}

/** Length of a text in bytes of UTF-8. */
export function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}

function spreadPrefix(key: string, { strategy, md5Hex, random, now }: KeySource): string {
  switch (strategy) {
    case "plain":
      return "";
    case "hash":
      return md5Hex(key).slice(0, 4);
    case "random":
      return Math.floor(random() * 0x10000)
        .toString(16)
        .padStart(4, "0");
    case "reversed-date": {
      const [year = "", month = "", day = ""] = now.toISOString().slice(0, 10).split("-");
      return `${day}/${month}/${Array.from(year).toReversed().join("")}`;
    }
  }
}

function keepSegments(path: string): string {
  return path
    .split("/")
    .filter((segment) => segment !== "" && segment !== "." && segment !== "..")
    .join("/");
}

/** Puts `insert` before the extension and cuts what is in front of it to `maxBytes` in all. */
function fit(key: string, insert: string, maxBytes: number): string {
  if (utf8Length(key) + insert.length <= maxBytes) {
    const extension = extensionOf(key);
    return key.slice(0, key.length - extension.length) + insert + extension;
  }
  const full = extensionOf(key);
  const extension = utf8Length(full) + insert.length < maxBytes ? full : "";
  const stem = key.slice(0, key.length - extension.length);
  const cut = cutAt(stem, maxBytes - insert.length - utf8Length(extension));
  // A cut may end behind a slash or leave `..` of a longer segment.
  return keepSegments(cut + insert + extension);
}

function extensionOf(key: string): string {
  const name = key.slice(key.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  const extension = dot > 0 ? name.slice(dot) : "";
  return utf8Length(extension) <= MAX_EXTENSION_BYTES ? extension : "";
}

function cutAt(text: string, maxBytes: number): string {
  const kept = new Uint8Array(Math.max(0, maxBytes));
  // `encodeInto` never writes half a code point.
  return text.slice(0, new TextEncoder().encodeInto(text, kept).read);
}
