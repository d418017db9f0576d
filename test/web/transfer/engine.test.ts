import { describe, expect, it } from "vitest";
import { rest } from "./rig/fake-clock.ts";
import { refusal } from "./rig/model-backend.ts";
import { createModelHasher, md5, MODEL_STORAGE as storage } from "./rig/model-hasher.ts";
import { createScene, fileOf, partOf } from "./rig/scene.ts";
import type { SentRequest } from "./rig/scripted-transport.ts";

const MiB = 1024 * 1024;
const A = "https://a.example";
const B = "https://b.example";

/** A storage whose parts may have any size; 12 connections over two origins where asked for. */
function freeScene(options: Parameters<typeof createScene>[0] = {}) {
  const scene = createScene(options);
  scene.backend.partSizes = "free";
  return scene;
}

const originOf = ({ url }: SentRequest) => new URL(url).origin;
const sizeOf = ({ body }: SentRequest) => (body instanceof Blob ? body.size : -1);
describe("parts of free sizes", () => {
  it("are cut for all connections at once, and end as the file", async () => {
    const scene = freeScene();
    const id = await scene.add(60 * MiB);
    expect(scene.transport.waiting.map(sizeOf)).toEqual(Array(6).fill(10 * MiB));
    await scene.acceptAll();
    expect(scene.state(id)).toBe("done");
    expect(scene.backend.objects.get("file.bin")?.length).toBe(60 * MiB);
  });

  it("are whole files where there are as many files as connections", async () => {
    const scene = freeScene();
    scene.uploader.add(Array.from({ length: 6 }, (_, index) => fileOf(8 * MiB, `f${index}`)));
    await rest();
    expect(scene.transport.waiting.map(sizeOf)).toEqual(Array(6).fill(8 * MiB));
    await scene.acceptAll();
    expect(scene.uploader.totals().countByState.done).toBe(6);
  });

  it("are cut anew, smaller, where the line turns out slow", async () => {
    const scene = freeScene({ connections: 1 });
    const id = await scene.add(40 * MiB);
    const tooLarge = await scene.transport.next();
    expect(sizeOf(tooLarge)).toBe(40 * MiB);
    await scene.clock.advance(3500);
    tooLarge.progress(500_000);
    await rest();
    expect(tooLarge.isStopped).toBe(true);
    const next = await scene.transport.next();
    expect([partOf(next), sizeOf(next)]).toEqual([1, 5 * MiB]);
    await scene.accept(next);
    await scene.acceptAll();
    expect(scene.state(id)).toBe("done");
    expect(scene.backend.objects.get("file.bin")?.length).toBe(40 * MiB);
  });

  it("keep their ranges through a pause", async () => {
    const scene = freeScene();
    const id = await scene.add(20 * MiB);
    await scene.accept(await scene.transport.next());
    scene.uploader.pause(id);
    while (scene.transport.waiting.length > 0) await scene.transport.next();
    scene.uploader.resume(id);
    await scene.acceptAll();
    expect(scene.state(id)).toBe("done");
    expect(scene.backend.objects.get("file.bin")?.length).toBe(20 * MiB);
  });
});

describe("a part that lags behind the others", () => {
  it("is sent a second time, and the first to arrive wins", async () => {
    const scene = freeScene();
    const id = await scene.add(30 * MiB);
    const laggard = await scene.transport.next();
    await scene.clock.advance(1000);
    for (let part = 2; part <= 6; part += 1) await scene.accept(await scene.transport.next());
    laggard.progress(1000);
    await scene.clock.advance(2500);
    const second = await scene.transport.next();
    expect(partOf(second)).toBe(partOf(laggard));
    await scene.accept(second);
    expect(laggard.isStopped).toBe(true);
    await rest();
    expect(scene.state(id)).toBe("done");
    expect(scene.uploader.totals()).toMatchObject({ hedgeCount: 1, retryCount: 0 });
  });

  it("counts once where the first arrives after all", async () => {
    const scene = freeScene();
    const id = await scene.add(30 * MiB);
    const laggard = await scene.transport.next();
    await scene.clock.advance(1000);
    for (let part = 2; part <= 6; part += 1) await scene.accept(await scene.transport.next());
    laggard.progress(1000);
    await scene.clock.advance(2500);
    const second = await scene.transport.next();
    await scene.accept(laggard);
    expect(second.isStopped).toBe(true);
    await rest();
    expect(scene.state(id)).toBe("done");
    expect(scene.view(id).sentBytes).toBe(30 * MiB);
  });

  it("is left alone while it keeps up", async () => {
    const scene = freeScene();
    await scene.add(30 * MiB);
    const slow = await scene.transport.next();
    await scene.clock.advance(1000);
    for (let part = 2; part <= 6; part += 1) await scene.accept(await scene.transport.next());
    slow.progress(4 * MiB);
    await scene.clock.advance(800);
    expect(scene.transport.waiting).toEqual([]);
  });
});

describe("two origins", () => {
  const origins = [A, B];
  const twoOrigins = () => {
    const scene = freeScene({ connections: 12, storage: { ...storage, origins } });
    scene.backend.origins = origins;
    return scene;
  };

  it("carry six parts each", async () => {
    const scene = twoOrigins();
    const id = await scene.add(60 * MiB);
    const used = scene.transport.waiting.map(originOf);
    expect([A, B].map((origin) => used.filter((name) => name === origin).length)).toEqual([6, 6]);
    await scene.acceptAll();
    expect(scene.state(id)).toBe("done");
    expect(scene.backend.objects.get("file.bin")?.length).toBe(60 * MiB);
  });

  it("lose the one that fails, and the upload goes on over the other", async () => {
    const scene = twoOrigins();
    const id = await scene.add(60 * MiB);
    while (scene.state(id) !== "done") {
      const request = await scene.transport.next();
      if (request.isStopped) continue;
      if (originOf(request) === B) await request.breakLine();
      else await scene.accept(request);
      await scene.clock.advance(50);
    }
    expect(scene.uploader.totals().origins).toMatchObject([
      { origin: A, state: "used" },
      { origin: B, state: "failing" },
    ]);
  });
});

describe("checksums", () => {
  it("are compared part by part with what the storage says", async () => {
    const hasher = createModelHasher();
    const scene = createScene({ storage, hasher });
    scene.backend.checksumOf = md5;
    const id = await scene.add(35);
    await scene.acceptAll();
    expect(scene.state(id)).toBe("done");
    expect(hasher.hashed).toBe(4);
    expect(scene.view(id).retryCount).toBe(0);
  });

  it("have a part sent again that arrived changed", async () => {
    const scene = createScene({ storage, hasher: createModelHasher() });
    let answers = 0;
    scene.backend.checksumOf = (bytes) => {
      answers += 1;
      return answers === 2 ? "spoilt" : md5(bytes);
    };
    const id = await scene.add(35);
    await scene.acceptAll();
    await scene.clock.advance(1000);
    await scene.acceptAll();
    expect(scene.state(id)).toBe("done");
    expect(scene.view(id).retryCount).toBe(1);
    expect(answers).toBe(5);
  });

  it("fail loudly, with the part's number, where it arrives changed again and again", async () => {
    const scene = createScene({ storage, hasher: createModelHasher() });
    scene.backend.checksumOf = () => "spoilt";
    const id = await scene.add(25);
    for (let round = 0; round < 4; round += 1) {
      await scene.acceptAll();
      await scene.clock.advance(5000);
    }
    expect(scene.state(id)).toBe("failed");
    expect(scene.problem(id)).toMatchObject({ code: "checksum-mismatch" });
    expect(scene.problem(id)?.detail).toMatch(/^Part \d+ /);
    expect(scene.backend.objects.size).toBe(0);
  });

  it("go along at completion, for every part", async () => {
    const scene = createScene({ storage, hasher: createModelHasher() });
    let completion: unknown = null;
    scene.backend.beforeCall = (name, detail) => {
      if (name === "complete") completion = detail;
    };
    await scene.add(25);
    await scene.acceptAll();
    expect(completion).toMatchObject({
      parts: [
        { partNumber: 1, sizeBytes: 10, checksum: { algorithm: "SHA256" } },
        { partNumber: 2, sizeBytes: 10 },
        { partNumber: 3, sizeBytes: 5 },
      ],
    });
  });

  it("ride along with a form, which the storage judges on arrival", async () => {
    const scene = createScene({ storage, hasher: createModelHasher() });
    scene.backend.usesForms = true;
    const id = await scene.add(7);
    const request = await scene.transport.next();
    const { body } = request;
    if (!(body instanceof FormData)) throw new Error("no form");
    expect([...body.keys()]).toEqual(["key", "policy", "x-amz-checksum-crc64nvme", "file"]);
    expect(request).toMatchObject({ method: "POST", headers: { "if-none-match": "*" } });
    await scene.accept(request);
    expect(scene.state(id)).toBe("done");
  });

  it("are not made where they are not wanted", async () => {
    const hasher = createModelHasher();
    const scene = createScene({ storage, hasher });
    scene.uploader.add([fileOf(35)], { checksum: false });
    await scene.acceptAll();
    expect(hasher.hashed).toBe(0);
    expect(scene.uploader.totals().countByState.done).toBe(1);
  });

  it("are made before, and signed, where the storage wants them declared", async () => {
    const scene = createScene({
      storage: { ...storage, checksum: { algorithm: "SHA256", mode: "declared" } },
      hasher: createModelHasher(),
    });
    scene.backend.firstWindow = 0;
    const asked: unknown[] = [];
    scene.backend.sign = (request) => asked.push(request);
    const id = await scene.add(35);
    await scene.acceptAll();
    expect(scene.state(id)).toBe("done");
    expect(asked[0]).toMatchObject({
      checksums: expect.arrayContaining([{ partNumber: 1, value: expect.any(String) }]),
    });
  });
});

describe("forms", () => {
  it("are signed anew as forms", async () => {
    const scene = createScene();
    scene.backend.usesForms = true;
    const id = await scene.add(7);
    await (await scene.transport.next()).respond(refusal(403, "AccessDenied"));
    const again = await scene.transport.next();
    if (!(again.body instanceof FormData)) throw new Error("no form");
    expect(again.body.get("policy")).toBe("anew");
    await scene.accept(again);
    expect(scene.state(id)).toBe("done");
  });
});

describe("streams", () => {
  const streamOf = (...sizes: number[]) =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        for (const size of sizes) controller.enqueue(new Uint8Array(size).fill(size % 251));
        controller.close();
      },
    });

  it("go up in parts that grow, and end when they end", async () => {
    const scene = freeScene();
    const [id = ""] = scene.uploader.add(streamOf(...Array(50).fill(MiB)), { name: "show.webm" });
    await rest(80);
    expect(scene.transport.waiting.map(sizeOf)).toContain(8 * MiB);
    expect(scene.view(id)).toMatchObject({ name: "show.webm", isSizeKnown: false });
    for (let round = 0; round < 10; round += 1) {
      await scene.acceptAll();
      await rest(20);
    }
    expect(scene.view(id)).toMatchObject({ isSizeKnown: true, sizeBytes: 50 * MiB });
    expect(scene.state(id)).toBe("done");
    expect(scene.backend.objects.get("show.webm")?.length).toBe(50 * MiB);
  });

  it("that are short go as small files do", async () => {
    const scene = freeScene();
    const [id = ""] = scene.uploader.add(streamOf(3, 4), { name: "note.txt" });
    await rest(20);
    await scene.acceptAll();
    expect(scene.state(id)).toBe("done");
    expect(scene.backend.calls).toEqual(["create"]);
    expect(scene.backend.objects.get("note.txt")?.length).toBe(7);
  });

  it("begin again where the storage forgot them and they can be read again", async () => {
    const scene = freeScene();
    const make = () => streamOf(...Array(30).fill(MiB));
    const [id = ""] = scene.uploader.add(make, { name: "again.bin" });
    await rest(60);
    await scene.accept(await scene.transport.next());
    scene.backend.forget("id1");
    for (let round = 0; round < 10; round += 1) {
      await scene.acceptAll();
      await rest(40);
    }
    expect(scene.state(id)).toBe("done");
    expect(scene.view(id).startedAgain).toBe(true);
    expect(scene.backend.objects.get("again.bin")?.length).toBe(30 * MiB);
  });

  it("say so where they cannot", async () => {
    const scene = freeScene();
    const [id = ""] = scene.uploader.add(streamOf(...Array(30).fill(MiB)), { name: "once.bin" });
    await rest(60);
    await scene.accept(await scene.transport.next());
    scene.backend.forget("id1");
    for (let round = 0; round < 10; round += 1) {
      await scene.acceptAll();
      await rest(40);
    }
    expect(scene.problem(id)).toMatchObject({ code: "stream-spent" });
  });

  it("fail with what their maker says", async () => {
    const scene = freeScene();
    const broken = new ReadableStream<Uint8Array>({
      pull: () => Promise.reject(new Error("camera unplugged")),
    });
    const [id = ""] = scene.uploader.add(broken, { name: "film.webm" });
    await rest(20);
    expect(scene.problem(id)?.code).toBe("stream-failed");
    expect(scene.problem(id)?.detail).toContain("camera unplugged");
  });

  it("pack texts by gzip where that is wanted, and nothing else", async () => {
    const scene = freeScene();
    const asked: unknown[] = [];
    scene.backend.beforeCall = (name, detail) => {
      if (name === "create") asked.push(detail);
    };
    const text = new File(["line\n".repeat(100_000)], "a.csv", { type: "text/csv" });
    const image = new File(["x".repeat(100)], "a.png", { type: "image/png" });
    scene.uploader.add([text, image], { gzip: true });
    // Packing takes turns of other threads.
    for (let turn = 0; turn < 500 && scene.backend.objects.size < 2; turn += 1) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      await scene.acceptAll();
    }
    expect(scene.uploader.totals().countByState.done).toBe(2);
    expect(asked).toMatchObject([
      { files: [{ name: "a.png" }] },
      { contentEncoding: "gzip", files: [{ name: "a.csv" }] },
    ]);
    expect(scene.backend.objects.get("a.csv")?.length).toBeLessThan(10_000);
  });
});

describe("a machine that slept", () => {
  it("goes on at once, and says how long it slept", async () => {
    const scene = freeScene();
    const id = await scene.add(20 * MiB);
    const before = scene.transport.waiting.length;
    scene.clock.jump(12 * 60_000);
    await scene.clock.advance(20_000);
    expect(scene.uploader.totals().sleptMs).toBeGreaterThan(11 * 60_000);
    for (let request = 0; request < before; request += 1) {
      expect((await scene.transport.next()).isStopped).toBe(true);
    }
    await scene.acceptAll();
    await scene.clock.advance(61_000);
    await scene.acceptAll();
    expect(scene.state(id)).toBe("done");
    expect(scene.uploader.totals().sleptMs).toBeNull();
  });
});
