import type { Checksum } from "../../engine.ts";
import { checksumElement } from "../checksum-headers.ts";
import type { XmlNode } from "./write.ts";

/** The elements that tell a stored checksum. */
export function checksumNodes(checksum: Checksum | undefined): readonly XmlNode[] {
  if (!checksum) return [];
  return [
    [checksumElement(checksum.algorithm), checksum.value],
    ["ChecksumType", checksum.type],
  ];
}
