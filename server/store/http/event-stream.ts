import { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import { SelectError } from "../../../shared/select/select-error.ts";
import type { SelectCounts, SelectEvent } from "../../../shared/select/select-request.ts";
import { replaceIllegal, writePlainXml } from "./xml/write.ts";

/** Lengths and checksums of a message, in bytes. */
const PRELUDE_BYTES = 12;
const CHECKSUM_BYTES = 4;

/** The type of a header whose value is a text. */
const TEXT = 7;

/**
 * One message of an event stream.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html
 */
function encodeMessage(
  headers: Readonly<Record<string, string>>,
  payload: Uint8Array = new Uint8Array(0),
): Buffer {
  const written = Buffer.concat(Object.entries(headers).map(encodeHeader));
  const size = PRELUDE_BYTES + written.length + payload.length + CHECKSUM_BYTES;
  const message = Buffer.allocUnsafe(size);
  message.writeUInt32BE(size, 0);
  message.writeUInt32BE(written.length, 4);
  message.writeUInt32BE(crc32(message.subarray(0, 8)), 8);
  message.set(written, PRELUDE_BYTES);
  message.set(payload, PRELUDE_BYTES + written.length);
  message.writeUInt32BE(crc32(message.subarray(0, size - CHECKSUM_BYTES)), size - CHECKSUM_BYTES);
  return message;
}

function encodeHeader([name, value]: readonly [string, string]): Buffer {
  const text = Buffer.from(value);
  const header = Buffer.allocUnsafe(1 + name.length + 1 + 2 + text.length);
  header.writeUInt8(name.length, 0);
  header.write(name, 1, "latin1");
  header.writeUInt8(TEXT, 1 + name.length);
  header.writeUInt16BE(text.length, 2 + name.length);
  header.set(text, 4 + name.length);
  return header;
}

/**
 * The events of a query as SelectObjectContent answers them. Errors before the first of them are thrown, later ones
 * become the stream's last message.
 * @param wantsProgress otherwise a message without content says that the query is still at work
 */
export async function streamEvents(
  events: AsyncIterable<SelectEvent>,
  wantsProgress: boolean,
): Promise<Readable> {
  const iterator = events[Symbol.asyncIterator]();
  const first = await iterator.next();
  const messages = messagesOf(first, iterator, wantsProgress);
  const stream = Readable.from(messages, { objectMode: false });
  // A generator that was never begun has no end of its own.
  return stream.once("close", () => void iterator.return?.());
}

async function* messagesOf(
  first: IteratorResult<SelectEvent>,
  iterator: AsyncIterator<SelectEvent>,
  wantsProgress: boolean,
): AsyncIterable<Buffer> {
  try {
    for (let next = first; !next.done; next = await iterator.next()) {
      yield encodeEvent(next.value, wantsProgress);
    }
    yield encodeMessage({ ":message-type": "event", ":event-type": "End" });
  } catch (error) {
    if (!(error instanceof SelectError)) throw error;
    yield encodeMessage({
      ":message-type": "error",
      ":error-code": error.code,
      ":error-message": replaceIllegal(error.message),
    });
  }
}

function encodeEvent(event: SelectEvent, wantsProgress: boolean): Buffer {
  if (event.type === "records") {
    return encodeMessage(
      {
        ":message-type": "event",
        ":event-type": "Records",
        ":content-type": "application/octet-stream",
      },
      event.payload,
    );
  }
  if (event.type === "progress" && !wantsProgress) {
    return encodeMessage({ ":message-type": "event", ":event-type": "Cont" });
  }
  const name = event.type === "progress" ? "Progress" : "Stats";
  const headers = { ":message-type": "event", ":event-type": name, ":content-type": "text/xml" };
  return encodeMessage(headers, Buffer.from(countsXml(name, event.counts)));
}

function countsXml(name: string, counts: SelectCounts): string {
  return writePlainXml(name, [
    ["BytesScanned", counts.bytesScanned],
    ["BytesProcessed", counts.bytesProcessed],
    ["BytesReturned", counts.bytesReturned],
  ]);
}
