import type { SelectEvent } from "../../shared/select/select-request.ts";

/** A query that has begun: its first event is there. */
export interface QueryAnswer {
  readonly engine: "native" | "embedded";
  /** It was answered before and kept. */
  readonly isKept: boolean;
  readonly first: IteratorResult<SelectEvent>;
  readonly rest: AsyncIterator<SelectEvent>;
}

/** Waits for the first event of an answer. @throws what the answer throws instead of it */
export async function beginAnswer(
  engine: QueryAnswer["engine"],
  events: AsyncIterable<SelectEvent>,
  isKept = false,
): Promise<QueryAnswer> {
  const rest = events[Symbol.asyncIterator]();
  return { engine, isKept, first: await rest.next(), rest };
}
