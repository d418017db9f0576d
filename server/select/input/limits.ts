import { SelectError } from "../../../shared/select/select-error.ts";

/** Most that a record may have, in bytes; S3 Select's own limit. */
export const MAX_RECORD_BYTES = 1024 * 1024;

/** Most that one root value of a JSON document may have, in bytes: it is held in memory. */
export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;

export function recordTooLong(): SelectError {
  const detail = `A record is longer than ${MAX_RECORD_BYTES} bytes; is the record delimiter the right one?`;
  return new SelectError("OverMaxRecordSize", detail);
}
