import { describe, expect, it } from "vitest";
import { createMetrics, metricsSnapshot } from "../../../server/metrics/index.ts";
import { countQuery } from "../../../server/routes/count-query.ts";
import { beginAnswer } from "../../../server/routes/query-answer.ts";
import type { SelectEvent } from "../../../shared/select/select-request.ts";
import { grant, serve } from "../scripted-app.ts";

const counts = { bytesScanned: 30, bytesProcessed: 30, bytesReturned: 4 };

async function* answerOf(...events: (SelectEvent | Error)[]): AsyncGenerator<SelectEvent> {
  for (const event of events) {
    if (event instanceof Error) throw event;
    yield event;
  }
}

/** Reads an answer as its route does, up to `most` events. */
async function read(events: AsyncIterable<SelectEvent>, most = Infinity): Promise<string> {
  const metrics = createMetrics();
  const answer = countQuery(await beginAnswer("embedded", events), metrics);
  try {
    for (let at = 1, next = answer.first; !next.done && at < most; at += 1) {
      next = await answer.rest.next();
    }
  } catch {
    // Told to whoever asked.
  }
  await answer.rest.return?.();
  await answer.rest.return?.();
  return metrics.text();
}

describe("queries", () => {
  const stats: SelectEvent = { type: "stats", counts };

  it("are counted when they end, once, with what they read", async () => {
    const text = await read(answerOf({ type: "records", payload: new Uint8Array(4) }, stats));
    expect(text).toContain('sluice_select_queries_total{engine="embedded",outcome="answered"} 1');
    expect(text).toContain("sluice_select_scanned_bytes_total 30");
    expect(text).toContain("sluice_select_returned_bytes_total 4");
    expect(text).toContain('sluice_select_cache_total{result="miss"} 1');
  });

  it("are told apart by how they end", async () => {
    expect(await read(answerOf(stats, new Error("broken")))).toContain('outcome="failed"} 1');
    expect(await read(answerOf(stats, stats, stats), 2)).toContain('outcome="stopped"} 1');
  });
});

describe("GET /metrics", () => {
  it("counts uploads, refusals and answers by their route, never by their path", async () => {
    const { ask } = serve();
    const files = [
      { name: "a", sizeBytes: 100 },
      { name: "..", sizeBytes: 1 },
    ];
    await ask("POST", "/api/uploads", { files });
    await ask("GET", "/api/uploads/secret-id/parts");
    const { status, headers, body } = await ask("GET", "/metrics");
    expect(status).toBe(200);
    expect(headers.get("content-type")).toContain("text/plain");
    expect(body).toContain('sluice_uploads_refused_total{code="invalid-name"} 1');
    expect(body).toMatch(/sluice_uploads_opened_total\{method="(post|put)"\} 1/);
    expect(body).toContain('sluice_signed_bytes_total{direction="up"} 100');
    expect(body).toContain(
      'sluice_http_requests_total{method="GET",route="/api/uploads/:id/parts",status="403"} 1',
    );
    expect(body).not.toContain("secret-id");
  });

  it("is for scrapers with a grant of its own scope, and for admins", async () => {
    const { ask } = serve({ localMode: false });
    const as = async (scope: string) => ({ authorization: await grant({ scope }) });
    const statusOf = async (headers?: Record<string, string>) =>
      (await ask("GET", "/metrics", undefined, headers)).status;
    expect(await statusOf()).toBe(401);
    expect(await statusOf(await as("upload download query"))).toBe(403);
    expect(await statusOf(await as("metrics"))).toBe(200);
    expect(await statusOf(await as("admin"))).toBe(200);
    const { status } = await ask("GET", "/api/admin/metrics", undefined, await as("metrics"));
    expect(status).toBe(403);
  });
});

describe("the snapshot", () => {
  it("has every count with its labels, and a histogram bucket by bucket", async () => {
    const metrics = createMetrics();
    metrics.called({ operation: "ListParts", outcome: "ok", attempts: 3, seconds: 0.2 });
    const { samples } = await metricsSnapshot(metrics, new Date(0), new Date(1000));
    const value = (name: string, labels: object) =>
      samples.find((sample) => {
        return (
          sample.name === name &&
          Object.entries(labels).every(([at, is]) => sample.labels[at] === is)
        );
      })?.value;
    const operation = "ListParts";
    expect(value("sluice_storage_retries_total", { operation })).toBe(2);
    const bucket = "sluice_storage_request_duration_seconds_bucket";
    expect(value(bucket, { operation, le: "0.1" })).toBe(0);
    expect(value(bucket, { operation, le: "0.25" })).toBe(1);
  });
});
