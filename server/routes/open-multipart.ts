import type { FileToUpload, OpenedUpload } from "../../shared/api.ts";
import { MIN_PART_SIZE_BYTES } from "../../shared/limits.ts";
import { DEFAULT_PART_LIMITS, planParts } from "../../shared/part-plan.ts";
import type { UploadPlaces } from "../auth/index.ts";
import type { ObjectHeaders } from "../s3/index.ts";
import { newTag, withTag } from "./object-headers.ts";
import type { UploadBatch } from "./upload-batch.ts";
import type { IssuedStatement } from "./upload-id.ts";

/** Where the size is not known: 10,000 of these make 312 GiB, in bytes. */
const UNKNOWN_SIZE_PART_BYTES = 32 * 1024 * 1024;

/** How the bytes of a file are divided, as its upload ID states it. */
interface Division {
  readonly partSizes: "equal" | "free";
  readonly partSizeBytes: number;
  readonly partCount: number | null;
}

/** Characters of a file's name that its upload ID holds: it is in every URL of our API. */
const MAX_NAME_LENGTH = 255;

/** Opens a file that goes up in parts, and notes it in the register of uploads. */
export async function openMultipart(
  key: string,
  file: FileToUpload,
  object: ObjectHeaders,
  batch: UploadBatch,
): Promise<OpenedUpload> {
  const { identity, ports, ifExists, known, origins } = batch;
  const { sizeBytes } = file;
  const { gateway, presigner, bucket } = ports.storage;
  const division = divide(sizeBytes, known?.equalParts !== false);
  const { checksum } = known ?? {};
  const declared = checksum && checksum.when !== "unasked" ? checksum.algorithm : null;
  const tag = newTag(ports.random);
  const described = withTag(object, tag);
  const uploadId = await inPlace(identity.subject, ports.places, () =>
    gateway.createUpload(key, described, declared ?? undefined, batch.isAgain),
  );
  const window = firstWindow(division, sizeBytes, batch.windowParts);
  const maxBytes = sizeBytes === null ? identity.maxBytes : null;
  const statement: IssuedStatement = {
    bucket,
    key,
    owner: identity.subject,
    ifAbsent: ifExists !== "replace",
    contentType: object.contentType,
    tag,
    how: {
      method: "multipart",
      sizeBytes,
      uploadId,
      ...division,
      declared,
      maxBytes,
      ...fileOf(file),
    },
  };
  const [{ parts, expiresAt }] = await Promise.all([
    presigner.signParts({ key, uploadId }, window, origins),
    ports.notes.opened(statement, batch.report),
  ]);
  const id = ports.ids.issue(statement);
  return { id, key, method: "multipart", ...division, parts, expiresAt: expiresAt.toISOString() };
}

/** An upload has a place among those of its owner, or is not begun. */
async function inPlace(
  owner: string,
  places: UploadPlaces,
  begin: () => Promise<string>,
): Promise<string> {
  await places.take(owner);
  let uploadId: string | null = null;
  try {
    uploadId = await begin();
    return uploadId;
  } finally {
    await places.settle(owner, uploadId);
  }
}

function fileOf({ name, lastModified }: FileToUpload) {
  const file = { name: Array.from(name).slice(0, MAX_NAME_LENGTH).join("") };
  return { file: lastModified === undefined ? file : { ...file, lastModified } };
}

function divide(sizeBytes: number | null, isEqual: boolean): Division {
  const partSizes = isEqual ? "equal" : "free";
  if (sizeBytes === null) {
    return { partSizes, partSizeBytes: UNKNOWN_SIZE_PART_BYTES, partCount: null };
  }
  const plan = planParts(sizeBytes, { ...DEFAULT_PART_LIMITS, thresholdBytes: 0 });
  if (plan.kind === "single") throw new Error("A threshold of 0 makes parts of everything.");
  const { partSizeBytes, partCount } = plan;
  return { partSizes, partSizeBytes, partCount: isEqual ? partCount : null };
}

/** As many parts as the file can have, up to `most`. */
function firstWindow({ partCount }: Division, sizeBytes: number | null, most: number) {
  const possible = partCount ?? Math.ceil((sizeBytes ?? Infinity) / MIN_PART_SIZE_BYTES);
  const count = Math.min(possible, most);
  return Array.from({ length: count }, (_, index) => ({ partNumber: index + 1 }));
}
