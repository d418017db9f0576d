import type { S3Client } from "@aws-sdk/client-s3";
import { abortDueMs, type AbortRule } from "../../shared/lifecycle.ts";
import type { UploadAddress } from "./gateway.ts";
import { rememberAbortRules } from "./abort-rules.ts";
import { addUpParts, type HeldParts } from "./held-parts.ts";
import { listByRegister } from "./list-by-register.ts";
import { listUploads, type ListedUpload } from "./list-uploads.ts";
import { livenessOf } from "./liveness.ts";
import { listRegister } from "./register.ts";
import { lookUp, type RegisterEntry } from "./register-lookup.ts";
import { registerPath, registerPrefix } from "./register-name.ts";
import { createRegisterSweep, type RegisterSweep } from "./register-sweep.ts";

/** Where a page of incomplete uploads begins. */
export type UploadCursor =
  | ({ readonly source: "storage" } & UploadAddress)
  | { readonly source: "register"; readonly after: string };

/** Which of them are wanted. */
export interface UploadListing {
  readonly prefix: string;
  /** 1 to 1,000. */
  readonly limit: number;
  /** `null`: from the first. */
  readonly cursor: UploadCursor | null;
  /** The storage lists uploads by exact key alone. */
  readonly isByKeyAlone: boolean;
}

/** An incomplete upload with what the register and the rules of the bucket say of it. */
export interface FoundUpload extends ListedUpload {
  /** When a lifecycle rule will end it; `null`: none will. */
  readonly abortsAt: Date | null;
  readonly liveness: ReturnType<typeof livenessOf>;
  readonly heardAt?: Date;
  readonly fileSizeBytes?: number;
}

/** A page of them, in the order of their keys. */
export interface FoundUploads {
  readonly uploads: readonly FoundUpload[];
  readonly next: UploadCursor | null;
  readonly source: UploadCursor["source"];
}

/** What admins ask of uploads that nobody completed; every function throws ProblemError. */
export interface IncompleteUploads {
  list(listing: UploadListing): Promise<FoundUploads>;
  /** `null` where the storage does not know the upload (any more). */
  heldParts(upload: UploadAddress): Promise<HeldParts | null>;
  /** What is known of an upload's life, right now. */
  livenessOf(entry: RegisterEntry | undefined): ReturnType<typeof livenessOf>;
}

/** What listing works with. */
interface Desk {
  readonly client: S3Client;
  readonly bucket: string;
  readonly rules: () => Promise<readonly AbortRule[]>;
  /** By the storage's clock, in milliseconds since 1970. */
  readonly nowMs: () => number;
  readonly sweep: RegisterSweep;
}

/** The incomplete uploads of one bucket. */
export function createIncompleteUploads(
  client: S3Client,
  bucket: string,
  nowMs: () => number,
): IncompleteUploads {
  const rules = rememberAbortRules(client, bucket);
  const sweep = createRegisterSweep(client, bucket, nowMs);
  const desk: Desk = { client, bucket, rules, nowMs, sweep };
  return {
    list: (listing) => (listing.isByKeyAlone ? listRegistered(desk, listing) : list(desk, listing)),
    heldParts: (upload) => addUpParts(client, bucket, upload),
    livenessOf: (entry) => livenessOf(entry, nowMs()),
  };
}

async function list(
  { client, bucket, rules, nowMs, sweep }: Desk,
  { prefix, limit, cursor }: UploadListing,
): Promise<FoundUploads> {
  const marker = cursor?.source === "storage" ? cursor : null;
  const [{ uploads, next }, abortRules] = await Promise.all([
    listUploads(client, bucket, prefix, limit, marker),
    rules(),
  ]);
  const registered = await lookUp(
    uploads,
    (names, after) => listRegister(client, bucket, names, after),
    {
      prefix: registerPrefix(prefix),
      // Behind the last upload of the page before, so that nothing between the two is passed over.
      after: marker === null ? "" : registerPath(marker),
    },
  );
  const end = next === null ? null : registerPath(next);
  const isBehind = (path: string) => end !== null && path >= end;
  sweep([...registered.others].flatMap(([path, entry]) => (isBehind(path) ? [] : [entry])));
  return {
    uploads: uploads.map((upload) => describe(upload, registered.of(upload), abortRules, nowMs())),
    next: next === null ? null : { source: "storage", ...next },
    source: "storage",
  };
}

async function listRegistered(
  { client, bucket, rules, nowMs, sweep }: Desk,
  { prefix, limit, cursor }: UploadListing,
): Promise<FoundUploads> {
  const after = cursor?.source === "register" ? cursor.after : "";
  const [{ found, gone, next }, abortRules] = await Promise.all([
    listByRegister(client, bucket, prefix, limit, after),
    rules(),
  ]);
  sweep(gone);
  return {
    uploads: found.map(({ upload, entry }) => describe(upload, entry, abortRules, nowMs())),
    next: next === null ? null : { source: "register", after: next },
    source: "register",
  };
}

function describe(
  upload: ListedUpload,
  entry: RegisterEntry | undefined,
  rules: readonly AbortRule[],
  nowMs: number,
): FoundUpload {
  const { key, initiatedAt } = upload;
  const { heardAt, fileSizeBytes = null } = entry ?? {};
  const dueMs = abortDueMs(rules, { key, initiatedAtMs: initiatedAt.getTime() });
  return {
    ...upload,
    abortsAt: dueMs === null ? null : new Date(dueMs),
    liveness: livenessOf(entry, nowMs),
    ...(heardAt === undefined ? {} : { heardAt }),
    ...(fileSizeBytes === null ? {} : { fileSizeBytes }),
  };
}
