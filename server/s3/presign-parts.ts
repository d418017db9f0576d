import type { Checksum, SignedPart } from "../../shared/api.ts";
import { hostOf, originOf, type BucketAddress } from "./bucket-address.ts";
import { checksumHeaders } from "./checksum-fields.ts";
import type { UploadAddress } from "./gateway.ts";
import { presignRequest, sortedPairs, type RequestToSign } from "./presign-request.ts";
import { createSigner, sha256Hex, type SigningMoment } from "./signature-v4.ts";

/** A part, and the checksum that its request will carry. */
export interface PartToSign {
  readonly partNumber: number;
  readonly checksum?: Checksum | undefined;
}

/** Signs a part whose request carries these headers. */
type PartSigner = (partNumber: number, headers: Readonly<Record<string, string>>) => string;

/**
 * Signs many parts of one upload, in the order asked for, for each of the addresses: the first makes
 * `url`, the others `alternates`. For every address the library prepares and signs one request; the
 * others differ from it in part number and checksum alone, so that only the last two steps of
 * Signature V4 are repeated for them, which is what makes windows of thousands cheap.
 */
export async function signWindow(
  moment: SigningMoment,
  addresses: readonly BucketAddress[],
  upload: UploadAddress,
  parts: readonly PartToSign[],
): Promise<SignedPart[]> {
  const requests = parts.map(({ partNumber, checksum }) => ({
    partNumber,
    headers: checksum && checksumHeaders(checksum),
  }));
  const signersFor = new Map<string, PartSigner[]>();
  for (const { headers = {} } of requests) {
    const kind = Object.keys(headers).join();
    if (signersFor.has(kind)) continue;
    const prepare = (address: BucketAddress) => partSigner(moment, address, upload, headers);
    signersFor.set(kind, await Promise.all(addresses.map(prepare)));
  }
  return requests.map(({ partNumber, headers }) => {
    const signers = signersFor.get(Object.keys(headers ?? {}).join()) ?? [];
    const [url = "", ...alternates] = signers.map((sign) => sign(partNumber, headers ?? {}));
    return {
      partNumber,
      url,
      ...(alternates.length === 0 ? {} : { alternates }),
      ...(headers === undefined ? {} : { headers }),
    };
  });
}

/** @param headers by name those that every request will carry; their values are no matter */
async function partSigner(
  moment: SigningMoment,
  address: BucketAddress,
  { key, uploadId }: UploadAddress,
  headers: Readonly<Record<string, string>>,
): Promise<PartSigner> {
  const request: RequestToSign = {
    method: "PUT",
    key,
    query: { partNumber: "1", uploadId, "x-id": "UploadPart" },
    headers,
  };
  const first = await presignRequest(moment, address, request);
  const { "X-Amz-Signature": _, partNumber: __, ...rest } = first.query;
  const pairs = sortedPairs(rest);
  // Signature V4 sorts the query by name; the library's URLs are sorted as well.
  const toPart = pairs.filter((pair) => pair < "partNumber").join("&");
  const fromPart = pairs.filter((pair) => pair > "partNumber").join("&");
  const toSignature = pairs.filter((pair) => pair < "X-Amz-Signature").join("&");
  const fromSignature = toPart.slice(toSignature.length + 1);
  const { timestamp, scope, sign } = createSigner(moment);
  const stringToSign = `AWS4-HMAC-SHA256\n${timestamp}\n${scope}\n`;
  const names = ["host", ...Object.keys(headers)].toSorted();
  const tail = `\n\n${names.join(";")}\nUNSIGNED-PAYLOAD`;
  const host = hostOf(address);
  const url = `${originOf(address)}${first.path}?${toSignature}&X-Amz-Signature=`;
  return (partNumber, values) => {
    const query = `${toPart}&partNumber=${partNumber}&${fromPart}`;
    const lines = names.map((name) => `${name}:${name === "host" ? host : values[name]}`);
    const canonical = `PUT\n${first.path}\n${query}\n${lines.join("\n")}${tail}`;
    const signature = sign(stringToSign + sha256Hex(canonical));
    return `${url}${signature}&${fromSignature}&partNumber=${partNumber}&${fromPart}`;
  };
}
