import { probeChecksums, type ChecksumCapability } from "../../s3/index.ts";
import type { Examination } from "../examination.ts";
import { pass, unsupported, type Finding } from "../finding.ts";

const TRIED = "An object and an upload of 1 byte, whose checksum is known.";

const WHEN: Readonly<Record<ChecksumCapability["when"], string>> = {
  unasked: "of every object by itself",
  asked: "of objects whose uploads ask for it",
  declared: "of objects whose parts bring it along",
};

/** By which checksum of the whole object uploads are confirmed. */
export async function checkChecksums(examination: Examination): Promise<Finding> {
  const found = await probeChecksums(examination);
  if (found !== null) {
    return pass(
      TRIED,
      `The storage keeps ${found.algorithm} ${WHEN[found.when]}; uploads are held against it.`,
    );
  }
  return unsupported(
    TRIED,
    "The storage keeps no checksum of whole objects: uploads are held against size and ETag.",
  );
}
