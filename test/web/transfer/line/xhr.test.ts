import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { PartRequest } from "../../../../web/transfer/line/part-transport.ts";
import { createXhrTransport } from "../../../../web/transfer/line/xhr.ts";

/** As much of XMLHttpRequest as the transport uses; the test plays the browser. */
class FakeXhr extends EventTarget {
  static latest: FakeXhr;
  readonly upload = new EventTarget();
  readonly sentHeaders: Record<string, string> = {};
  readonly asked: string[] = [];
  status = 0;
  responseText = "";
  responseHeaders: Record<string, string> = {};
  isAborted = false;
  body: unknown = null;

  open(method: string, url: string) {
    this.asked.push(method, url);
    FakeXhr.latest = this;
  }

  setRequestHeader(name: string, value: string) {
    this.sentHeaders[name] = value;
  }

  getAllResponseHeaders() {
    const lines = Object.entries(this.responseHeaders).map(
      ([name, value]) => `${name}: ${value}\r\n`,
    );
    return lines.join("");
  }

  getResponseHeader(name: string) {
    return this.responseHeaders[name] ?? null;
  }

  send(body: unknown) {
    this.body = body;
  }

  abort() {
    this.isAborted = true;
    this.dispatchEvent(new Event("loadend"));
  }

  end(kind: "load" | "error") {
    this.dispatchEvent(new Event(kind));
    this.dispatchEvent(new Event("loadend"));
  }
}

describe("the XHR transport", () => {
  beforeEach(() => vi.stubGlobal("XMLHttpRequest", FakeXhr));
  afterEach(() => vi.unstubAllGlobals());

  const request = {
    method: "PUT",
    url: "https://s3.example/k",
    headers: { "content-type": "text/plain", host: "s3.example", "Content-Length": "3" },
    body: new Blob(["abc"]),
    reportsProgress: true,
    checksumHeader: "x-amz-checksum-crc64nvme",
  } as const;

  function send(
    signal = new AbortController().signal,
    onProgress: (n: number) => void = () => {},
    changed: Partial<PartRequest> = {},
  ) {
    const answer = createXhrTransport().send({ ...request, ...changed }, signal, onProgress);
    return { answer, xhr: FakeXhr.latest };
  }

  it("sends the signed headers but those that belong to the browser", () => {
    const { xhr } = send();
    expect(xhr.asked).toEqual(["PUT", "https://s3.example/k"]);
    expect(xhr.sentHeaders).toEqual({ "content-type": "text/plain" });
    expect(xhr.body).toBe(request.body);
  });

  it("answers status, ETag and nothing of a body that succeeded", async () => {
    const { answer, xhr } = send();
    Object.assign(xhr, { status: 200, responseText: "x", responseHeaders: { etag: '"e"' } });
    xhr.end("load");
    expect(await answer).toEqual({
      status: 200,
      etag: '"e"',
      checksum: null,
      retryAfter: null,
      body: "",
    });
  });

  it("answers the storage's checksum where it is named", async () => {
    const { answer, xhr } = send();
    const responseHeaders = { etag: '"e"', "x-amz-checksum-crc64nvme": "AAAAAAAAAAA=" };
    Object.assign(xhr, { status: 200, responseHeaders });
    xhr.end("load");
    expect(await answer).toMatchObject({ checksum: "AAAAAAAAAAA=" });
  });

  it("does not listen where that would cost a preflight", () => {
    const seen: number[] = [];
    const { xhr } = send(undefined, (bytes) => seen.push(bytes), { reportsProgress: false });
    xhr.upload.dispatchEvent(Object.assign(new Event("progress"), { loaded: 2 }));
    expect(seen).toEqual([]);
  });

  it("answers the storage's words on failure", async () => {
    const { answer, xhr } = send();
    const responseHeaders = { "x-etag": "no", "retry-after": "4" };
    Object.assign(xhr, { status: 503, responseText: "<Error/>", responseHeaders });
    xhr.end("load");
    expect(await answer).toMatchObject({
      status: 503,
      etag: null,
      retryAfter: "4",
      body: "<Error/>",
    });
  });

  it("reports progress of the body", () => {
    const seen: number[] = [];
    const { xhr } = send(undefined, (bytes) => seen.push(bytes));
    xhr.upload.dispatchEvent(Object.assign(new Event("progress"), { loaded: 2 }));
    expect(seen).toEqual([2]);
  });

  it("rejects with a code when no answer could be read", async () => {
    const { answer, xhr } = send();
    xhr.end("error");
    await expect(answer).rejects.toMatchObject({ code: "storage-unreachable", remedy: "retry" });
  });

  it("stops with the signal, and not at all after the end", async () => {
    const controller = new AbortController();
    const { answer, xhr } = send(controller.signal);
    const reason = new Error("no longer wanted");
    controller.abort(reason);
    await expect(answer).rejects.toBe(reason);
    expect(xhr.isAborted).toBe(true);

    const later = new AbortController();
    const ended = send(later.signal);
    Object.assign(ended.xhr, { status: 200 });
    ended.xhr.end("load");
    later.abort();
    expect(ended.xhr.isAborted).toBe(false);
  });
});
