import type { Receipt } from "../../transfer/index.ts";

/** A checksum of the receipt and what it is worth. */
export interface ChecksumLine {
  readonly algorithm: string;
  /** Base64, as S3 writes it. */
  readonly value: string;
  readonly verdict: "equal" | "different" | "storage-only" | "browser-only";
  readonly words: string;
}

const WORDS: Readonly<Record<ChecksumLine["verdict"], string>> = {
  equal: "equal to what this browser read",
  different: "not equal to what this browser read",
  "storage-only": "the storage's own; not compared",
  "browser-only": "computed here; the storage names none",
};

/**
 * The checksums of a receipt: one line where ours and the storage's can be held against each other or
 * only one is there, two where they are of different kinds.
 */
export function checksumLines({ checksum, computed }: Receipt): ChecksumLine[] {
  const comparable = checksum && computed && checksum.algorithm === computed.algorithm;
  if (comparable) {
    return [line(checksum, checksum.value === computed.value ? "equal" : "different")];
  }
  return [
    ...(checksum ? [line(checksum, "storage-only")] : []),
    ...(computed ? [ours(computed, checksum !== undefined)] : []),
  ];
}

function ours(computed: NonNullable<Receipt["computed"]>, hasOther: boolean): ChecksumLine {
  const ownLine = line(computed, "browser-only");
  return hasOther
    ? { ...ownLine, words: "computed here; the storage names another kind" }
    : ownLine;
}

function line(
  { algorithm, value }: NonNullable<Receipt["checksum"]>,
  verdict: ChecksumLine["verdict"],
): ChecksumLine {
  return { algorithm, value, verdict, words: WORDS[verdict] };
}
