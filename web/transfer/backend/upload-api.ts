import type { HeartbeatRequest } from "../../../shared/admin-api.ts";
import type {
  CompleteUploadRequest,
  CompleteUploadResponse,
  CreateUploadsRequest,
  ListPartsResponse,
  OpenedUpload,
  SignedPart,
  SignPartsRequest,
} from "../../../shared/api.ts";
import type { SignedForm } from "../parts/signed-urls.ts";

/** Signed part URLs and when they end, in milliseconds since 1970 by the local clock. */
export interface SignedParts {
  readonly parts: readonly SignedPart[];
  readonly expiresAt: number;
  /** Where the one part is a form: what it has to carry. */
  readonly form?: SignedForm;
}

type LocalExpiry<T> = T extends { expiresAt: string }
  ? Omit<T, "expiresAt"> & { readonly expiresAt: number }
  : T;

/** One answer of `create`; `expiresAt` is in milliseconds since 1970 by the local clock. */
export type Opened = LocalExpiry<OpenedUpload>;

/** The backend as the uploader needs it; every function rejects with a `TransferError`. */
export interface UploadApi {
  /** Opens uploads: one answer a file, in order. */
  create(request: CreateUploadsRequest): Promise<readonly Opened[]>;
  /** Signs parts of an upload anew; for a file that goes in one request, part 1. */
  sign(id: string, request: SignPartsRequest, signal: AbortSignal): Promise<SignedParts>;
  /** What the storage holds of an upload. */
  list(id: string, signal: AbortSignal): Promise<ListPartsResponse>;
  /** Makes the parts one object; safe to repeat. */
  complete(
    id: string,
    request: CompleteUploadRequest,
    signal: AbortSignal,
  ): Promise<CompleteUploadResponse>;
  /** Gives an upload up and its parts back; safe to repeat. */
  abort(id: string, signal: AbortSignal): Promise<void>;
  /**
   * Says which uploads are alive; left out: nobody is told.
   * @param isLeaving the page is being closed
   */
  heartbeat?(request: HeartbeatRequest, isLeaving: boolean): Promise<void>;
}
