import {
  combineCrcValues,
  isCrcAlgorithm,
  type PartChecksum,
} from "../../../shared/checksum/index.ts";
import type { HashAlgorithm } from "./part-hasher.ts";

/**
 * The checksum of the whole, in base64, from those of all its parts in order; `null` where the algorithm cannot
 * tell (SHA256). 10,000 parts take some 30 ms.
 * @throws SyntaxError where a value is none of the algorithm
 */
export function combineParts(
  algorithm: HashAlgorithm,
  parts: readonly PartChecksum[],
): string | null {
  return isCrcAlgorithm(algorithm) ? combineCrcValues(algorithm, parts) : null;
}
