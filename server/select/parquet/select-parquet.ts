import { setImmediate } from "node:timers/promises";
import type { ByteSource } from "../../../shared/select/byte-source.ts";
import { SelectError } from "../../../shared/select/select-error.ts";
import type { SelectEvent, SelectRequest } from "../../../shared/select/select-request.ts";
import { Progress } from "../output/progress.ts";
import { writerOf } from "../output/writer-of.ts";
import { recordStartsOf } from "../scan-range.ts";
import type { Query } from "../sql/syntax.ts";
import { Timestamp } from "../values/timestamp.ts";
import { PageUnpacker } from "./decompress.ts";
import { damaged } from "./fault.ts";
import { fetchMetadata } from "./footer.ts";
import { GroupReader } from "./group-reader.ts";
import { readRowGroup, type FileMetadata, type RowGroup } from "./metadata.ts";
import { objectBytes } from "./object-bytes.ts";
import { planScan, type ScanPlan } from "./plan-scan.ts";
import { scanGroup } from "./scan-group.ts";
import { leavesOf, shapeOf } from "./shape.ts";

/** Most that a row group may have, in bytes before compression; S3 Select's own limit. */
const MAX_GROUP_BYTES = 512 * 1024 * 1024;

/**
 * Answers a query from the columns of a Parquet object: of each row group that may hold what is asked for, the pages
 * that are needed are fetched, and no more than a page of each column is held.
 * @throws SelectError for what is wrong with the query or with the object; what the source throws; the signal's reason
 * @see https://parquet.apache.org/docs/file-format/
 */
export async function* selectParquet(
  { input, output, scanRange }: SelectRequest,
  query: Query,
  source: ByteSource,
  signal: AbortSignal,
): AsyncGenerator<SelectEvent, void, undefined> {
  const starts = recordStartsOf(scanRange, input, source.sizeBytes);
  const progress = new Progress();
  const object = objectBytes(source, progress, signal);
  const metadata = await fetchMetadata(object);
  const record = shapeOf(metadata.schema);
  const scan = planScan(query, record, writerOf(output), Timestamp.ofMs(Date.now()));
  const { answer } = scan;
  const unpacker = new PageUnpacker();
  let isOver = query.limit === 0;
  const columnCount = leavesOf(record).length;
  for (const group of rowGroupsOf(metadata, scan, columnCount, source.sizeBytes)) {
    if (isOver) break;
    await setImmediate();
    signal.throwIfAborted();
    if (group.offset < starts.first || group.offset > starts.last) continue;
    const reader = new GroupReader(group, object, progress, unpacker, group.chunks.size);
    for await (const more of scanGroup(scan, reader)) {
      progress.add(answer.takeBytes());
      yield* progress.events();
      await setImmediate();
      signal.throwIfAborted();
      isOver = !more;
    }
    reader.close();
  }
  answer.end();
  progress.add(answer.takeBytes());
  yield* progress.rest();
}

function* rowGroupsOf(
  metadata: FileMetadata,
  { projected, filters }: ScanPlan,
  columnCount: number,
  sizeBytes: number,
): Iterable<RowGroup> {
  const columns = [...projected, ...filters.flatMap((filter) => filter.columns)];
  const wanted = new Set(columns.flatMap(({ leaves }) => leaves.map(({ index }) => index)));
  for (const offset of metadata.rowGroupOffsets) {
    const group = readRowGroup(metadata, offset, (index) => wanted.has(index), sizeBytes);
    if (group.columnCount !== columnCount)
      throw damaged("a row group has other columns than the schema");
    if (group.totalBytes > MAX_GROUP_BYTES) {
      const detail = `A row group has more than ${MAX_GROUP_BYTES} bytes; write the file with smaller ones.`;
      throw new SelectError("OverMaxParquetBlockSize", detail);
    }
    yield group;
  }
}
