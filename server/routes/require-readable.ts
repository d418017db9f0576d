import { RETRIEVAL_TIMES, type ArchiveName } from "../../shared/archive.ts";
import { ProblemError } from "../../shared/problem.ts";
import type { StoredObject, UploadGateway } from "../s3/index.ts";
import { requireObject } from "./require-object.ts";

/**
 * Looks an object up whose bytes are wanted.
 * @throws ProblemError `not-found`; `object-archived` where it has to be restored first; what the storage says
 */
export async function requireReadable(
  gateway: Pick<UploadGateway, "headObject">,
  key: string,
): Promise<StoredObject> {
  const object = await requireObject(gateway, key);
  const { archived } = object;
  if (archived === undefined || archived.state === "restored") return object;
  const detail =
    archived.state === "restoring"
      ? `"${key}" is being restored from ${archived.archive}; ask again once that is done.`
      : `"${key}" is archived (${archived.archive}) and has to be restored before it can be read: ` +
        `POST /api/objects/restore does it. That takes ${timesOf(archived.archive)}.`;
  throw new ProblemError("object-archived", detail);
}

function timesOf(archive: ArchiveName): string {
  const times = Object.entries(RETRIEVAL_TIMES[archive]).map(([tier, time]) => `${time} (${tier})`);
  return `${times.slice(0, -1).join(", ")} or ${times.at(-1) ?? ""}`;
}
