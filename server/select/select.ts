import type { ByteSource } from "../../shared/select/byte-source.ts";
import type { SelectEvent, SelectRequest } from "../../shared/select/select-request.ts";
import { createLocalCrew } from "./blocks/block-crew.ts";
import { MemoryPool } from "./blocks/memory-pool.ts";
import { isInBlocks, selectByBlocks } from "./blocks/select-blocks.ts";
import { selectParquet } from "./parquet/select-parquet.ts";
import { selectByPieces } from "./select-pieces.ts";
import { parseQuery } from "./sql/parse-query.ts";

/**
 * Answers a query by reading the object's bytes, and no more of them than it needs, in the thread that asks.
 * @param memories of one block each, for whoever asks more than once
 * @throws SelectError for what is wrong with the query or with the object; what the source throws; the signal's reason
 */
export async function* select(
  request: SelectRequest,
  source: ByteSource,
  signal: AbortSignal,
  memories = new MemoryPool(1),
): AsyncGenerator<SelectEvent, void, undefined> {
  const query = parseQuery(request.sql);
  const { input } = request;
  if (input.format === "PARQUET") return yield* selectParquet(request, query, source, signal);
  if (isInBlocks(input)) {
    const crew = createLocalCrew(memories.lend());
    yield* selectByBlocks(request, query, source, crew, signal);
  } else yield* selectByPieces(request, input, query, source, signal);
}
