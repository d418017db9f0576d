import { afterKey, afterPrefix, type KeyBytes } from "./row-key.ts";

/** Rows in order of their keys' UTF-8 bytes; several may share a key. */
export interface OrderedRows<V> {
  /** Rows from `position` on: the place of a key, or just before or after one. */
  from(position: Uint8Array): Iterable<{ readonly key: string; readonly value: V }>;
  /** The position in the table of the first row whose key is not below `key`. */
  positionOf(key: KeyBytes): Uint8Array;
}

/** What to list; `position` is where the page starts. */
export interface Walk {
  readonly prefix: string;
  readonly delimiter: string;
  readonly position: Uint8Array;
  readonly limit: number;
}

/** One page: rows and common prefixes count alike against the limit. */
export interface WalkedPage<V> {
  readonly rows: readonly { readonly key: string; readonly value: V }[];
  readonly prefixes: readonly string[];
  readonly isTruncated: boolean;
  /** The last row's key or the last common prefix, whichever came later. */
  readonly last?: string;
}

/** Where a page starts that follows `startAfter`: past the key, or past all that a common prefix rolls up. */
export function positionAfter<V>(
  table: OrderedRows<V>,
  startAfter: string,
  prefix: string,
  delimiter: string,
): Uint8Array {
  const bytes = Buffer.from(startAfter);
  const isCommonPrefix =
    startAfter.startsWith(prefix) && commonPrefixOf(startAfter, prefix, delimiter) === startAfter;
  const after = isCommonPrefix ? afterPrefix(bytes) : afterKey(bytes);
  return table.positionOf(later(after, Buffer.from(prefix)));
}

/** Walks one page; a common prefix is skipped by seeking past it, never by reading through it. */
export function walk<V>(table: OrderedRows<V>, options: Walk): WalkedPage<V> {
  const { prefix, delimiter, limit } = options;
  const rows: { key: string; value: V }[] = [];
  const prefixes: string[] = [];
  let last: string | undefined;
  const page = (isTruncated: boolean): WalkedPage<V> => ({
    rows,
    prefixes,
    isTruncated,
    ...(last === undefined ? {} : { last }),
  });
  if (limit === 0) return page(false);

  let position: Uint8Array | undefined = options.position;
  while (position !== undefined) {
    const start: Uint8Array = position;
    position = undefined;
    for (const { key, value } of table.from(start)) {
      if (!key.startsWith(prefix)) break;
      if (rows.length + prefixes.length === limit) return page(true);
      const common = commonPrefixOf(key, prefix, delimiter);
      last = common ?? key;
      if (common === undefined) {
        rows.push({ key, value });
      } else {
        prefixes.push(common);
        position = table.positionOf(afterPrefix(Buffer.from(common)));
        break;
      }
    }
  }
  return page(false);
}

/** What `key` is rolled up into: from its start to the first delimiter after the prefix. */
function commonPrefixOf(key: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === "") return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}

function later(left: Buffer, right: Buffer): Buffer {
  return Buffer.compare(left, right) < 0 ? right : left;
}
