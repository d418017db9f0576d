import type { UploadLink } from "../../transfer/index.ts";

/** The upload that the address asks to go on with; null where it asks for none. */
export function readResumeLink(search: string): UploadLink | null {
  const query = new URLSearchParams(search);
  const sessionId = query.get("resume");
  if (sessionId === null || sessionId === "") return null;
  const lastModified = Number(query.get("modified") ?? "");
  return {
    sessionId,
    name: query.get("name") ?? "",
    lastModified: Number.isFinite(lastModified) ? lastModified : 0,
  };
}
