import type { SelectLine } from "../../shared/select-api.ts";
import { SelectError } from "../../shared/select/select-error.ts";
import type { SelectEvent } from "../../shared/select/select-request.ts";
import { jsonLines } from "./json-lines.ts";
import { toProblemDetails } from "./problem-response.ts";
import type { QueryAnswer } from "./query-answer.ts";

/** What goes on around an answer that is sent. */
export interface LineContext {
  readonly signal: AbortSignal;
  report(error: unknown): void;
  /** Called once it is over, one way or the other. */
  release(): void;
}

/** An answer as lines of JSON, sent as fast as they are read; whoever leaves, ends it. */
export function lineStream(answer: QueryAnswer, context: LineContext): ReadableStream<Uint8Array> {
  const lines = linesOf(answer, context);
  return jsonLines(lines, async () => {
    await lines.return(undefined);
    // A generator that was never begun has no end of its own.
    await answer.rest.return?.();
    context.release();
  });
}

async function* linesOf(
  { engine, isKept, first, rest }: QueryAnswer,
  { signal, report, release }: LineContext,
): AsyncGenerator<SelectLine, void, undefined> {
  const decoder = new TextDecoder();
  const decode = (bytes: Uint8Array) => decoder.decode(bytes, { stream: true });
  try {
    for (let next = first; !next.done; next = await rest.next()) {
      const line = lineOf(next.value, decode);
      if (line !== null) yield line;
    }
    yield { type: "end", engine, ...(isKept && { cached: true }) };
  } catch (error) {
    if (signal.aborted && !isTimeout(signal.reason)) return;
    if (!(error instanceof SelectError)) report(error);
    yield errorLine(isTimeout(signal.reason) ? timedOut() : error);
  } finally {
    await rest.return?.();
    release();
  }
}

/** Null where a payload ends within a character that the next one brings to its end. */
function lineOf(event: SelectEvent, decode: (bytes: Uint8Array) => string): SelectLine | null {
  if (event.type !== "records") return { type: event.type, ...event.counts };
  const payload = decode(event.payload);
  return payload === "" ? null : { type: "records", payload };
}

function errorLine(error: unknown): SelectLine {
  if (error instanceof SelectError) {
    const { code, message: detail, position } = error;
    return { type: "error", code, detail, ...(position && { position }) };
  }
  const { code, detail } = toProblemDetails(error, "");
  return { type: "error", code, detail };
}

function isTimeout(reason: unknown): boolean {
  return reason instanceof DOMException && reason.name === "TimeoutError";
}

function timedOut(): SelectError {
  const detail = "The query took too long; ask a part of the object by a scan range.";
  return new SelectError("Busy", detail);
}
