import {
  AccelerationResponse,
  CheckupResponse,
  CorsResponse,
  LifecycleResponse,
  ProbeResponse,
  type AccelerationRequest,
  type Check,
} from "../../../../shared/admin-api.ts";
import { asJson, browserFetch, command, request } from "../../backend.ts";

/** What a check proposes to send. */
export type RemedyAction = NonNullable<NonNullable<Check["remedy"]>["action"]>;

/** What the page asks of the server; every function throws BackendError, or the signal's reason. */
export interface BucketApi {
  /** Takes a minute at most. */
  checkup(signal: AbortSignal): Promise<CheckupResponse>;
  /** @param sizeBytes of the body that the URLs take, 1 and more */
  openProbe(sizeBytes: number, signal: AbortSignal): Promise<ProbeResponse>;
  removeProbe(key: string): Promise<void>;
  lifecycle(signal: AbortSignal): Promise<LifecycleResponse>;
  setAbortRule(abortIncompleteAfterDays: number): Promise<LifecycleResponse>;
  removeAbortRule(): Promise<LifecycleResponse>;
  /** @param origin of this page, which requests that change nothing do not name */
  cors(origin: string, signal: AbortSignal): Promise<CorsResponse>;
  setCors(origins: readonly string[]): Promise<CorsResponse>;
  acceleration(signal: AbortSignal): Promise<AccelerationResponse>;
  setAcceleration(status: AccelerationRequest["status"]): Promise<AccelerationResponse>;
  /** Sends what a remedy proposes. */
  apply(action: RemedyAction): Promise<void>;
}

const PATH = "/api/admin/bucket";

/** The routes of the bucket. */
export function createBucketApi(send = browserFetch): BucketApi {
  const probe = `${PATH}/checkup/probe`;
  const lifecycle = `${PATH}/lifecycle`;
  const cors = `${PATH}/cors`;
  const acceleration = `${PATH}/acceleration`;
  return {
    checkup: (signal) => request(send, CheckupResponse, `${PATH}/checkup`, { signal }),
    openProbe: (sizeBytes, signal) =>
      request(send, ProbeResponse, probe, { ...asJson({ sizeBytes }), signal }),
    removeProbe: (key) =>
      command(send, `${probe}?${new URLSearchParams({ key })}`, { method: "DELETE" }),
    lifecycle: (signal) => request(send, LifecycleResponse, lifecycle, { signal }),
    setAbortRule: (abortIncompleteAfterDays) =>
      request(send, LifecycleResponse, lifecycle, asJson({ abortIncompleteAfterDays }, "PUT")),
    removeAbortRule: () => request(send, LifecycleResponse, lifecycle, { method: "DELETE" }),
    cors: (origin, signal) =>
      request(send, CorsResponse, `${cors}?${new URLSearchParams({ origin })}`, { signal }),
    setCors: (origins) => request(send, CorsResponse, cors, asJson({ origins }, "PUT")),
    acceleration: (signal) => request(send, AccelerationResponse, acceleration, { signal }),
    setAcceleration: (status) =>
      request(send, AccelerationResponse, acceleration, asJson({ status }, "PUT")),
    apply: ({ method, path, body }) =>
      command(send, path, method === "DELETE" ? { method } : asJson(body ?? {}, method)),
  };
}
