import { createHash } from "node:crypto";
import type { SelectQuery } from "../../shared/select-api.ts";
import type {
  SelectCounts,
  SelectEvent,
  SelectRequest,
} from "../../shared/select/select-request.ts";
import { MAX_KEPT_BYTES, type AnswerCache, type KeptAnswer } from "../cache/index.ts";
import type { StoredObject } from "../s3/index.ts";
import { beginAnswer, type QueryAnswer } from "./query-answer.ts";

/** What an answer depends on. */
export interface Asked {
  readonly bucket: string;
  readonly query: Pick<SelectQuery, "key" | "engine">;
  /** With all defaults filled in. */
  readonly request: SelectRequest;
  /** False: what the object is packed by is found out, always with the same result. */
  readonly isPackingKnown: boolean;
  readonly object: Pick<StoredObject, "etag" | "versionId">;
}

/** Records of a kept answer leave in pieces of so many bytes. */
const PIECE_BYTES = 64 * 1024;

/** The key under which an answer is kept; `null` for those that are another every time, and where no ETag tells versions apart. */
export function answerKey({
  bucket,
  query,
  request,
  isPackingKnown,
  object,
}: Asked): string | null {
  if (object.etag === "" || /\bUTCNOW\b/iu.test(request.sql)) return null;
  const { key, engine = "auto" } = query;
  const { etag, versionId = "" } = object;
  const asked = { ...request, sql: request.sql.trim() };
  const text = JSON.stringify([bucket, key, etag, versionId, engine, isPackingKnown, asked]);
  return createHash("sha256").update(text).digest("base64url");
}

/** An answer that was kept, as events. */
export function replay({ engine, records, counts }: KeptAnswer): Promise<QueryAnswer> {
  async function* events(): AsyncGenerator<SelectEvent, void, undefined> {
    for (let start = 0; start < records.length; start += PIECE_BYTES) {
      yield { type: "records", payload: records.subarray(start, start + PIECE_BYTES) };
    }
    yield { type: "stats", counts };
  }
  return beginAnswer(engine, events(), true);
}

/**
 * The same answer, which is kept once it was given whole; one that breaks off, fails or is too long is not.
 * @param isCurrent whether the object is still the one that was looked up
 */
export function keepWhenWhole(
  answer: QueryAnswer,
  cache: AnswerCache,
  key: string,
  isCurrent: () => Promise<boolean>,
): Promise<QueryAnswer> {
  const { engine, first, rest } = answer;
  async function* events(): AsyncGenerator<SelectEvent, void, undefined> {
    const record = new Recording();
    try {
      for (let next = first; !next.done; next = await rest.next()) {
        record.take(next.value);
        yield next.value;
      }
      const whole = record.whole();
      if (whole && (await isCurrent())) await cache.set(key, { engine, ...whole });
    } finally {
      await rest.return?.();
    }
  }
  return beginAnswer(engine, events());
}

/** What an answer consisted of, unless it is too long to be kept. */
class Recording {
  readonly #pieces: Uint8Array[] = [];
  #sizeBytes = 0;
  #counts: SelectCounts | null = null;

  take(event: SelectEvent): void {
    if (event.type === "stats") this.#counts = event.counts;
    if (event.type !== "records") return;
    this.#sizeBytes += event.payload.length;
    if (this.#sizeBytes <= MAX_KEPT_BYTES) this.#pieces.push(event.payload);
    else this.#pieces.length = 0;
  }

  whole(): Pick<KeptAnswer, "records" | "counts"> | null {
    if (this.#counts === null || this.#sizeBytes > MAX_KEPT_BYTES) return null;
    return { records: Buffer.concat(this.#pieces), counts: this.#counts };
  }
}
