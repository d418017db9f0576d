import { Problem } from "../../../../shared/api.ts";
import { SelectLine } from "../../../../shared/select-api.ts";
import { LineError, readLines } from "./answer-lines.ts";
import { ColumnTable } from "./column-table.ts";
import { RecordCollector } from "./record-collector.ts";
import type { RunMessage, RunOutcome, RunProblem } from "./run-messages.ts";

/** Where a query is asked, and who hears of it. */
export interface AskPorts {
  readonly send: (path: string, init: RequestInit) => Promise<Response>;
  readonly tell: (message: RunMessage) => void;
  /** Waits until who is told has time for more rows. */
  readonly room: () => Promise<void>;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
  /** Most bytes of records that are kept, their ends included. */
  readonly maxBytes: number;
}

/** Records are told of so often, in milliseconds … */
const BATCH_MS = 100;

/** … or as soon as there are so many bytes of them. */
const BATCH_BYTES = 1024 * 1024;

/** An entry of where a record ends, in bytes. */
const END_BYTES = 4;

/**
 * Asks a query and tells of its records as they come; the last message says how it ended. What came before a
 * stop or a fault was told.
 * @param body of `POST /api/select`
 * @param signal stops it
 */
export async function askQuery(body: string, ports: AskPorts, signal: AbortSignal): Promise<void> {
  const columns = new ColumnTable();
  const collector = new RecordCollector((bytes, start, end) => columns.note(bytes, start, end));
  const flush = () => {
    const batch = collector.take();
    if (batch === null) return 0;
    // Told, it may be given away, and then it has no length.
    const sizeBytes = batch.bytes.length + END_BYTES * batch.ends.length;
    ports.tell({ type: "rows", batch, columns: columns.takeChanged() });
    return sizeBytes;
  };
  let outcome: RunOutcome;
  try {
    outcome = await follow(body, ports, signal, collector, flush);
  } catch (error) {
    outcome = signal.aborted ? { kind: "stopped" } : { kind: "failed", problem: problemOf(error) };
  }
  flush();
  ports.tell({ type: "over", outcome });
}

async function follow(
  body: string,
  { send, tell, room, now, maxBytes }: AskPorts,
  signal: AbortSignal,
  collector: RecordCollector,
  flush: () => number,
): Promise<RunOutcome> {
  const answer = await open(send, body, signal);
  let keptBytes = 0;
  let toldAt = -Infinity;
  for await (const line of readLines(answer, SelectLine)) {
    signal.throwIfAborted();
    if (line.type === "end") {
      return {
        kind: "done",
        engine: line.engine,
        isCached: line.cached === true,
      };
    }
    if (line.type === "error") return { kind: "failed", problem: lineProblem(line) };
    if (line.type === "records") {
      collector.push(line.payload);
      if (now() - toldAt < BATCH_MS && collector.sizeBytes < BATCH_BYTES) continue;
      keptBytes += flush();
      toldAt = now();
      if (keptBytes >= maxBytes) return { kind: "full" };
      await room();
    } else {
      const { bytesScanned, bytesProcessed, bytesReturned } = line;
      keptBytes += flush();
      tell({ type: "counts", counts: { bytesScanned, bytesProcessed, bytesReturned } });
    }
  }
  const detail = "The answer broke off before its end.";
  return { kind: "failed", problem: { code: "server-unreachable", detail } };
}

/** What a request is refused with. */
class Refusal extends Error {
  override readonly name = "Refusal";
  readonly problem: RunProblem;

  constructor(problem: RunProblem) {
    super(problem.detail);
    this.problem = problem;
  }
}

async function open(
  send: AskPorts["send"],
  body: string,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const response = await send("/api/select", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
    signal,
  });
  if (response.ok && response.body) return response.body;
  const decoded = Problem.safeParse(await response.json().catch(() => undefined));
  if (decoded.success) throw new Refusal(decoded.data);
  // A proxy in front of a dead backend answers for it, in HTML.
  const code = response.status >= 500 ? "server-unreachable" : "bad-answer";
  throw new Refusal({ code, detail: `/api/select: HTTP ${response.status}` });
}

function problemOf(error: unknown): RunProblem {
  if (error instanceof Refusal) return error.problem;
  const detail = error instanceof Error ? error.message : String(error);
  return { code: error instanceof LineError ? "bad-answer" : "server-unreachable", detail };
}

/** A fault after the first line names S3 Select's code or the API's. */
function lineProblem(line: Extract<SelectLine, { type: "error" }>): RunProblem {
  const { code, detail, position } = line;
  const isOwn = /^[A-Z]/.test(code);
  return isOwn ? { code: "query-failed", detail, s3Code: code, position } : { code, detail };
}
