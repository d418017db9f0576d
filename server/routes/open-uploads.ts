import type {
  CreateUploadsRequest,
  FileToUpload,
  OpenedUpload,
  Problem,
} from "../../shared/api.ts";
import { objectKey } from "../../shared/object-key.ts";
import { planParts } from "../../shared/part-plan.ts";
import { ProblemError } from "../../shared/problem.ts";
import { requireAllowedFile, type Identity } from "../auth/index.ts";
import type { ObjectHeaders, Storage } from "../s3/index.ts";
import { createKeyChooser, createTakenCheck, md5Hex, type KeyChooser } from "./choose-key.ts";
import { mapConcurrently } from "./concurrency.ts";
import {
  headersOf,
  newTag,
  requireSendableHeaders,
  toHttpHeaders,
  withTag,
} from "./object-headers.ts";
import { keepsConditions } from "./conditions.ts";
import type { UploadIds } from "./upload-id.ts";

/** What opening uploads needs. */
export interface UploadPorts {
  readonly storage: Pick<Storage, "bucket" | "gateway" | "presigner" | "listKeys" | "capabilities">;
  readonly ids: UploadIds;
  readonly now: () => Date;
  /** Uniform in 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
}

/** Files opened at once: enough to hide the storage's latency, few enough for its sockets. */
const MAX_FILES_AT_ONCE = 32;

/** Parts signed along with the opening of a file; later windows are asked for. */
const FIRST_WINDOW_PARTS = 100;

/** The same for all files of a request: URLs have up to 4 KB, and the answer is made in memory. */
const FIRST_WINDOW_PARTS_OF_ALL = 1000;

/** Where the size is not known: 10,000 of these make 312 GiB, in bytes. */
const UNKNOWN_SIZE_PART_BYTES = 32 * 1024 * 1024;

/** What is the same for all files of one request. */
interface Batch {
  readonly identity: Identity;
  readonly ports: UploadPorts;
  readonly keys: KeyChooser;
  readonly ifAbsent: boolean;
  /** A PUT asks the storage to refuse it where the key is taken. */
  readonly putIfAbsent: boolean;
  /** Parts signed along with the opening of each file, at least one. */
  readonly windowParts: number;
}

/**
 * Opens one upload a file, in order; a file that cannot be opened answers its problem
 * and never fails the others.
 * @param describeFault what is answered for a file that was not opened
 * @throws ProblemError `bad-request` for metadata or a storage class that no header can carry
 */
export async function openUploads(
  request: CreateUploadsRequest,
  identity: Identity,
  describeFault: (error: unknown) => Problem,
  ports: UploadPorts,
): Promise<OpenedUpload[]> {
  requireSendableHeaders(request);
  const ifExists = request.ifExists ?? "rename";
  const drafts = request.files.map((file) => draftOf(file, request, identity, ports));
  const lookedFor = ifExists === "replace" ? [] : drafts.flatMap(({ wanted }) => wanted ?? []);
  // Together, because a storage that hangs makes each of them wait.
  const [isTaken, keeps] = await Promise.all([
    createTakenCheck(lookedFor, lookupIn(ports.storage)),
    keepsConditions(ports.storage),
  ]);
  const batch: Batch = {
    identity,
    ports,
    keys: createKeyChooser(ifExists, identity.prefix, isTaken, ports.random),
    ifAbsent: ifExists !== "replace",
    putIfAbsent: ifExists !== "replace" && keeps !== false,
    windowParts: windowPartsOf(drafts),
  };
  return mapConcurrently(drafts, MAX_FILES_AT_ONCE, async (draft) => {
    try {
      if (draft.wanted === undefined) throw draft.fault;
      return await openUpload(draft, batch);
    } catch (error) {
      return { problem: describeFault(error) };
    }
  });
}

function lookupIn({ gateway, listKeys }: UploadPorts["storage"]) {
  return { list: listKeys, has: async (key: string) => (await gateway.headObject(key)) !== null };
}

/** A file that can go up, or why it cannot. */
type Draft =
  | { readonly wanted: string; readonly plan: Plan; readonly headers: ObjectHeaders }
  | { readonly wanted: undefined; readonly fault: unknown };

function draftOf(
  file: FileToUpload,
  request: CreateUploadsRequest,
  identity: Identity,
  { random, now }: UploadPorts,
): Draft {
  try {
    requireAllowedFile(identity, file);
    const wanted = objectKey(file.relativePath || file.name, {
      strategy: request.keyStrategy ?? "plain",
      prefix: identity.prefix,
      md5Hex,
      random,
      now: now(),
    });
    return { wanted, plan: planFor(file.sizeBytes), headers: headersOf(file, request) };
  } catch (fault) {
    return { wanted: undefined, fault };
  }
}

function windowPartsOf(drafts: readonly Draft[]): number {
  const inParts = drafts.filter((draft) => "plan" in draft && draft.plan.kind === "multipart");
  const share = Math.floor(FIRST_WINDOW_PARTS_OF_ALL / Math.max(1, inParts.length));
  return Math.min(FIRST_WINDOW_PARTS, Math.max(1, share));
}

async function openUpload(
  { wanted, plan, headers }: Extract<Draft, { wanted: string }>,
  batch: Batch,
): Promise<OpenedUpload> {
  const key = await batch.keys.choose(wanted);
  return plan.kind === "single"
    ? openPut(key, plan.sizeBytes, headers, batch)
    : openMultipart(key, plan, headers, batch);
}

type Plan =
  | { readonly kind: "single"; readonly sizeBytes: number }
  | {
      readonly kind: "multipart";
      readonly sizeBytes: number | null;
      readonly partSizeBytes: number;
      readonly partCount: number | null;
    };

function planFor(sizeBytes: number | null): Plan {
  if (sizeBytes === null) {
    return {
      kind: "multipart",
      sizeBytes,
      partSizeBytes: UNKNOWN_SIZE_PART_BYTES,
      partCount: null,
    };
  }
  try {
    return planParts(sizeBytes);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ProblemError("file-too-large", `${error.message}.`, { cause: error });
  }
}

async function openPut(
  key: string,
  sizeBytes: number,
  object: ObjectHeaders,
  { identity, ports, ifAbsent, putIfAbsent }: Batch,
): Promise<OpenedUpload> {
  const tag = newTag(ports.random);
  const headers = {
    ...toHttpHeaders(withTag(object, tag)),
    ...(putIfAbsent ? { "if-none-match": "*" } : {}),
  };
  const { url, expiresAt } = await ports.storage.presigner.signPut(key, headers, sizeBytes);
  const id = ports.ids.issue({
    bucket: ports.storage.bucket,
    key,
    owner: identity.subject,
    ifAbsent,
    tag,
    how: { method: "put", sizeBytes, headers },
  });
  return { id, key, method: "put", url, headers, expiresAt: expiresAt.toISOString() };
}

async function openMultipart(
  key: string,
  plan: Extract<Plan, { kind: "multipart" }>,
  object: ObjectHeaders,
  { identity, ports, ifAbsent, windowParts }: Batch,
): Promise<OpenedUpload> {
  const { gateway, presigner, bucket } = ports.storage;
  const { sizeBytes, partSizeBytes, partCount } = plan;
  const tag = newTag(ports.random);
  const uploadId = await gateway.createUpload(key, withTag(object, tag));
  const count = Math.min(partCount ?? windowParts, windowParts);
  const window = Array.from({ length: count }, (_, index) => index + 1);
  const { parts, expiresAt } = await presigner.signParts({ key, uploadId }, window);
  const id = ports.ids.issue({
    bucket,
    key,
    owner: identity.subject,
    ifAbsent,
    tag,
    how: {
      method: "multipart",
      sizeBytes,
      uploadId,
      partSizeBytes,
      partCount,
      maxBytes: sizeBytes === null ? identity.maxBytes : null,
    },
  });
  return {
    id,
    key,
    method: "multipart",
    partSizeBytes,
    partCount,
    parts,
    expiresAt: expiresAt.toISOString(),
  };
}
