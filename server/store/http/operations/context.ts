import type { ByteSource } from "../../../../shared/select/byte-source.ts";
import type { SelectEvent, SelectRequest } from "../../../../shared/select/select-request.ts";
import type { Engine } from "../../engine.ts";
import type { S3Answer } from "../answer.ts";
import type { S3Request } from "../request.ts";

/** Answers a query about an object, whose bytes it reads by their ranges. */
export type Select = (
  request: SelectRequest,
  source: ByteSource,
  signal: AbortSignal,
) => AsyncIterable<SelectEvent>;

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
