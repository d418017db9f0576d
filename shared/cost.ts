/**
 * What AWS charges, in US dollars, as published in November 2026.
 * @see https://aws.amazon.com/s3/pricing/
 */

/**
 * Transfer Acceleration, a GB into S3 beside everything else: through edges in the United States,
 * Europe and Japan, and through all others. Bytes that were no faster for it are not billed.
 */
const ACCELERATION_USD_PER_GB = { nearEdges: 0.04, otherEdges: 0.08 } as const;

/**
 * The most that a GB costs more by Transfer Acceleration. Which edge a browser reaches is known to AWS
 * alone, and nobody should pay more than was said.
 */
export const MAX_ACCELERATION_USD_PER_GB = Math.max(...Object.values(ACCELERATION_USD_PER_GB));

/** Bytes that are billed as a GB. */
const GB = 1024 ** 3;

/** SelectObjectContent in us-east-1, a GB that was read, and a GB that was answered. */
const SELECT_USD_PER_GB = { scanned: 0.002, returned: 0.0007 } as const;

/** A GET from S3 Standard in us-east-1. */
const GET_USD = 0.0004 / 1000;

/** A GB from S3 to the internet, the first ten terabytes of a month. */
const EGRESS_USD_PER_GB = 0.09;

/** Bytes for which a query of ours sends one GET, at most often. */
const BYTES_PER_GET = 8 * 1024 * 1024;

/** What S3 Select costs, or would, in US dollars: its request, and the bytes that it read and answered. */
export function selectCostUsd(bytesScanned: number, bytesReturned: number): number {
  const { scanned, returned } = SELECT_USD_PER_GB;
  return GET_USD + (bytesScanned * scanned + bytesReturned * returned) / GB;
}

/** What a query of ours costs, in US dollars: GETs alone where the server is in the bucket's region. */
export function rangedReadCostUsd(bytesScanned: number): number {
  return GET_USD * Math.max(1, Math.ceil(bytesScanned / BYTES_PER_GET));
}

/** What it costs to fetch bytes out of AWS, in US dollars, by one GET. */
export function downloadCostUsd(sizeBytes: number): number {
  return GET_USD + (sizeBytes * EGRESS_USD_PER_GB) / GB;
}

/**
 * A GB a month in us-east-1, the first 50 TB, by storage class. Parts of uploads to the two archives are kept
 * as staging storage at the price of Standard until they are completed.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuploadpricing
 */
const PART_USD_PER_GB_MONTH: ReadonlyMap<string, number> = new Map([
  ["STANDARD", 0.023],
  ["REDUCED_REDUNDANCY", 0.024],
  ["INTELLIGENT_TIERING", 0.023],
  ["STANDARD_IA", 0.0125],
  ["ONEZONE_IA", 0.01],
  ["GLACIER_IR", 0.004],
  ["GLACIER", 0.023],
  ["DEEP_ARCHIVE", 0.023],
  ["EXPRESS_ONEZONE", 0.11],
]);

/** What parts of an incomplete upload cost a month, in US dollars; a class that is not known, as Standard. */
export function partsCostUsdPerMonth(sizeBytes: number, storageClass: string): number {
  const usdPerGb = PART_USD_PER_GB_MONTH.get(storageClass) ?? 0.023;
  return (sizeBytes / GB) * usdPerGb;
}
