/** Longest line of an answer, in characters: payloads have 64 KiB, up to six characters a byte. */
const MAX_LINE_LENGTH = 16 * 1024 * 1024;

/** A line of an answer that is none. */
export class LineError extends Error {
  override readonly name = "LineError";
}

/** What a line is decoded by; throws where it is not as agreed. */
interface LineSchema<T> {
  parse(value: unknown): T;
}

/**
 * The lines of an answer in JSON lines, as they come.
 * @throws LineError for what is not as agreed; what the stream fails with
 */
export async function* readLines<T>(
  body: ReadableStream<Uint8Array>,
  schema: LineSchema<T>,
): AsyncGenerator<T> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
      const lines = rest.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) yield lineOf(line, schema);
      if (rest.length > MAX_LINE_LENGTH) throw new LineError("A line of the answer has no end.");
      if (done) break;
    }
    if (rest.trim() !== "") yield lineOf(rest, schema);
  } finally {
    // Whoever leaves early wants no more of it; what has ended or failed does not mind.
    await reader.cancel().catch(() => undefined);
  }
}

function lineOf<T>(text: string, schema: LineSchema<T>): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new LineError("A line of the answer is not as agreed.", { cause });
  }
}
