import { describe, expect, test } from "vitest";
import { askQuery } from "../../../../../web/app/query/run/ask-query.ts";
import { createResultStore } from "../../../../../web/app/query/run/result-store.ts";
import type { RunMessage } from "../../../../../web/app/query/run/run-messages.ts";

const COUNTS = { bytesScanned: 3, bytesProcessed: 3, bytesReturned: 2 };

/** Asks, and is answered with these lines, a piece each; what is a number waits so long by the clock. */
async function ask(
  lines: readonly (object | string | number)[],
  { maxBytes = 1e6, status = 200, signal = new AbortController().signal } = {},
) {
  let now = 0;
  const messages: RunMessage[] = [];
  /** How much had been told whenever it was asked whether there is time for more. */
  const roomAsked: number[] = [];
  const encoder = new TextEncoder();
  const left = [...lines];
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        let next = left.shift();
        for (; typeof next === "number"; next = left.shift()) now += next;
        if (next === undefined) controller.close();
        else
          controller.enqueue(
            encoder.encode(typeof next === "string" ? next : `${JSON.stringify(next)}\n`),
          );
      },
    },
    { highWaterMark: 0 },
  );
  await askQuery(
    "{}",
    {
      send: async () => new Response(body, { status }),
      tell: (message) => void messages.push(handedOver(message)),
      room: async () => void roomAsked.push(messages.length),
      now: () => now,
      maxBytes,
    },
    signal,
  );
  const store = createResultStore();
  for (const message of messages) if (message.type === "rows") store.add(message.batch);
  const rows = Array.from({ length: store.rowCount }, (_, row) => {
    const record = store.record(row);
    return record && new TextDecoder().decode(record.bytes.subarray(record.start, record.end));
  });
  const last = messages.at(-1);
  return { messages, roomAsked, rows, outcome: last?.type === "over" ? last.outcome : null };
}

/** As a worker does: what is handed over is gone here. */
function handedOver(message: RunMessage): RunMessage {
  const { bytes, ends } = message.type === "rows" ? message.batch : {};
  return structuredClone(message, { transfer: bytes && ends ? [bytes.buffer, ends.buffer] : [] });
}

const records = (payload: string) => ({ type: "records", payload });

describe("a query that is asked", () => {
  test("tells of its rows, its bytes and its end", async () => {
    const { messages, rows, outcome } = await ask([
      records('{"a":"1"}\n{"a":"22","b":"x"}\n'),
      { type: "stats", ...COUNTS },
      { type: "end", engine: "embedded" },
    ]);
    expect(rows).toEqual(['{"a":"1"}', '{"a":"22","b":"x"}']);
    expect(messages[0]).toMatchObject({
      columns: [
        { name: "a", isNumeric: true, maxLength: 2 },
        { name: "b", isNumeric: false, maxLength: 1 },
      ],
    });
    expect(messages[1]).toEqual({ type: "counts", counts: COUNTS });
    expect(outcome).toEqual({ kind: "done", engine: "embedded", isCached: false });
  });

  test("puts records together that were cut anywhere, characters and lines too", async () => {
    const line = JSON.stringify(records('{"a":"ä€"}\n{"a":'));
    const { rows } = await ask([
      line.slice(0, 40),
      `${line.slice(40)}\n`,
      records('"2'),
      records('"}\n'),
      { type: "end", engine: "native" },
    ]);
    expect(rows).toEqual(['{"a":"ä€"}', '{"a":"2"}']);
  });

  test("tells the first rows at once and further ones together", async () => {
    const { messages, roomAsked, rows } = await ask([
      records("{}\n"),
      records("{}\n"),
      records("{}\n"),
      100,
      records("{}\n"),
      { type: "end", engine: "native" },
    ]);
    const counts = messages.map((message) => message.type === "rows" && message.batch.ends.length);
    expect(counts).toEqual([1, 3, false]);
    // Before more is read, whoever is told may ask for a pause.
    expect(roomAsked).toEqual([1, 2]);
    expect(rows).toHaveLength(4);
  });

  test("stops reading once there is as much as the page keeps", async () => {
    const many = Array.from({ length: 50 }, () => [100, records(`{"a":"${"x".repeat(1000)}"}\n`)]);
    const { rows, outcome } = await ask(many.flat(), { maxBytes: 10_000 });
    expect(outcome).toEqual({ kind: "full" });
    expect(rows).toHaveLength(10);
  });

  test("keeps what came before a fault, and says where in the query it is", async () => {
    const detail = "CAST of 'x' to INT fails";
    const position = { line: 2, column: 17 };
    const { rows, outcome } = await ask([
      records('{"a":1}\n'),
      { type: "error", code: "CastFailed", detail, position },
    ]);
    expect(rows).toEqual(['{"a":1}']);
    expect(outcome).toEqual({
      kind: "failed",
      problem: { code: "query-failed", s3Code: "CastFailed", detail, position },
    });
  });

  test("takes over what the server refuses it for", async () => {
    const problem = {
      type: "/docs#query-failed",
      title: "The query cannot be answered",
      status: 422,
      detail: "An expression is expected",
      code: "query-failed",
      s3Code: "ParseExpectedExpression",
      position: { line: 1, column: 29 },
    };
    const { outcome } = await ask([problem], { status: 422 });
    expect(outcome).toMatchObject({
      kind: "failed",
      problem: { position: { line: 1, column: 29 } },
    });
  });

  test.each<[string, readonly (object | string)[], number, string]>([
    ["a bare cut", [records("{}\n")], 200, "server-unreachable"],
    ["a line that is none", ["nonsense\n"], 200, "bad-answer"],
    ["a proxy's page", ["<h1>Bad gateway</h1>"], 502, "server-unreachable"],
    [
      "the API's own fault",
      [{ type: "error", code: "precondition-failed", detail: "" }],
      200,
      "precondition-failed",
    ],
  ])("fails by %s", async (_, lines, status, code) => {
    expect((await ask(lines, { status })).outcome).toMatchObject({
      kind: "failed",
      problem: { code },
    });
  });

  test("is stopped, and keeps what it has", async () => {
    const stopping = new AbortController();
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(`${JSON.stringify(records("{}\n{}\n"))}\n`));
        stopping.signal.addEventListener("abort", () => controller.error(stopping.signal.reason));
      },
    });
    const messages: RunMessage[] = [];
    const ports = {
      send: async () => new Response(body),
      tell: (message: RunMessage) => {
        messages.push(message);
        if (message.type === "rows") stopping.abort();
      },
      room: async () => undefined,
      now: () => 0,
      maxBytes: 1e6,
    };
    await askQuery("{}", ports, stopping.signal);
    expect(messages.map(({ type }) => type)).toEqual(["rows", "over"]);
    expect(messages[1]).toEqual({ type: "over", outcome: { kind: "stopped" } });
  });
});
