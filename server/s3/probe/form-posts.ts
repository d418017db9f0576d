import { HeadObjectCommand } from "@aws-sdk/client-s3";
import type { ChecksumAlgorithm } from "../../../shared/api.ts";
import { checksumField } from "../checksum-fields.ts";
import type { FormToSign } from "../post-policy.ts";
import { isRefusal, newProbeKey, PROBE_BODY, removeObject, send, type Probe } from "./probe.ts";

/** What a storage makes of forms that a browser posts. */
export interface FormPosts {
  /** They make the object that they describe, with type and metadata. */
  readonly work: boolean;
  /** Storage class, tags, cache-control and encoding of a form are the object's too. */
  readonly keepOptions: boolean;
  /** A field `If-None-Match: *` is kept, so that nothing is overwritten by a race. */
  readonly conditional: boolean;
  /** A checksum field may be there or not, and is held against the bytes before anything is made. */
  readonly verifyChecksums: boolean;
}

/** Nothing goes by form. */
export const NO_FORM_POSTS: FormPosts = {
  work: false,
  keepOptions: false,
  conditional: false,
  verifyChecksums: false,
};

const FIELDS = {
  "Content-Type": "text/x-sluice-probe",
  "x-amz-meta-sluice-probe": "form",
  success_action_status: "204",
};

const IF_ABSENT = { "if-none-match": "*" };

/**
 * Posts a few forms of one byte and removes what they made.
 * @param algorithm of the checksums that the storage takes, or `null` for none
 * @throws whatever kept the storage from answering
 */
export async function probeFormPosts(
  probe: Probe,
  algorithm: ChecksumAlgorithm | null,
): Promise<FormPosts> {
  const key = newProbeKey();
  const field = algorithm === null ? undefined : checksumField(algorithm);
  try {
    if (!(await makesObject(probe, { key, checksumField: field }))) return NO_FORM_POSTS;
    const conditional = (await post(probe, { key }, {}, IF_ABSENT)).status === 412;
    const verifyChecksums = field !== undefined && (await refusesChecksum(probe, field));
    return { work: true, keepOptions: false, conditional, verifyChecksums };
  } finally {
    await removeObject(probe, key);
  }
}

type ProbeForm = Pick<FormToSign, "key" | "checksumField">;

async function makesObject(probe: Probe, form: ProbeForm): Promise<boolean> {
  const { ok, headers } = await post(probe, form);
  if (!ok || headers.get("etag") === null) return false;
  try {
    const command = new HeadObjectCommand({ Bucket: probe.bucket, Key: form.key });
    const { ContentLength, ContentType, Metadata } = await probe.client.send(command, {
      abortSignal: probe.signal,
    });
    const isDescribed = ContentType === FIELDS["Content-Type"];
    return ContentLength === 1 && isDescribed && Metadata?.["sluice-probe"] === "form";
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}

async function refusesChecksum(probe: Probe, field: string): Promise<boolean> {
  const key = newProbeKey();
  try {
    const { status } = await post(
      probe,
      { key, checksumField: field },
      { [field]: wrongFor(field) },
    );
    return status === 400;
  } finally {
    await removeObject(probe, key);
  }
}

/** Of the right length, and of no byte that a probe sends. */
function wrongFor(field: string): string {
  return field.endsWith("crc64nvme") ? "AAAAAAAAAAA=" : "AAAAAA==";
}

async function post(
  probe: Probe,
  form: ProbeForm,
  added: Readonly<Record<string, string>> = {},
  more: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const signed = { ...form, fields: { ...FIELDS, ...more }, sizeBytes: 1 };
  const { url, fields } = await probe.presigner.signForm(signed);
  const body = new FormData();
  for (const [name, value] of Object.entries({ ...fields, ...added })) body.append(name, value);
  body.append("file", new Blob([PROBE_BODY]));
  return send(probe, url, { method: "POST", body });
}
