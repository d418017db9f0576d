import type { Readable } from "node:stream";
import type { Engine, OpenedObject } from "../../engine.ts";
import type { S3Answer } from "../answer.ts";
import type { S3Request } from "../request.ts";

/** Runs SelectObjectContent: the request's XML against an object, which it closes; answers the event stream. */
export type Select = (request: {
  readonly xml: string;
  readonly object: OpenedObject;
  readonly signal: AbortSignal;
}) => Promise<Readable>;

/** What operations work on. */
export interface OperationContext {
  readonly engine: Engine;
  readonly region: string;
  readonly owner: Owner;
  readonly select?: Select;
}

/** The one owner of everything. */
export interface Owner {
  /** 64 hexadecimal digits, as canonical user IDs have. */
  readonly id: string;
  readonly displayName: string;
}

/** A request that names a bucket. */
export type BucketRequest = S3Request & { readonly bucket: string };

/** A request that names an object. */
export type ObjectRequest = BucketRequest & { readonly key: string };

/** One operation of S3 on a request of its level; throws S3Error. */
export type Operation<R extends S3Request> = (
  request: R,
  context: OperationContext,
) => Promise<S3Answer>;
