import type { HashAlgorithm } from "./checksum/index.ts";
import { PartChecksums } from "./parts/part-checksums.ts";
import type { Session } from "./session.ts";
import type { SharedWork } from "./shared-work.ts";
import type { Added } from "./source/added.ts";
import type { ByteSource } from "./source/byte-source.ts";

/** What is sent, and how. */
export interface Shipment {
  readonly session: Session;
  readonly source: ByteSource;
  /** Null where the upload's bytes are not checksummed. */
  readonly checksums: PartChecksums | null;
}

/** What parts are checksummed by: as the storage has it; null where nobody computes any. */
export function hashAlgorithmOf(
  { isChecksummed }: Added,
  { hasher, facts }: SharedWork,
): HashAlgorithm | null {
  if (hasher === null || !isChecksummed) return null;
  const { algorithm } = facts.checksum ?? { algorithm: "CRC64NVME" };
  return algorithm === "SHA1" ? null : algorithm;
}

/** The shipment of one session. */
export function shipmentOf(session: Session, added: Added, work: SharedWork): Shipment {
  const { source } = added;
  const algorithm = hashAlgorithmOf(added, work);
  const { hasher } = work;
  const checksums = hasher && algorithm ? new PartChecksums(hasher, algorithm, source) : null;
  return { session, source, checksums };
}
