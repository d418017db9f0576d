import {
  AbortUploadsResponse,
  HeldPartsResults,
  ListUploadsResponse,
  ResumeLinkResponse,
  type UploadAddress,
  type UploadToAbort,
} from "../../../../shared/admin-api.ts";
import { asJson, browserFetch, request } from "../../backend.ts";

/** Which page of the incomplete uploads is asked for. */
export interface UploadPage {
  /** Of their keys; empty: all. */
  readonly prefix: string;
  /** 1 to 1,000. */
  readonly limit: number;
  /** `nextCursor` of the page before; `null` for the first page. */
  readonly cursor: string | null;
}

/** What the page asks of the server; every function throws BackendError, or the signal's reason. */
export interface UploadsApi {
  /** `GET /api/admin/uploads`. */
  list(page: UploadPage, signal: AbortSignal): Promise<ListUploadsResponse>;
  /** `POST /api/admin/uploads/parts`. @param uploads 1 to 100 */
  look(uploads: readonly UploadAddress[], signal: AbortSignal): Promise<HeldPartsResults>;
  /** `POST /api/admin/uploads/abort`. @param uploads 1 to 1,000 @param evenLive also those being sent */
  abort(uploads: readonly UploadToAbort[], evenLive: boolean): Promise<AbortUploadsResponse>;
  /** `POST /api/admin/uploads/resume-link`. */
  resumeLink(upload: UploadAddress): Promise<ResumeLinkResponse>;
}

const PATH = "/api/admin/uploads";

/** The routes of incomplete uploads. */
export function createUploadsApi(send = browserFetch): UploadsApi {
  return {
    list({ prefix, limit, cursor }, signal) {
      const search = new URLSearchParams({ limit: String(limit) });
      if (prefix !== "") search.set("prefix", prefix);
      if (cursor !== null) search.set("cursor", cursor);
      return request(send, ListUploadsResponse, `${PATH}?${search}`, { signal });
    },
    look: (uploads, signal) =>
      request(send, HeldPartsResults, `${PATH}/parts`, { ...asJson({ uploads }), signal }),
    abort: (uploads, evenLive) =>
      request(
        send,
        AbortUploadsResponse,
        `${PATH}/abort`,
        asJson({ uploads, ...(evenLive ? { evenLive } : {}) }),
      ),
    resumeLink: (upload) =>
      request(send, ResumeLinkResponse, `${PATH}/resume-link`, asJson(upload)),
  };
}
