import type { ByteSource } from "../../../../shared/select/byte-source.ts";
import { S3Error } from "../../s3-error.ts";
import type { S3Answer } from "../answer.ts";
import { streamEvents } from "../event-stream.ts";
import { parseSelectObjectContent } from "../xml/select-object-content.ts";
import type { ObjectRequest, OperationContext } from "./context.ts";

/** An expression has up to 256 KB, of which each character may be written as a reference; in bytes. */
const MAX_SELECT_BYTES = 2 * 1024 * 1024;

/** SelectObjectContent, where the store was started with one. @throws NotImplemented otherwise */
export async function selectObjectContent(
  request: ObjectRequest,
  { engine, select }: OperationContext,
): Promise<S3Answer> {
  if (!select) throw new S3Error("NotImplemented");
  if (request.headers.has("range")) {
    const message = "A query takes its range as ScanRange, not as a header.";
    throw new S3Error("UnsupportedRangeHeader", { message });
  }
  const document = parseSelectObjectContent(await request.body.text(MAX_SELECT_BYTES));
  const source = await openSource(engine, request);
  const events = select(document.request, source, request.signal);
  const body = await streamEvents(events, document.wantsProgress);
  return { status: 200, headers: { "Content-Type": "application/vnd.amazon.eventstream" }, body };
}

/** An object by its ranges; each is read from the same version of it. */
async function openSource(
  engine: OperationContext["engine"],
  { bucket, key }: ObjectRequest,
): Promise<ByteSource> {
  const { info, close } = await engine.objects.open(bucket, key);
  close();
  return {
    sizeBytes: info.sizeBytes,
    async *read(range, signal) {
      const object = await engine.objects.open(bucket, key);
      if (object.info.etag !== info.etag) {
        object.close();
        throw new S3Error("OperationAborted", { message: "The object was replaced meanwhile." });
      }
      yield* object.read(range, signal);
    },
  };
}
