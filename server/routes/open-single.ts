import type { OpenedUpload } from "../../shared/api.ts";
import { FORM_POST_THRESHOLD_BYTES } from "../../shared/part-plan.ts";
import { announcingHeaders, checksumField, type ObjectHeaders } from "../s3/index.ts";
import { newTag, toFormFields, toHttpHeaders, withTag } from "./object-headers.ts";
import type { UploadBatch } from "./upload-batch.ts";

/** Of what stands before the file of a form S3 takes 20 KB, of which the policy repeats most; in bytes. */
const MAX_FORM_FIELD_BYTES = 6000;

/** A condition as a header of a PUT, and as a field of a form, which then needs no preflight at all. */
const IF_ABSENT = { "if-none-match": "*" } as const;

/** Opens a file that goes up in one request. */
export async function openSingle(
  key: string,
  sizeBytes: number,
  object: ObjectHeaders,
  batch: UploadBatch,
): Promise<OpenedUpload> {
  const tag = newTag(batch.ports.random);
  const tagged = withTag(object, tag);
  const fields = toFormFields(tagged);
  return takesForms(object, sizeBytes, batch) && fitsForm(key, fields)
    ? openPost(key, sizeBytes, fields, tag, batch)
    : openPut(key, sizeBytes, tagged, tag, batch);
}

/**
 * A form needs no preflight of its own, for all forms go to one URL; but what the storage ignores there,
 * such as a condition, only a PUT can say.
 */
function takesForms(
  { storageClass, tags, cacheControl, contentEncoding }: ObjectHeaders,
  sizeBytes: number,
  { known, ifExists }: UploadBatch,
): boolean {
  if (sizeBytes >= FORM_POST_THRESHOLD_BYTES || !known?.formPosts.work) return false;
  const { conditional, keepOptions } = known.formPosts;
  const options = [storageClass, tags, cacheControl, contentEncoding];
  const hasOptions = options.some((option) => option !== undefined);
  return (conditional || ifExists === "replace") && (keepOptions || !hasOptions);
}

function fitsForm(key: string, fields: Readonly<Record<string, string>>): boolean {
  const text = JSON.stringify(fields);
  // In the key of a form `${filename}` is a variable, and in a policy `$` is an escape.
  return !(key + text).includes("$") && Buffer.byteLength(text) <= MAX_FORM_FIELD_BYTES;
}

async function openPost(
  key: string,
  sizeBytes: number,
  fields: Record<string, string>,
  tag: string,
  { identity, ports, ifExists, known, origins }: UploadBatch,
): Promise<OpenedUpload> {
  const ifAbsent = ifExists !== "replace";
  const wanted = { ...fields, ...(ifAbsent ? IF_ABSENT : {}) };
  const canAdd = known?.formPosts.verifyChecksums === true && known.checksum !== null;
  const added = canAdd ? { checksumField: checksumField(known.checksum.algorithm) } : {};
  const form = { key, fields: wanted, sizeBytes, ...added };
  const { expiresAt, ...signed } = await ports.storage.presigner.signForm(form, origins);
  const id = ports.ids.issue({
    bucket: ports.storage.bucket,
    key,
    owner: identity.subject,
    ifAbsent,
    tag,
    how: { method: "post", sizeBytes, fields: wanted, headers: {}, ...added },
  });
  return {
    id,
    key,
    method: "post",
    ...signed,
    headers: {},
    ...added,
    expiresAt: expiresAt.toISOString(),
  };
}

async function openPut(
  key: string,
  sizeBytes: number,
  object: ObjectHeaders,
  tag: string,
  { identity, ports, ifExists, known, origins }: UploadBatch,
): Promise<OpenedUpload> {
  const ifAbsent = ifExists !== "replace";
  const isKept = known?.conditionalWrites !== false;
  const { checksum } = known ?? {};
  const headers = {
    ...toHttpHeaders(object),
    ...(checksum?.when === "asked" ? announcingHeaders(checksum.algorithm) : {}),
    ...(ifAbsent && isKept ? IF_ABSENT : {}),
  };
  const { presigner, bucket } = ports.storage;
  const { expiresAt, ...signed } = await presigner.signPut(key, headers, sizeBytes, origins);
  const id = ports.ids.issue({
    bucket,
    key,
    owner: identity.subject,
    ifAbsent,
    tag,
    how: { method: "put", sizeBytes, headers, checksum: checksum?.algorithm ?? null },
  });
  return { id, key, method: "put", ...signed, headers, expiresAt: expiresAt.toISOString() };
}
