import { describe, expect, it } from "vitest";
import { rest } from "./rig/fake-clock.ts";
import { problemOf, refusal, unreachable } from "./rig/model-backend.ts";
import { createScene, fileOf, partOf } from "./rig/scene.ts";

describe("a file that goes in one request", () => {
  it("is opened, sent with exactly the signed headers and done", async () => {
    const scene = createScene();
    const id = await scene.add(7);
    const request = await scene.transport.next();
    expect(scene.state(id)).toBe("uploading");
    expect(request.method).toBe("PUT");
    expect(request.headers).toEqual({ "x-signed": "1" });
    expect(request.body).toMatchObject({ size: 7, type: "" });
    await scene.accept(request);
    expect(scene.view(id).state).toMatchObject({ kind: "done", receipt: { sizeBytes: 7 } });
    expect(scene.view(id)).toMatchObject({ sentBytes: 7, parts: [], retryCount: 0 });
    expect(scene.backend.calls).toEqual(["create"]);
  });

  it("works with no byte at all", async () => {
    const scene = createScene();
    const id = await scene.add(0);
    await scene.acceptAll();
    expect(scene.state(id)).toBe("done");
    expect(scene.backend.objects.get("file.bin")?.length).toBe(0);
  });

  it("is confirmed instead of renamed when the answer was lost and its key is now taken", async () => {
    const scene = createScene();
    const id = await scene.add(7);
    const first = await scene.transport.next();
    await scene.backend.put(first);
    await first.breakLine();
    await scene.clock.advance(1000);
    await (await scene.transport.next()).respond(refusal(412, "PreconditionFailed"));
    expect(scene.state(id)).toBe("done");
    expect(scene.backend.calls).toEqual(["create", "sign", "complete"]);
  });

  it("gets another key from the server when somebody else was faster", async () => {
    const scene = createScene();
    const id = await scene.add(7);
    await (await scene.transport.next()).respond(refusal(412, "PreconditionFailed"));
    await scene.acceptAll();
    expect(scene.state(id)).toBe("done");
    expect(scene.backend.calls).toEqual(["create", "create"]);
  });
});

describe("a file that goes in parts", () => {
  it("tiles the file with slices, completes with every ETag and is done", async () => {
    const scene = createScene();
    const id = await scene.add(35);
    expect(scene.transport.waiting.map(partOf)).toEqual([1, 2, 3, 4]);
    expect(scene.transport.waiting.map(({ body }) => body)).toMatchObject([
      { size: 10, type: "" },
      { size: 10 },
      { size: 10 },
      { size: 5 },
    ]);
    expect(scene.transport.waiting[0]?.headers).toEqual({});
    await scene.acceptAll();
    expect(scene.view(id)).toMatchObject({ state: { kind: "done" }, parts: [3, 3, 3, 3] });
    const sent = new Uint8Array(await fileOf(35).arrayBuffer());
    expect(scene.backend.objects.get("file.bin")).toEqual(sent);
    expect(scene.backend.calls).toEqual(["create", "complete"]);
  });

  it("counts the bytes of held parts and of parts under way", async () => {
    const scene = createScene();
    const id = await scene.add(35);
    const first = await scene.transport.next();
    const second = await scene.transport.next();
    first.progress(4);
    second.progress(3);
    expect(scene.view(id).sentBytes).toBe(7);
    await scene.accept(first);
    expect(scene.view(id)).toMatchObject({ sentBytes: 13, parts: [3, 1, 1, 1] });
    await second.breakLine();
    expect(scene.view(id)).toMatchObject({ sentBytes: 10, parts: [3, 2, 1, 1] });
  });

  it("is sent again under another key when somebody else was faster, and gives its parts back", async () => {
    const scene = createScene();
    let isTaken = true;
    scene.backend.beforeCall = (name) => {
      if (name === "complete" && isTaken) {
        isTaken = false;
        throw problemOf(409, "key-exists");
      }
    };
    const id = await scene.add(25);
    await scene.acceptAll();
    expect(scene.view(id)).toMatchObject({ state: { kind: "done" }, retryCount: 1 });
    expect(scene.backend.uploads.get("id1")?.state).toBe("aborted");
    expect(scene.backend.uploads.get("id2")?.state).toBe("completed");
  });

  it("is not sent for ever to a storage that calls every key taken", async () => {
    const scene = createScene();
    scene.backend.beforeCall = (name) => {
      if (name === "complete") throw problemOf(409, "key-exists");
    };
    const id = await scene.add(25);
    await scene.acceptAll();
    expect(scene.problem(id)?.code).toBe("key-exists");
    expect(scene.backend.uploads.size).toBe(4);
  });

  it("fails at a taken key where both are not wanted, and gives its parts back before it starts over", async () => {
    const scene = createScene();
    scene.backend.beforeCall = (name) => {
      if (name === "complete") throw problemOf(409, "key-exists");
    };
    const [id = ""] = scene.uploader.add([fileOf(25)], { ifExists: "fail" });
    await scene.acceptAll();
    expect(scene.problem(id)?.code).toBe("key-exists");
    scene.backend.beforeCall = () => undefined;
    scene.uploader.retry(id);
    await scene.acceptAll();
    expect(scene.state(id)).toBe("done");
    expect(scene.backend.uploads.get("id1")?.state).toBe("aborted");
  });

  it("signs the next windows ahead, many parts a request", async () => {
    const scene = createScene();
    const id = await scene.add(10 * 250);
    await scene.acceptAll();
    expect(scene.state(id)).toBe("done");
    expect(scene.backend.calls.filter((call) => call === "sign").length).toBeLessThanOrEqual(3);
  });

  it("sends only a failed part again, with a fresh URL", async () => {
    const scene = createScene();
    const id = await scene.add(25);
    const first = await scene.transport.next();
    await first.breakLine();
    await scene.accept(await scene.transport.next());
    await scene.accept(await scene.transport.next());
    await scene.clock.advance(600);
    const again = await scene.transport.next();
    expect(partOf(again)).toBe(1);
    expect(again.url).not.toBe(first.url);
    await scene.accept(again);
    expect(scene.view(id)).toMatchObject({ state: { kind: "done" }, retryCount: 1 });
    expect(scene.backend.calls).toEqual(["create", "sign", "complete"]);
  });

  it("signs anew what expired while it was paused, and never sends an expired URL", async () => {
    const scene = createScene();
    scene.backend.urlLifeMs = 120_000;
    const id = await scene.add(25);
    scene.uploader.pause(id);
    while (scene.transport.waiting.length > 0) await scene.transport.next();
    await scene.clock.advance(3_600_000);
    scene.uploader.resume(id);
    await scene.acceptAll();
    expect(scene.view(id)).toMatchObject({ state: { kind: "done" }, retryCount: 0 });
    expect(scene.backend.calls).toEqual(["create", "list", "sign", "complete"]);
  });

  it("mends a refused signature with a fresh one, and gives up after three", async () => {
    const scene = createScene();
    const id = await scene.add(20);
    await scene.accept(await scene.transport.next());
    const urls = new Set<string>();
    for (let turn = 0; turn < 3; turn += 1) {
      const request = await scene.transport.next();
      urls.add(request.url);
      await request.respond(refusal(403, "AccessDenied"));
    }
    expect(urls.size).toBe(3);
    expect(scene.problem(id)).toMatchObject({ code: "storage-denied", s3Code: "AccessDenied" });
  });

  it("says etag-hidden where CORS hides the ETag", async () => {
    const scene = createScene();
    const id = await scene.add(25);
    await (await scene.transport.next()).respond({ status: 200, etag: null });
    expect(scene.problem(id)?.code).toBe("etag-hidden");
    expect(scene.transport.underWayCount).toBe(0);
  });

  it("repeats a completion whose answer was lost", async () => {
    const scene = createScene();
    let lost = 0;
    scene.backend.afterCall = (name) => {
      if (name === "complete" && lost++ === 0) throw unreachable();
    };
    const id = await scene.add(25);
    await scene.acceptAll();
    expect(scene.view(id).state).toMatchObject({ kind: "waiting", reason: "backoff" });
    await scene.clock.advance(1000);
    expect(scene.state(id)).toBe("done");
  });

  it("sends what the storage turns out to lack, then completes again", async () => {
    const scene = createScene();
    let isFirst = true;
    scene.backend.beforeCall = (name) => {
      if (name !== "complete" || !isFirst) return;
      isFirst = false;
      scene.backend.uploads.get("id1")?.parts.delete(2);
    };
    const id = await scene.add(35);
    await scene.acceptAll();
    expect(scene.state(id)).toBe("done");
    expect(scene.backend.calls).toEqual(["create", "complete", "list", "sign", "complete"]);
  });

  it("fails when the storage says incomplete for ever", async () => {
    const scene = createScene();
    scene.backend.beforeCall = (name) => {
      if (name === "complete") throw problemOf(409, "upload-incomplete");
    };
    const id = await scene.add(25);
    await scene.acceptAll();
    expect(scene.problem(id)?.code).toBe("upload-incomplete");
  });

  it("starts from zero by itself when the storage lost the upload, and counts it", async () => {
    const scene = createScene();
    const id = await scene.add(25);
    await scene.accept(await scene.transport.next());
    scene.backend.forget("id1");
    await scene.acceptAll();
    expect(scene.view(id)).toMatchObject({ state: { kind: "done" } });
    expect(scene.view(id).retryCount).toBeGreaterThan(0);
    expect(scene.backend.calls).toEqual(["create", "list", "create", "complete"]);
  });

  it("refuses a plan that does not tile the file", async () => {
    const scene = createScene();
    const { create } = scene.backend.api;
    const api = {
      ...scene.backend.api,
      create: async (request: Parameters<typeof create>[0]) =>
        (await create(request)).map((opened) =>
          "partCount" in opened ? { ...opened, partCount: 99 } : opened,
        ),
    };
    const crooked = createScene({ api });
    const id = await crooked.add(25);
    expect(crooked.problem(id)?.code).toBe("bad-answer");
  });
});

describe("pause and resume", () => {
  it("stops requests at once, keeps what is held, looks at the storage and goes on", async () => {
    const scene = createScene({ connections: 2 });
    const id = await scene.add(45);
    await scene.accept(await scene.transport.next());
    const second = await scene.transport.next();
    const third = await scene.transport.next();
    second.progress(5);
    scene.uploader.pause(id);
    expect([second.isStopped, third.isStopped]).toEqual([true, true]);
    expect(scene.view(id)).toMatchObject({ state: { kind: "paused" }, sentBytes: 10 });
    // It arrived although we never heard of it.
    await scene.backend.put(second);
    await scene.clock.advance(60_000);
    expect(scene.transport.waiting.length).toBe(0);
    scene.uploader.resume(id);
    await rest();
    expect(scene.view(id).sentBytes).toBe(20);
    expect(scene.transport.waiting.map(partOf)).toEqual([3, 4]);
    await scene.acceptAll();
    expect(scene.state(id)).toBe("done");
  });

  it("takes up what was opened while it was paused", async () => {
    const scene = createScene();
    let open: () => void = () => undefined;
    scene.backend.beforeCall = (name) =>
      name === "create" ? new Promise((resolve) => (open = () => resolve())) : undefined;
    const id = await scene.add(25);
    expect(scene.state(id)).toBe("opening");
    scene.uploader.pause(id);
    open();
    await rest();
    expect(scene.state(id)).toBe("paused");
    expect(scene.transport.waiting.length).toBe(0);
    scene.uploader.resume(id);
    await scene.acceptAll();
    expect(scene.state(id)).toBe("done");
    expect(scene.backend.calls).toEqual(["create", "list", "complete"]);
  });

  it("pauses and resumes everything, queued files too", async () => {
    const scene = createScene({ connections: 1 });
    const ids = scene.uploader.add([fileOf(25, "a"), fileOf(25, "b"), fileOf(5, "c")]);
    await rest();
    scene.uploader.pauseAll();
    expect(ids.map(scene.state)).toEqual(["paused", "paused", "paused"]);
    expect(scene.transport.underWayCount).toBe(0);
    while (scene.transport.waiting.length > 0) await scene.transport.next();
    scene.uploader.resumeAll();
    await scene.acceptAll();
    expect(ids.map(scene.state)).toEqual(["done", "done", "done"]);
  });
});

describe("cancel", () => {
  it("stops requests and aborts in the storage before it resolves", async () => {
    const scene = createScene();
    const id = await scene.add(25);
    const first = await scene.transport.next();
    await scene.uploader.cancel(id);
    expect(first.isStopped).toBe(true);
    expect(scene.state(id)).toBe("cancelled");
    expect(scene.backend.uploads.get("id1")?.state).toBe("aborted");
  });

  it("aborts what is opened after it was pressed", async () => {
    const scene = createScene();
    let open: () => void = () => undefined;
    scene.backend.beforeCall = (name) =>
      name === "create" ? new Promise((resolve) => (open = () => resolve())) : undefined;
    const id = await scene.add(25);
    const cancelled = scene.uploader.cancel(id);
    open();
    await cancelled;
    expect(scene.state(id)).toBe("cancelled");
    expect(scene.backend.uploads.get("id1")?.state).toBe("aborted");
  });

  it("tries the abort again while the backend is away", async () => {
    const scene = createScene();
    const id = await scene.add(25);
    let failures = 0;
    scene.backend.beforeCall = (name) => {
      if (name === "abort" && failures++ < 3) throw unreachable();
    };
    const cancelled = scene.uploader.cancel(id);
    await scene.clock.advance(10_000);
    await cancelled;
    expect(scene.backend.uploads.get("id1")?.state).toBe("aborted");
  });

  it("works while completing", async () => {
    const scene = createScene();
    scene.backend.beforeCall = (name) =>
      name === "complete" ? new Promise(() => undefined) : undefined;
    const id = await scene.add(25);
    await scene.acceptAll();
    expect(scene.state(id)).toBe("completing");
    await scene.uploader.cancel(id);
    expect(scene.state(id)).toBe("cancelled");
    expect(scene.backend.uploads.get("id1")?.state).toBe("aborted");
  });

  it("ends as done where the storage had completed before it heard of the cancel", async () => {
    const scene = createScene();
    let answer: () => void = () => undefined;
    scene.backend.afterCall = (name) => {
      if (name === "complete") throw unreachable();
    };
    const id = await scene.add(25);
    await scene.acceptAll();
    expect(scene.state(id)).toBe("waiting");
    scene.backend.afterCall = () => undefined;
    scene.backend.beforeCall = (name) =>
      name === "list" ? new Promise((resolve) => (answer = () => resolve())) : undefined;
    const cancelled = scene.uploader.cancel(id);
    await rest();
    expect(scene.state(id)).toBe("cancelled");
    answer();
    await cancelled;
    expect(scene.view(id).state).toMatchObject({ kind: "done", receipt: { key: "file.bin" } });
    expect(scene.view(id).sentBytes).toBe(25);
  });

  it("hears the end of a completion that was under way, however late", async () => {
    const scene = createScene();
    let complete: () => void = () => undefined;
    scene.backend.beforeCall = (name) => {
      if (name === "abort") throw problemOf(403, "forbidden");
      return name === "complete"
        ? new Promise((resolve) => (complete = () => resolve()))
        : undefined;
    };
    const id = await scene.add(25);
    await scene.acceptAll();
    await scene.uploader.cancel(id);
    expect(scene.state(id)).toBe("cancelled");
    complete();
    await rest();
    expect(scene.state(id)).toBe("done");
  });

  it("is not undone by a late completion once a new attempt has begun", async () => {
    const scene = createScene();
    let complete: () => void = () => undefined;
    scene.backend.beforeCall = (name) => {
      if (name === "abort") throw problemOf(403, "forbidden");
      if (name === "create" && scene.backend.uploads.size > 0) return new Promise(() => undefined);
      return name === "complete"
        ? new Promise((resolve) => (complete = () => resolve()))
        : undefined;
    };
    const id = await scene.add(25);
    await scene.acceptAll();
    await scene.uploader.cancel(id);
    scene.uploader.retry(id);
    void scene.uploader.cancel(id);
    complete();
    await rest();
    expect(scene.state(id)).toBe("cancelled");
  });

  it("ends as done where a single request had arrived, and asks nothing where none had left", async () => {
    const scene = createScene();
    const id = await scene.add(7);
    await scene.backend.put(await scene.transport.next());
    await scene.uploader.cancel(id);
    expect(scene.state(id)).toBe("done");
    const paused = await scene.add(0, "other.bin");
    await (await scene.transport.next()).breakLine();
    await scene.uploader.cancel(paused);
    expect(scene.state(paused)).toBe("cancelled");
    scene.uploader.pauseAll();
    const [queued = ""] = scene.uploader.add([fileOf(3)]);
    const before = scene.backend.calls.length;
    await scene.uploader.cancel(queued);
    expect(scene.state(queued)).toBe("cancelled");
    expect(scene.backend.calls.length).toBe(before);
  });

  it("never takes an object for its own that a replacing upload may have found there", async () => {
    const scene = createScene();
    const [id = ""] = scene.uploader.add([fileOf(7)], { ifExists: "replace" });
    await scene.backend.put(await scene.transport.next());
    await scene.uploader.cancel(id);
    expect(scene.state(id)).toBe("cancelled");
  });

  it("can be taken back by retry, from zero", async () => {
    const scene = createScene();
    const id = await scene.add(25);
    await scene.uploader.cancel(id);
    scene.uploader.retry(id);
    await scene.acceptAll();
    expect(scene.state(id)).toBe("done");
    expect(scene.backend.uploads.get("id1")?.state).toBe("aborted");
    expect(scene.backend.uploads.get("id2")?.state).toBe("completed");
  });

  it("comes with remove, also for a failed upload", async () => {
    const scene = createScene();
    const id = await scene.add(25);
    await (await scene.transport.next()).respond(refusal(400, "InvalidRequest"));
    expect(scene.state(id)).toBe("failed");
    scene.uploader.remove(id);
    await rest();
    expect(scene.uploader.ids()).toEqual([]);
    expect(scene.backend.uploads.get("id1")?.state).toBe("aborted");
  });
});

describe("a storage or backend that is away", () => {
  it("is survived for a quarter of an hour without a click", async () => {
    const scene = createScene();
    const id = await scene.add(45);
    await scene.accept(await scene.transport.next());
    let isDown = true;
    scene.backend.beforeCall = () => {
      if (isDown) throw unreachable();
    };
    for (let second = 0; second < 15 * 60; second += 5) {
      while (scene.transport.waiting.length > 0) await (await scene.transport.next()).breakLine();
      await scene.clock.advance(5000);
    }
    expect(scene.view(id).state).toMatchObject({ kind: "waiting", reason: "backoff" });
    expect(scene.problem(id)?.code).toBe("server-unreachable");
    isDown = false;
    await scene.clock.advance(15_000);
    await scene.acceptAll();
    expect(scene.state(id)).toBe("done");
    expect(scene.view(id).parts).toEqual([3, 3, 3, 3, 3]);
  });

  it("is given up after a day of failures", async () => {
    const scene = createScene();
    const id = await scene.add(20);
    await scene.accept(await scene.transport.next());
    const fail = async () => {
      while (scene.transport.waiting.length > 0) await (await scene.transport.next()).breakLine();
      await scene.clock.advance(60_000);
    };
    for (let minute = 0; minute < 40; minute += 1) await fail();
    expect(scene.state(id)).not.toBe("failed");
    scene.clock.jump(24 * 3_600_000);
    for (let minute = 0; minute < 40 && scene.state(id) !== "failed"; minute += 1) await fail();
    expect(scene.problem(id)?.code).toBe("storage-unreachable");
  });

  it("holds five thousand small files back after the first ones failed", async () => {
    const scene = createScene();
    scene.transport.isAnswering = false;
    scene.uploader.add(Array.from({ length: 5000 }, (_, index) => fileOf(5, `f${index}`)));
    await rest();
    let requests = 0;
    for (let second = 0; second < 30; second += 1) {
      while (scene.transport.waiting.length > 0) {
        requests += 1;
        await (await scene.transport.next()).breakLine();
      }
      await scene.clock.advance(1000);
    }
    expect(requests).toBeLessThan(100);
    expect(scene.uploader.totals().countByState.failed).toBe(0);
    expect(scene.uploader.totals().countByState.queued).toBeGreaterThan(4900);
  });

  it("shows when it tries again, and retry means now", async () => {
    const scene = createScene();
    scene.backend.beforeCall = () => {
      throw unreachable();
    };
    const id = await scene.add(25);
    const { state } = scene.view(id);
    expect(state).toMatchObject({ kind: "waiting", retryAt: scene.clock.now() + 250 });
    scene.backend.beforeCall = () => undefined;
    scene.uploader.retry(id);
    await rest();
    expect(scene.state(id)).toBe("uploading");
  });

  it("waits as long as a throttling storage asks, and says that it is throttled", async () => {
    const scene = createScene({ connections: 1 });
    const id = await scene.add(25);
    await (await scene.transport.next()).respond({ ...refusal(503, "SlowDown"), retryAfter: "7" });
    expect(scene.view(id).state).toMatchObject({
      kind: "waiting",
      reason: "throttled",
      retryAt: scene.clock.now() + 7000,
      problem: { code: "storage-busy", s3Code: "SlowDown" },
    });
    await scene.clock.advance(6900);
    expect(scene.transport.waiting.length).toBe(0);
    await scene.clock.advance(200);
    await scene.acceptAll();
    expect(scene.state(id)).toBe("done");
  });

  it("says offline, and goes on at once when the network is back", async () => {
    const scene = createScene();
    const id = await scene.add(25);
    scene.connectivity.set(false);
    while (scene.transport.waiting.length > 0) await (await scene.transport.next()).breakLine();
    expect(scene.view(id).state).toMatchObject({
      kind: "waiting",
      reason: "offline",
      retryAt: null,
    });
    scene.connectivity.set(true);
    await scene.acceptAll();
    expect(scene.state(id)).toBe("done");
  });

  it("sends a request again whose bytes stand still for thirty seconds", async () => {
    const scene = createScene({ connections: 1 });
    const id = await scene.add(20);
    const first = await scene.transport.next();
    await scene.clock.advance(20_000);
    first.progress(3);
    await scene.clock.advance(29_000);
    expect(first.isStopped).toBe(false);
    await scene.clock.advance(7_000);
    expect(first.isStopped).toBe(true);
    await scene.acceptAll();
    expect(scene.state(id)).toBe("done");
  });
});

describe("CORS", () => {
  it("is named when nothing was ever readable although the storage answers", async () => {
    const scene = createScene();
    const id = await scene.add(45);
    for (let turn = 0; turn < 2; turn += 1) {
      while (scene.transport.waiting.length > 0) await (await scene.transport.next()).breakLine();
      await scene.clock.advance(1000);
    }
    expect(scene.problem(id)?.code).toBe("cors-blocked");
    expect(scene.backend.uploads.get("id1")?.state).toBe("open");
  });

  it("fails a few files, not thousands one by one", async () => {
    const scene = createScene();
    scene.uploader.add(Array.from({ length: 1000 }, (_, index) => fileOf(5, `f${index}`)));
    await rest();
    for (let second = 0; second < 10; second += 1) {
      while (scene.transport.waiting.length > 0) await (await scene.transport.next()).breakLine();
      await scene.clock.advance(1000);
    }
    const { failed, queued } = scene.uploader.totals().countByState;
    expect(failed).toBeGreaterThan(0);
    expect(failed).toBeLessThan(60);
    expect(queued).toBeGreaterThan(900);
  });

  it("is not blamed for requests that stood still before the line broke", async () => {
    const scene = createScene();
    const id = await scene.add(7);
    for (let stall = 0; stall < 4; stall += 1) {
      await scene.transport.next();
      await scene.clock.advance(30_000 * 2 ** Math.min(stall, 3) + 10_000);
    }
    await (await scene.transport.next()).breakLine();
    expect(scene.problem(id)?.code).toBe("storage-unreachable");
    await scene.clock.advance(20_000);
    await scene.acceptAll();
    expect(scene.state(id)).toBe("done");
  });

  it("is not blamed for a storage that does not answer, nor after it once did", async () => {
    const scene = createScene();
    scene.transport.isAnswering = false;
    const id = await scene.add(45);
    for (let turn = 0; turn < 20; turn += 1) {
      while (scene.transport.waiting.length > 0) await (await scene.transport.next()).breakLine();
      await scene.clock.advance(1000);
    }
    expect(scene.problem(id)?.code).toBe("storage-unreachable");
    scene.transport.isAnswering = true;
    scene.uploader.retry(id);
    await scene.accept(await scene.transport.next());
    for (let turn = 0; turn < 20; turn += 1) {
      while (scene.transport.waiting.length > 0) await (await scene.transport.next()).breakLine();
      await scene.clock.advance(1000);
    }
    expect(scene.state(id)).toBe("waiting");
  });
});

describe("a file that is not what it was", () => {
  function brokenFile(name: string, isBroken: () => boolean): File {
    const file = fileOf(35);
    return Object.assign(file, {
      slice: (start: number, end: number) => {
        const slice = new Blob([new Uint8Array(end - start)]);
        const arrayBuffer = async () => {
          if (isBroken()) throw new DOMException("scripted", name);
          return new ArrayBuffer(end - start);
        };
        return Object.assign(slice, { arrayBuffer });
      },
    });
  }

  it.each([
    ["NotReadableError", "file-changed"],
    ["NotFoundError", "file-unreadable"],
  ])("%s is named %s and not tried again", async (name, code) => {
    const scene = createScene();
    const [id = ""] = scene.uploader.add([brokenFile(name, () => true)]);
    await rest();
    await (await scene.transport.next()).breakLine();
    expect(scene.problem(id)?.code).toBe(code);
    expect(scene.transport.underWayCount).toBe(0);
  });

  it("is found out before parts of two versions become one object", async () => {
    const scene = createScene();
    let isBroken = false;
    const [id = ""] = scene.uploader.add([brokenFile("NotReadableError", () => isBroken)]);
    await rest();
    for (let part = 1; part <= 4; part += 1) {
      const request = await scene.transport.next();
      isBroken = part === 4;
      await request.respond({ status: 200, etag: '"x"' });
    }
    expect(scene.problem(id)?.code).toBe("file-changed");
    expect(scene.backend.calls).toEqual(["create"]);
  });
});

describe("many files", () => {
  it("never has more requests under way than allowed, and opens files in few requests", async () => {
    const scene = createScene({ connections: 4 });
    const ids = scene.uploader.add(Array.from({ length: 1000 }, (_, i) => fileOf(3, `f${i}`)));
    await rest();
    let most = 0;
    while (scene.transport.waiting.length > 0) {
      most = Math.max(most, scene.transport.underWayCount);
      await scene.accept(await scene.transport.next());
    }
    expect(most).toBe(4);
    expect(ids.every((id) => scene.state(id) === "done")).toBe(true);
    expect(scene.backend.calls.length).toBeLessThanOrEqual(20);
  });

  it("shares connections between large files and small ones", async () => {
    const scene = createScene({ connections: 6 });
    scene.uploader.add([fileOf(1000, "big1"), fileOf(1000, "big2"), fileOf(1000, "big3")]);
    scene.uploader.add(Array.from({ length: 50 }, (_, i) => fileOf(3, `f${i}`)));
    await rest();
    const load = new Map<string, number>();
    for (const { url } of scene.transport.waiting) {
      const upload = scene.backend.uploads.get(new URL(url).pathname.slice(1));
      const name = upload?.isMultipart ? upload.key : "small";
      load.set(name, (load.get(name) ?? 0) + 1);
    }
    expect(load.size).toBe(4);
    expect(Math.max(...load.values())).toBeLessThanOrEqual(3);
  });

  it("opens files that go in parts only when they are about to start", async () => {
    const scene = createScene({ connections: 2 });
    scene.uploader.add(Array.from({ length: 10 }, (_, index) => fileOf(45, `f${index}`)));
    await rest();
    expect(scene.backend.uploads.size).toBe(2);
    await scene.acceptAll();
    expect(scene.uploader.totals().countByState.done).toBe(10);
  });

  it("fails only the file that the server refuses", async () => {
    const scene = createScene();
    const ids = scene.uploader.add([fileOf(3, "a"), fileOf(3, "b\0"), fileOf(3, "c")]);
    await scene.acceptAll();
    expect(ids.map(scene.state)).toEqual(["done", "failed", "done"]);
  });

  it("finds the one file for which a whole request is refused", async () => {
    const scene = createScene();
    scene.backend.beforeCall = (name, detail) => {
      if (name === "create" && JSON.stringify(detail).includes("bad")) {
        throw problemOf(400, "bad-request");
      }
    };
    const names = ["a", "b", "bad", "c", "d", "e", "f"];
    const ids = scene.uploader.add(names.map((name) => fileOf(3, name)));
    await scene.acceptAll();
    await scene.acceptAll();
    expect(ids.map(scene.state).filter((kind) => kind === "done").length).toBe(6);
    expect(scene.problem(ids[2] ?? "")?.code).toBe("bad-request");
  });
});

describe("as many large files as connections", () => {
  const MiB = 1024 * 1024;
  const openAll = async (sizesBytes: readonly number[]) => {
    const scene = createScene({ connections: 6 });
    scene.backend.partSizes = "free";
    const ids = scene.uploader.add(sizesBytes.map((size, index) => fileOf(size, `f${index}`)));
    await rest();
    const sent = await Promise.all(Array.from({ length: 6 }, () => scene.transport.next()));
    return { scene, ids, sent };
  };
  const sizeOf = ({ body }: { body: Blob | FormData }) => (body instanceof Blob ? body.size : -1);

  it("go in one request each, with nothing to complete", async () => {
    const { scene, sent } = await openAll(Array<number>(6).fill(45));
    expect(sent.map(sizeOf)).toEqual(Array(6).fill(45));
    for (const request of sent) await scene.accept(request);
    expect(scene.uploader.totals().countByState.done).toBe(6);
    expect(scene.backend.calls).toEqual(["create"]);
  });

  it("are opened no further ahead than there are connections", async () => {
    const { scene, sent } = await openAll(Array<number>(20).fill(45));
    expect(scene.backend.uploads.size).toBe(6);
    for (const request of sent) await scene.accept(request);
    expect(scene.backend.uploads.size).toBe(12);
  });

  it("end together: the last of an odd number takes every connection", async () => {
    const { scene, ids, sent } = await openAll(Array<number>(7).fill(60 * MiB));
    for (const request of sent) request.progress(59 * MiB);
    await scene.clock.advance(10_000);
    for (const request of sent) await scene.accept(request);
    await rest();
    expect(scene.transport.waiting.length).toBeGreaterThan(3);
    await scene.acceptAll();
    expect(scene.state(ids[6] ?? "")).toBe("done");
    expect(scene.backend.uploads.get("id7")?.isMultipart).toBe(true);
  });

  it("begin anew in parts where the line breaks half-way", async () => {
    const { scene, ids, sent } = await openAll(Array<number>(6).fill(45));
    sent[0]?.progress(30);
    await sent[0]?.breakLine();
    for (const request of sent.slice(1)) await scene.accept(request);
    await scene.clock.advance(2000);
    await scene.acceptAll();
    expect(scene.state(ids[0] ?? "")).toBe("done");
    expect(scene.backend.uploads.get("id7")).toMatchObject({ key: "f0", isMultipart: true });
  });

  it("are sent again as they are where the answer may only have been lost", async () => {
    const { scene, ids, sent } = await openAll(Array<number>(6).fill(45));
    sent[0]?.progress(45);
    await sent[0]?.breakLine();
    for (const request of sent.slice(1)) await scene.accept(request);
    await scene.clock.advance(2000);
    await scene.acceptAll();
    expect(scene.state(ids[0] ?? "")).toBe("done");
    expect(scene.backend.uploads.size).toBe(6);
  });

  it("begin anew in parts where the line turns out to be slow", async () => {
    const { scene, sent } = await openAll(Array<number>(6).fill(40 * MiB));
    await scene.clock.advance(4000);
    for (const request of sent) if (!request.isStopped) request.progress(MiB);
    await rest();
    expect(sent.every(({ isStopped }) => isStopped)).toBe(true);
    const again = await scene.transport.next();
    expect(sizeOf(again)).toBeLessThan(10 * MiB);
    expect(scene.backend.uploads.get("id7")?.isMultipart).toBe(true);
  });
});

describe("listeners", () => {
  it("hear of states in a microtask and of progress at most eight times a second", async () => {
    const scene = createScene();
    const heard: string[][] = [];
    scene.uploader.subscribe((ids) => heard.push([...ids]));
    const id = await scene.add(25);
    expect(heard.flat()).toContain(id);
    const request = await scene.transport.next();
    heard.length = 0;
    for (let step = 1; step <= 100; step += 1) {
      request.progress(step / 10);
      await scene.clock.advance(10);
    }
    expect(heard.length).toBeGreaterThanOrEqual(6);
    expect(heard.length).toBeLessThanOrEqual(9);
  });

  it("get the same picture until something changes", async () => {
    const scene = createScene();
    const id = await scene.add(25);
    const before = scene.view(id);
    expect(scene.view(id)).toBe(before);
    (await scene.transport.next()).progress(5);
    expect(scene.view(id)).not.toBe(before);
  });

  it("hear of removed uploads and of nothing after the end of a subscription", async () => {
    const scene = createScene();
    const heard: string[] = [];
    const unsubscribe = scene.uploader.subscribe((ids) => heard.push(...ids));
    const id = await scene.add(5);
    await scene.acceptAll();
    heard.length = 0;
    scene.uploader.clearFinished();
    await rest();
    expect(heard).toEqual([id]);
    unsubscribe();
    await scene.add(5);
    expect(heard).toEqual([id]);
  });
});

describe("totals", () => {
  it("add up files, bytes and connections", async () => {
    const scene = createScene();
    scene.uploader.add([fileOf(25, "a"), fileOf(5, "b")]);
    await rest();
    const first = await scene.transport.next();
    first.progress(4);
    expect(scene.uploader.totals()).toMatchObject({
      fileCount: 2,
      sizeBytes: 30,
      sentBytes: 4,
      connections: 4,
      countByState: { uploading: 2 },
    });
  });
});

describe("close", () => {
  it("stops every request and leaves no timer", async () => {
    const scene = createScene();
    await scene.add(45);
    const request = await scene.transport.next();
    request.progress(1);
    scene.uploader.close();
    await rest();
    expect(request.isStopped).toBe(true);
    expect(scene.transport.underWayCount).toBe(0);
    expect(scene.clock.timerCount).toBe(0);
  });
});
