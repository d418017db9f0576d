import {
  isAdmin,
  requireAllowedFile,
  requireAllowedKey,
  requireScope,
  type Identity,
} from "../auth/index.ts";
import { isMultipart, type UploadIds, type UploadStatement } from "./upload-id.ts";

/**
 * What the upload ID of a request states, where whoever asks may act on it: who opened the upload, by a grant that
 * still allows its key, and admins.
 * @throws ProblemError `forbidden`, `id-invalid`, `id-expired`, `not-yours`
 */
export function requireStatement(id: string, identity: Identity, ids: UploadIds): UploadStatement {
  requireScope(identity, "upload");
  const statement = ids.open(id, isAdmin(identity) ? null : identity.subject);
  requireAllowedKey(identity, statement.key);
  return statement;
}

/**
 * The same, where more of the file is about to be stored: size and type were judged at issue, and are again by the
 * grant that is presented now. A size that is not known is judged once it is: by the smaller of both limits.
 * @throws ProblemError `forbidden`, `id-invalid`, `id-expired`, `not-yours`
 */
export function requireAllowedStatement(
  id: string,
  identity: Identity,
  ids: UploadIds,
): UploadStatement {
  const statement = requireStatement(id, identity, ids);
  const { sizeBytes } = statement.how;
  const contentType = contentTypeOf(statement);
  // Of a type that an older ID does not state nothing is known but that it was allowed.
  const judged = contentType === undefined ? { ...identity, contentTypes: null } : identity;
  requireAllowedFile(judged, { sizeBytes, contentType });
  return withLimit(statement, identity.maxBytes);
}

function withLimit(statement: UploadStatement, limit: number | null): UploadStatement {
  if (!isMultipart(statement) || limit === null) return statement;
  const { how } = statement;
  return { ...statement, how: { ...how, maxBytes: Math.min(how.maxBytes ?? limit, limit) } };
}

function contentTypeOf({ contentType, how }: UploadStatement): string | undefined {
  if (contentType !== undefined) return contentType;
  if (how.method === "put") return how.headers["content-type"];
  return how.method === "post" ? how.fields["Content-Type"] : undefined;
}
