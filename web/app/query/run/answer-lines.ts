import { SelectLine } from "../../../../shared/api.ts";

/** Longest line of an answer, in characters: payloads have 64 KiB, up to six characters a byte. */
const MAX_LINE_LENGTH = 16 * 1024 * 1024;

/** A line of an answer that is none. */
export class LineError extends Error {
  override readonly name = "LineError";
}

/**
 * The lines of an answer to `POST /api/select`, as they come.
 * @throws LineError for what is not as agreed; what the stream fails with
 */
export async function* readLines(body: ReadableStream<Uint8Array>): AsyncGenerator<SelectLine> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
      const lines = rest.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) yield lineOf(line);
      if (rest.length > MAX_LINE_LENGTH) throw new LineError("A line of the answer has no end.");
      if (done) break;
    }
    if (rest.trim() !== "") yield lineOf(rest);
  } finally {
    // Whoever leaves early wants no more of it; what has ended or failed does not mind.
    await reader.cancel().catch(() => undefined);
  }
}

function lineOf(text: string): SelectLine {
  try {
    return SelectLine.parse(JSON.parse(text));
  } catch (cause) {
    throw new LineError("A line of the answer is not as agreed.", { cause });
  }
}
