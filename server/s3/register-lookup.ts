import type { UploadAddress } from "./gateway.ts";
import type { RegisterPage } from "./register.ts";
import { parseRegisterName, registerPath, type RegisterState } from "./register-name.ts";

/** What the register has of an upload. */
export interface RegisterEntry {
  /** What was said last, as far as times to the second tell. */
  readonly state: RegisterState;
  readonly heardAt: Date;
  /** `null` where it is not known before the end. */
  readonly fileSizeBytes: number | null;
  /** Its objects; the first is what was said last. */
  readonly names: readonly [string, ...string[]];
}

/** Entries that nobody asked for and that are kept; a later listing comes across the others again. */
const MAX_OTHERS = 1000;

/** What was found for some uploads. */
export interface LookedUp {
  /** The entry of an upload that was asked for. */
  of(upload: UploadAddress): RegisterEntry | undefined;
  /** Some of the entries by path that came along and that nobody asked for. */
  readonly others: ReadonlyMap<string, RegisterEntry>;
}

/**
 * Joins uploads with the register, both in the order of their keys, holding a page of each at a time.
 * Between uploads that lie far apart it goes ahead to the next one, so that there are never more requests
 * than uploads and pages of entries of their own.
 * @param list a page of names that start with `prefix`, behind `after`
 * @param from where names begin to be of interest; left out: at the first upload
 */
export async function lookUp(
  uploads: readonly UploadAddress[],
  list: (prefix: string, after: string) => Promise<RegisterPage>,
  from?: { readonly prefix: string; readonly after: string },
): Promise<LookedUp> {
  const paths = [...new Set(uploads.map(registerPath))].toSorted(byBytes);
  const found = new Map<string, RegisterEntry>();
  const others = new Map<string, RegisterEntry>();
  const wanted = new Set(paths);
  const prefix = from?.prefix ?? sharedStart(paths);
  let after = earlier(from?.after, paths[0]);
  while (after !== undefined) {
    const { objects, isLast } = await list(prefix, after);
    for (const { name, heardAt } of objects) {
      const parsed = parseRegisterName(name);
      if (parsed === null) continue;
      const { path } = parsed;
      if (wanted.has(path)) note(found, parsed, name, heardAt);
      else if (others.has(path) || others.size < MAX_OTHERS) note(others, parsed, name, heardAt);
    }
    const end = objects.at(-1)?.name;
    after = isLast || end === undefined ? undefined : nextStart(paths, end);
  }
  return { of: (upload) => found.get(registerPath(upload)), others };
}

/** Of the entries of both states the later tells; of two of the same second `open`, which is not aborted unasked. */
export function note(
  entries: Map<string, RegisterEntry>,
  { path, state, fileSizeBytes }: Pick<RegisterEntry, "state" | "fileSizeBytes"> & { path: string },
  name: string,
  heardAt: Date,
): void {
  const known = entries.get(path);
  const isLater =
    known === undefined ||
    heardAt > known.heardAt ||
    (heardAt.getTime() === known.heardAt.getTime() && state === "open");
  if (isLater) {
    const names = [name, ...(known?.names ?? [])] as const;
    entries.set(path, { state, heardAt, fileSizeBytes, names: [...names] });
  } else {
    entries.set(path, { ...known, names: [...known.names, name] });
  }
}

/** Behind `end`, where the next upload is whose entries may not have been read; none: all have. */
function nextStart(paths: readonly string[], end: string): string | undefined {
  const next = paths.find((path) => path > end || end.startsWith(path));
  return next === undefined || next > end ? next : end;
}

/** Storages put uploads of one key in the order of their age, those of long keys in that of the whole key. */
function earlier(from: string | undefined, first: string | undefined): string | undefined {
  if (from === undefined || first === undefined) return from ?? first;
  return first < from ? first : from;
}

/** All names are of ASCII. */
function byBytes(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** The longest text that sorted texts all start with. */
function sharedStart(sorted: readonly string[]): string {
  const [first = "", last = first] = [sorted[0], sorted.at(-1)];
  let length = 0;
  while (length < first.length && first[length] === last[length]) length += 1;
  return first.slice(0, length);
}
