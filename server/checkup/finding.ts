import type { Check } from "../../shared/admin-api.ts";

/** What can be done about a finding. */
export type Remedy = NonNullable<Check["remedy"]>;

/** What a check found; who runs it knows its name. */
export interface Finding extends Omit<Check, "id" | "title"> {
  /** IAM action that the storage refused, such as `s3:PutObject`. */
  readonly denied?: string;
}

/** All is well. */
export function pass(tried: string, detail: string): Finding {
  return { status: "pass", tried, detail };
}

/** It works, but costs, risks or hides something. */
export function warn(tried: string, detail: string, remedy?: Remedy): Finding {
  return { status: "warn", tried, detail, ...(remedy && { remedy }) };
}

/** Uploads, downloads or the administration break by it. */
export function fail(tried: string, detail: string, remedy?: Remedy): Finding {
  return { status: "fail", tried, detail, ...(remedy && { remedy }) };
}

/** The storage has no such thing; nothing of ours needs it. */
export function unsupported(tried: string, detail: string): Finding {
  return { status: "unsupported", tried, detail };
}

/** Nothing was sent, because something else has to be mended first. */
export function notTried(because: string): Finding {
  return { status: "warn", tried: "Nothing.", detail: `Not tried: ${because}` };
}

/** The storage refused the request. @param action of IAM that allows it */
export function denied(finding: Finding, action: string): Finding {
  return { ...finding, denied: action };
}
