import type {
  CreateUploadsRequest,
  FileToUpload,
  OpenedUpload,
  Problem,
} from "../../shared/api.ts";
import { mapConcurrently } from "../../shared/concurrency.ts";
import { objectKey } from "../../shared/object-key.ts";
import { MAX_PART_SIZE_BYTES } from "../../shared/limits.ts";
import { planParts } from "../../shared/part-plan.ts";
import { ProblemError } from "../../shared/problem.ts";
import { requireAllowedFile, requireAllowedKey, type Identity } from "../auth/index.ts";
import type { ObjectHeaders } from "../s3/index.ts";
import { createKeyChooser, createTakenCheck, md5Hex } from "./choose-key.ts";
import { headersOf } from "./object-headers.ts";
import { openMultipart } from "./open-multipart.ts";
import { openSingle } from "./open-single.ts";
import type { UploadBatch, UploadPorts } from "./upload-batch.ts";
import { requireSendableOptions } from "./upload-options.ts";

/** Files opened at once: enough to hide the storage's latency, few enough for its sockets. */
const MAX_FILES_AT_ONCE = 32;

/** Parts signed along with the opening of a file; later windows are asked for. */
const FIRST_WINDOW_PARTS = 100;

/** The same for all files of a request: URLs have up to 4 KB, and the answer is made in memory. */
const FIRST_WINDOW_PARTS_OF_ALL = 1000;

/**
 * Opens one upload a file, in order; a file that cannot be opened answers its problem
 * and never fails the others.
 * @param describeFault what is answered for a file that was not opened; it tells the log
 * @throws ProblemError `bad-request` for options that no header can carry
 */
export async function openUploads(
  request: CreateUploadsRequest,
  identity: Identity,
  describeFault: (error: unknown) => Problem,
  ports: UploadPorts,
): Promise<OpenedUpload[]> {
  requireSendableOptions(request);
  const ifExists = request.ifExists ?? "rename";
  const drafts = request.files.map((file) => draftOf(file, request, identity, ports));
  const lookedFor = ifExists === "replace" ? [] : drafts.flatMap(({ wanted }) => wanted ?? []);
  // Together, because a storage that hangs makes each of them wait.
  const [isTaken, known] = await Promise.all([
    createTakenCheck(lookedFor, lookupIn(ports.storage)),
    ports.storage.capabilities().catch(() => null),
  ]);
  const batch: UploadBatch = {
    identity,
    ports,
    keys: createKeyChooser(ifExists, identity.prefix, isTaken, ports.random),
    ifExists,
    known,
    origins: request.origins ?? [],
    isAgain: request.again ?? false,
    windowParts: windowPartsOf(drafts),
    report: (error) => void describeFault(error),
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
  | {
      readonly wanted: string;
      readonly file: FileToUpload;
      readonly plan: FilePlan;
      readonly headers: ObjectHeaders;
    }
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
    requireAllowedKey(identity, wanted);
    return { wanted, file, plan: planFor(file), headers: headersOf(file, request) };
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
  { wanted, file, plan, headers }: Extract<Draft, { wanted: string }>,
  batch: UploadBatch,
): Promise<OpenedUpload> {
  const key = await batch.keys.choose(wanted);
  return plan.kind === "single"
    ? openSingle(key, plan.sizeBytes, headers, batch)
    : openMultipart(key, file, headers, batch);
}

/** How many requests a file takes. */
type FilePlan =
  { readonly kind: "single"; readonly sizeBytes: number } | { readonly kind: "multipart" };

function planFor({ sizeBytes, inOneRequest = false }: FileToUpload): FilePlan {
  if (sizeBytes === null) return { kind: "multipart" };
  if (inOneRequest && sizeBytes <= MAX_PART_SIZE_BYTES) return { kind: "single", sizeBytes };
  try {
    return planParts(sizeBytes);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ProblemError("file-too-large", `${error.message}.`, { cause: error });
  }
}
