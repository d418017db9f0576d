import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
} from "@aws-sdk/client-s3";
import type { Checksum, ChecksumAlgorithm } from "../../../shared/api.ts";
import {
  announcingHeaders,
  checksumField,
  checksumHeaders,
  checksumIn,
  toChecksumFields,
} from "../checksum-fields.ts";
import type { UploadAddress } from "../gateway.ts";
import {
  abortUpload,
  isRefusal,
  newProbeKey,
  PROBE_BODY,
  removeObject,
  send,
  type Probe,
} from "./probe.ts";

/** What whole objects are checked by. */
export interface ChecksumCapability {
  readonly algorithm: ChecksumAlgorithm;
  /**
   * `unasked`: the storage makes it of every part and object by itself. `asked`: it does where creation
   * or PUT name the algorithm. `declared`: only where every part and PUT bring the value along.
   */
  readonly when: "unasked" | "asked" | "declared";
  /** One that is first named at completion is held against the bytes before the object is made. */
  readonly verifiedAtCompletion: boolean;
}

/** Checksums of the byte that probes send, the strongest first. */
const CHECKSUMS: readonly Checksum[] = [
  { algorithm: "CRC64NVME", value: "XPtRC3YuN6s=" },
  { algorithm: "CRC32C", value: "Yp4a4A==" },
  { algorithm: "CRC32", value: "9NvfIQ==" },
];

/** Where a request says anything of checksums. */
type When = ChecksumCapability["when"];

/**
 * Finds the strongest checksum of the whole object that the storage takes, and how.
 * @throws whatever kept the storage from answering
 */
export async function probeChecksums(probe: Probe): Promise<ChecksumCapability | null> {
  const key = newProbeKey();
  try {
    for (const checksum of CHECKSUMS) {
      for (const when of ["unasked", "asked", "declared"] as const) {
        const keeps =
          (await keepsOfPut(probe, key, checksum, when)) &&
          (await keepsOfParts(probe, key, checksum, when));
        if (!keeps) continue;
        return { algorithm: checksum.algorithm, when, verifiedAtCompletion: false };
      }
    }
    return null;
  } finally {
    await removeObject(probe, key);
  }
}

async function keepsOfPut(
  probe: Probe,
  key: string,
  checksum: Checksum,
  when: When,
): Promise<boolean> {
  const put = async (value: string) => {
    const headers = { ...TYPE, ...putHeaders({ ...checksum, value }, when) };
    const { url } = await probe.presigner.signPut(key, headers, 1);
    return sendBody(probe, url, headers);
  };
  // What is stored without a look proves nothing.
  if (when === "declared" && (await put(wrong(checksum))).ok) return false;
  const { ok, headers } = await put(checksum.value);
  return ok && headers.get(checksumField(checksum.algorithm)) === checksum.value;
}

const TYPE = { "content-type": "text/x-sluice-probe" };

function putHeaders(checksum: Checksum, when: When): Record<string, string> {
  if (when === "unasked") return {};
  return when === "asked" ? announcingHeaders(checksum.algorithm) : checksumHeaders(checksum);
}

/** Of the same length. */
function wrong({ value }: Checksum): string {
  return value.replace(/^./, (first) => (first === "A" ? "B" : "A"));
}

async function keepsOfParts(
  probe: Probe,
  Key: string,
  checksum: Checksum,
  when: When,
): Promise<boolean> {
  const { client, bucket: Bucket, signal } = probe;
  const within = { abortSignal: signal };
  const { algorithm } = checksum;
  const kind =
    when === "unasked"
      ? {}
      : { ChecksumAlgorithm: algorithm, ChecksumType: "FULL_OBJECT" as const };
  let UploadId: string | undefined;
  try {
    const creation = new CreateMultipartUploadCommand({ Bucket, Key, ...kind });
    ({ UploadId } = await client.send(creation, within));
    if (!UploadId) return false;
    const ETag = await sendPart(probe, { key: Key, uploadId: UploadId }, checksum, when);
    if (ETag === null) return false;
    const part = {
      PartNumber: 1,
      ETag,
      ...toChecksumFields(when === "unasked" ? undefined : checksum),
    };
    const completion = { Bucket, Key, UploadId, MultipartUpload: { Parts: [part] } };
    await client.send(new CompleteMultipartUploadCommand(completion), within);
    UploadId = undefined;
    const kept = new HeadObjectCommand({ Bucket, Key, ChecksumMode: "ENABLED" });
    return checksumIn(await client.send(kept, within))?.value === checksum.value;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return false;
  } finally {
    if (UploadId) await abortUpload(probe, Key, UploadId);
  }
}

/** The ETag of the part, or `null` where its answer does not tell the checksum. */
async function sendPart(
  probe: Probe,
  upload: UploadAddress,
  checksum: Checksum,
  when: When,
): Promise<string | null> {
  const part = { partNumber: 1, ...(when === "declared" ? { checksum } : {}) };
  const [signed] = (await probe.presigner.signParts(upload, [part])).parts;
  const { ok, headers } = await sendBody(probe, signed?.url ?? "", signed?.headers ?? {});
  const isTold = headers.get(checksumField(checksum.algorithm)) === checksum.value;
  return ok && isTold ? headers.get("etag") : null;
}

function sendBody(probe: Probe, url: string, headers: Record<string, string>): Promise<Response> {
  // Text would bring a Content-Type that a part's URL was not signed for.
  const body = new TextEncoder().encode(PROBE_BODY);
  return send(probe, url, { method: "PUT", headers, body });
}
