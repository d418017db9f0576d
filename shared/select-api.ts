/**
 * The HTTP contract of queries: the same schemas validate, document and type it. Sizes are bytes.
 */
import * as z from "zod/mini";
import { objectKey, Place, sizeBytes } from "./api.ts";

/** Characters of ASCII, as delimiters and quotes are. */
const ascii = (most: number) =>
  z.string().check(
    z.minLength(1),
    z.maxLength(most),
    z.refine((text) => [...text].every((each) => each <= "\u007f"), "no text of ASCII"),
  );
const character = ascii(1);

/** `POST /api/select`: a query about one object. */
export const SelectQuery = z
  .object({
    key: objectKey,
    /** S3 Select's SQL, up to 256 KiB. */
    sql: z.string(),
    input: z.object({
      /** Parquet says itself how it is written. */
      format: z.enum(["csv", "json", "parquet"]),
      /** `auto`: as the object's first bytes say. */
      compression: z.optional(z.enum(["none", "gzip", "bzip2", "auto"])),
      csv: z.optional(
        z.object({
          /** `use`: the first record names the columns; `ignore`: it is passed over; `none`: it is data. */
          header: z.optional(z.enum(["use", "ignore", "none"])),
          fieldDelimiter: z.optional(character),
          /** One character of ASCII, or two. */
          recordDelimiter: z.optional(ascii(2)),
          quote: z.optional(character),
          quoteEscape: z.optional(character),
          /** Lines that begin so are passed over. */
          comment: z.optional(character),
          allowQuotedRecordDelimiter: z.optional(z.boolean()),
        }),
      ),
      json: z.optional(z.object({ type: z.enum(["document", "lines"]) })),
    }),
    /** JSON lines where it is left out. */
    output: z.optional(z.object({ format: z.enum(["csv", "json"]) })),
    /** Records that begin between two bytes, both included; without a start the last `end` bytes. */
    scanRange: z.optional(
      z.object({
        start: z.optional(z.int().check(z.gte(0))),
        end: z.optional(z.int().check(z.gte(0))),
      }),
    ),
    /** `auto`: the storage's own where it has one, else ours. */
    engine: z.optional(z.enum(["auto", "native", "embedded"])),
  })
  .register(z.globalRegistry, { id: "SelectQuery" });
export type SelectQuery = z.infer<typeof SelectQuery>;

const selectCounts = {
  bytesScanned: z.int(),
  bytesProcessed: z.int(),
  bytesReturned: z.int(),
};

/** One line of the answer to `POST /api/select`, which is newline-delimited JSON. */
export const SelectLine = z
  .union([
    z.object({ type: z.literal("records"), payload: z.string() }),
    z.object({ type: z.literal("progress"), ...selectCounts }),
    z.object({ type: z.literal("stats"), ...selectCounts }),
    /** The last line, unless there was an error. */
    z.object({
      type: z.literal("end"),
      engine: z.enum(["native", "embedded"]),
      /** The object is unchanged since the same was asked: nothing was read, the counts are those of that time. */
      cached: z.optional(z.boolean()),
    }),
    /** What went wrong after the first line was sent; nothing follows. */
    z.object({ type: z.literal("error"), code: z.string(), detail: z.string(), position: Place }),
  ])
  .register(z.globalRegistry, { id: "SelectLine" });
export type SelectLine = z.infer<typeof SelectLine>;

/** `POST /api/select/schema`. */
export const SchemaRequest = z
  .object({ key: objectKey })
  .register(z.globalRegistry, { id: "SchemaRequest" });
export type SchemaRequest = z.infer<typeof SchemaRequest>;

/** Answer to `POST /api/select/schema`: what the object seems to be, judged by its beginning. */
export const SchemaResponse = z
  .object({
    format: z.enum(["csv", "json", "parquet"]),
    compression: z.enum(["none", "gzip", "bzip2"]),
    csv: z.optional(
      z.object({
        header: z.enum(["use", "none"]),
        fieldDelimiter: z.string(),
        recordDelimiter: z.string(),
        quote: z.string(),
      }),
    ),
    json: z.optional(z.object({ type: z.enum(["document", "lines"]) })),
    columns: z.array(
      z.object({
        name: z.string(),
        type: z.enum(["integer", "decimal", "bool", "timestamp", "string", "nested", "null"]),
      }),
    ),
    /** The first records: values as text, in the order of the columns; null where there is none. */
    rows: z.array(z.array(z.nullable(z.string()))),
    sizeBytes,
    etag: z.string(),
  })
  .register(z.globalRegistry, { id: "SchemaResponse" });
export type SchemaResponse = z.infer<typeof SchemaResponse>;
