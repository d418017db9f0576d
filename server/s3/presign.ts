import type { SignedPart } from "../../shared/api.ts";
import { bucketUrl, originOf, type BucketAddress } from "./bucket-address.ts";
import type { UploadAddress } from "./gateway.ts";
import { signForm, type FormToSign } from "./post-policy.ts";
import { signWindow, type PartToSign } from "./presign-parts.ts";
import { presignRequest, toUrl, type Query, type RequestToSign } from "./presign-request.ts";
import { createSigner, type Credentials, type Signer, type SigningMoment } from "./signature-v4.ts";

/** URLs live at most this long, in seconds: a leaked one should not work for long. */
const MAX_URL_SECONDS = 60 * 60;

/** A URL and when it ends. */
export interface SignedUrl {
  readonly url: string;
  /** The same at other origins, where they were asked for. */
  readonly alternates?: string[];
  readonly expiresAt: Date;
}

/** A form and when it ends; the file comes after its fields. */
export interface SignedForm extends SignedUrl {
  readonly fields: Record<string, string>;
}

/**
 * Signs requests that a browser will send; pure arithmetic but for the credentials. Everything is signed
 * for the bucket's first origin, and for those of `origins` that the bucket has beside it, in its order.
 */
export interface Presigner {
  /** One window of a multipart upload, in the order asked for. */
  signParts(
    upload: UploadAddress,
    parts: readonly PartToSign[],
    origins?: readonly string[],
  ): Promise<{ parts: SignedPart[]; expiresAt: Date }>;
  /**
   * @param headers the request has to carry exactly these of `Content-Type` and `x-amz-*`
   * @param sizeBytes the storage refuses a body of another length
   */
  signPut(
    key: string,
    headers: Readonly<Record<string, string>>,
    sizeBytes: number,
    origins?: readonly string[],
  ): Promise<SignedUrl>;
  signForm(form: FormToSign, origins?: readonly string[]): Promise<SignedForm>;
  /** @param query such as `response-content-disposition` */
  signGet(key: string, query: Readonly<Record<string, string>>): Promise<SignedUrl>;
}

/** What a presigner signs with. */
export interface PresignerOptions {
  readonly bucket: string;
  /** Where browsers reach the bucket, at least one. */
  readonly addresses: readonly BucketAddress[];
  readonly region: () => Promise<string>;
  readonly credentials: () => Promise<Credentials>;
  readonly now: () => Date;
  /**
   * The storage's clock minus ours, in milliseconds: URLs are judged by its clock, and those that they
   * are answered to know ours.
   */
  readonly skewMs: () => number;
}

/** A presigner of one bucket. */
export function createPresigner(options: PresignerOptions): Presigner {
  const { bucket, addresses } = options;
  const signerOf = rememberSigner();
  return {
    async signParts(upload, parts, origins) {
      const moment = await momentOf(options);
      const signed = await signWindow(moment, choose(addresses, origins), upload, parts);
      return { parts: signed, expiresAt: moment.expiresAt };
    },
    signPut: async (key, headers, sizeBytes, origins) =>
      signRequest(await momentOf(options), choose(addresses, origins), {
        method: "PUT",
        key,
        query: { "x-id": "PutObject" },
        headers: { ...headers, "content-length": String(sizeBytes) },
      }),
    async signForm(form, origins) {
      const moment = await momentOf(options);
      // No signature of a form covers the host.
      const urls = choose(addresses, origins).map(bucketUrl);
      const fields = signForm(moment, signerOf(moment), bucket, form);
      return { ...urlAndAlternates(urls), fields, expiresAt: moment.expiresAt };
    },
    signGet: async (key, query: Query) =>
      signRequest(await momentOf(options), addresses.slice(0, 1), {
        method: "GET",
        key,
        query: { ...query, "x-id": "GetObject" },
        headers: {},
      }),
  };
}

/** A thousand forms of one request are signed by one key, which costs more to derive than to use. */
function rememberSigner(): (moment: SigningMoment) => Signer {
  let last: { readonly moment: SigningMoment; readonly signer: Signer } | undefined;
  return (moment) => {
    const isLast =
      last?.moment.credentials === moment.credentials &&
      last.moment.region === moment.region &&
      last.moment.signingDate.getTime() === moment.signingDate.getTime();
    if (last === undefined || !isLast) last = { moment, signer: createSigner(moment) };
    return last.signer;
  };
}

async function momentOf(options: PresignerOptions): Promise<SigningMoment> {
  const [credentials, region] = await Promise.all([options.credentials(), options.region()]);
  const nowMs = options.now().getTime();
  // Signatures know no fractions of a second.
  const signingDate = new Date(Math.floor((nowMs + options.skewMs()) / 1000) * 1000);
  const expiresInSeconds = lifeSeconds(credentials, signingDate);
  const expiresAt = new Date(Math.floor(nowMs / 1000 + expiresInSeconds) * 1000);
  return { region, credentials, expiresInSeconds, expiresAt, signingDate };
}

/** A URL must not outlive the temporary credentials that signed it. */
function lifeSeconds({ expiration }: Credentials, now: Date): number {
  if (expiration === undefined) return MAX_URL_SECONDS;
  const left = Math.floor((expiration.getTime() - now.getTime()) / 1000);
  return Math.max(1, Math.min(MAX_URL_SECONDS, left));
}

function choose(
  addresses: readonly BucketAddress[],
  origins: readonly string[] = [],
): BucketAddress[] {
  return addresses.filter((address, index) => index === 0 || origins.includes(originOf(address)));
}

async function signRequest(
  moment: SigningMoment,
  addresses: readonly BucketAddress[],
  request: RequestToSign,
): Promise<SignedUrl> {
  const sign = async (address: BucketAddress) =>
    toUrl(address, await presignRequest(moment, address, request));
  const urls = await Promise.all(addresses.map(sign));
  return { ...urlAndAlternates(urls), expiresAt: moment.expiresAt };
}

function urlAndAlternates([url = "", ...alternates]: string[]) {
  return { url, ...(alternates.length === 0 ? {} : { alternates }) };
}
