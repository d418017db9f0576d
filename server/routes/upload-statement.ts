import { requireScope, type Identity } from "../auth/index.ts";
import type { UploadIds, UploadStatement } from "./upload-id.ts";

/**
 * What the upload ID of a request states, where whoever asks may act on it.
 * @throws ProblemError `forbidden`, `id-invalid`, `id-expired`, `not-yours`
 */
export function requireStatement(id: string, identity: Identity, ids: UploadIds): UploadStatement {
  requireScope(identity, "upload");
  return ids.open(id, identity.subject);
}
