import { createHash } from "node:crypto";
import type { IfExists } from "../../shared/api.ts";
import { numberedKey } from "../../shared/object-key.ts";
import { ProblemError } from "../../shared/problem.ts";

/** After this many taken names a random number ends the search. */
const MAX_NUMBERED_ATTEMPTS = 20;

/** Chooses free keys for the files of one request. */
export interface KeyChooser {
  /** @throws ProblemError `key-exists` */
  choose(wanted: string): Promise<string>;
}

/**
 * Two files of one request never share a key: with `fail` the second is refused, else it is numbered,
 * with `replace` too, which speaks of what was there before.
 * @param prefix what every key starts with and has to keep
 * @param isTaken whether the storage holds an object of this key
 * @param random uniform in 0 (inclusive) to 1 (exclusive)
 */
export function createKeyChooser(
  ifExists: IfExists,
  prefix: string,
  isTaken: (key: string) => Promise<boolean>,
  random: () => number,
): KeyChooser {
  const reserved = new Set<string>();
  /** Before anything is awaited, so that files opened at the same time do not meet. */
  const reserve = (key: string) => !reserved.has(key) && reserved.add(key).has(key);
  const isFree = async (key: string) =>
    reserve(key) && (ifExists === "replace" || !(await isTaken(key)));
  return {
    async choose(wanted) {
      if (await isFree(wanted)) return wanted;
      if (ifExists === "fail") {
        throw new ProblemError("key-exists", `There is an object with the key "${wanted}".`);
      }
      for (let number = 2; number <= MAX_NUMBERED_ATTEMPTS; number += 1) {
        const key = numberedKey(wanted, number, prefix);
        if (await isFree(key)) return key;
      }
      const number = 100_000 + Math.floor(random() * 900_000);
      const key = numberedKey(wanted, number, prefix);
      if (await isFree(key)) return key;
      throw new ProblemError("key-exists", `No free name was found beside "${wanted}".`);
    },
  };
}

/** Below this many files, asking for each is cheaper than listing their folder. */
const MIN_FILES_TO_LIST = 8;

/** How the storage is asked about keys. */
export interface KeyLookup {
  /** All keys that start with `prefix`, or `null` where they are too many to list. */
  readonly list: (prefix: string) => Promise<ReadonlySet<string> | null>;
  readonly has: (key: string) => Promise<boolean>;
}

/**
 * Whether keys are taken, for many files of one folder at once: one listing of the folder that all share
 * answers for all of them, so that a new folder costs one request and not one a file.
 * Where the folder holds too much, or may not be listed, every key is asked for.
 * @throws ProblemError `storage-unreachable`
 */
export async function createTakenCheck(
  wanted: readonly string[],
  { list, has }: KeyLookup,
): Promise<(key: string) => Promise<boolean>> {
  if (wanted.length < MIN_FILES_TO_LIST) return has;
  const folder = commonFolder(wanted);
  const keys = await list(folder).catch((error: unknown) => {
    // Every key asked for would wait as long again.
    if (error instanceof ProblemError && error.code === "storage-unreachable") throw error;
    return null;
  });
  if (keys === null) return has;
  return async (key) => (key.startsWith(folder) ? keys.has(key) : has(key));
}

/** The longest prefix up to a slash that all keys share, or an empty one. */
function commonFolder(keys: readonly string[]): string {
  let shared = keys[0] ?? "";
  for (const key of keys) {
    while (!key.startsWith(shared)) shared = shared.slice(0, -1);
  }
  return shared.slice(0, shared.lastIndexOf("/") + 1);
}

/** MD5 in hexadecimal: the digest that the hash strategy is defined by, not a protection. */
export function md5Hex(text: string): string {
  return createHash("md5").update(text).digest("hex");
}
