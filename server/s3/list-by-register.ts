import type { S3Client } from "@aws-sdk/client-s3";
import { mapConcurrently } from "../../shared/concurrency.ts";
import type { UploadAddress } from "./gateway.ts";
import { listUploads, type ListedUpload } from "./list-uploads.ts";
import { addressOf, listRegister } from "./register.ts";
import { note, type RegisterEntry } from "./register-lookup.ts";
import { parseRegisterName, registerPrefix } from "./register-name.ts";

/** A page of the register, held against what the storage says of each key in it. */
export interface RegisteredUploads {
  readonly found: readonly { readonly upload: ListedUpload; readonly entry: RegisterEntry }[];
  /** Entries whose uploads the storage did not list. */
  readonly gone: readonly RegisterEntry[];
  /** Behind which the next page begins; `null` where this is the last. */
  readonly next: string | null;
}

/** Every key costs a request. */
const MAX_PER_PAGE = 100;

const KEYS_AT_ONCE = 16;

const MAX_UPLOADS_PER_LIST = 1000;

/**
 * A page of our own uploads in a storage that lists uploads by exact key alone.
 * @param limit from 1; a page has at most 100
 * @throws ProblemError
 */
export async function listByRegister(
  client: S3Client,
  bucket: string,
  prefix: string,
  limit: number,
  after: string,
): Promise<RegisteredUploads> {
  const wanted = Math.min(limit, MAX_PER_PAGE);
  const { entries, next } = await readEntries(client, bucket, prefix, wanted, after);
  const addressed = await mapConcurrently(entries, KEYS_AT_ONCE, async (entry) => ({
    entry,
    address: await addressOf(client, bucket, entry),
  }));
  const ours = addressed.flatMap(({ entry, address }) =>
    address?.key.startsWith(prefix) ? [{ entry, address }] : [],
  );
  const keys = [...new Set(ours.map(({ address }) => address.key))];
  const listed = await mapConcurrently(keys, KEYS_AT_ONCE, (key) =>
    uploadsOfKey(client, bucket, key),
  );
  const uploads = new Map(listed.flat().map((upload) => [identityOf(upload), upload]));
  const found = ours.flatMap(({ entry, address }) => {
    const upload = uploads.get(identityOf(address));
    return upload === undefined ? [] : [{ upload, entry }];
  });
  const present = new Set(found.map(({ entry }) => entry));
  return {
    found,
    gone: ours.flatMap(({ entry }) => (present.has(entry) ? [] : [entry])),
    next,
  };
}

async function readEntries(
  client: S3Client,
  bucket: string,
  keyPrefix: string,
  limit: number,
  after: string,
): Promise<{ entries: RegisterEntry[]; next: string | null }> {
  const entries = new Map<string, RegisterEntry>();
  const prefix = registerPrefix(keyPrefix);
  let start: string | undefined = after;
  while (start !== undefined) {
    const { objects, isLast } = await listRegister(client, bucket, prefix, start);
    for (const { name, heardAt } of objects) {
      const parsed = parseRegisterName(name);
      if (parsed === null) continue;
      if (entries.size === limit && !entries.has(parsed.path)) {
        // Above every size and state, so that both entries of an upload are on one page.
        return { entries: [...entries.values()], next: `${[...entries.keys()].at(-1)}~` };
      }
      note(entries, parsed, name, heardAt);
    }
    start = isLast ? undefined : objects.at(-1)?.name;
  }
  return { entries: [...entries.values()], next: null };
}

async function uploadsOfKey(
  client: S3Client,
  bucket: string,
  key: string,
): Promise<ListedUpload[]> {
  const uploads: ListedUpload[] = [];
  let after: UploadAddress | null = null;
  do {
    const listed = await listUploads(client, bucket, key, MAX_UPLOADS_PER_LIST, after);
    uploads.push(...listed.uploads.filter((upload) => upload.key === key));
    after = listed.next;
    // Longer keys come behind it.
  } while (after?.key === key);
  return uploads;
}

function identityOf({ key, uploadId }: UploadAddress): string {
  return `${uploadId}\n${key}`;
}
