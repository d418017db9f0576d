import { Agent, createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CLEAR_LINE, startShaper, type Shaper } from "./shaper.ts";

const KiB = 1024;
const NO_FAULTS = CLEAR_LINE.faults;

/** A server that counts what reaches it and answers how much that was. */
let server: Server;
let received: { bytes: number; whole: number };
let shaper: Shaper;
let agent: Agent;

beforeEach(async () => {
  received = { bytes: 0, whole: 0 };
  server = createServer((incoming, outgoing) => {
    let sizeBytes = 0;
    incoming.on("error", () => undefined);
    incoming.on("data", (bytes: Buffer) => {
      sizeBytes += bytes.length;
      received.bytes += bytes.length;
    });
    incoming.on("end", () => {
      received.whole++;
      outgoing.end(String(sizeBytes));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  shaper = await startShaper({ targetPort: port, ports: [0, 0] });
  agent = new Agent({ keepAlive: true });
});

afterEach(async () => {
  agent.destroy();
  await shaper.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly allowOrigin: string | undefined;
}

function send(sizeBytes: number, method = "PUT", index = 0): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { "content-length": sizeBytes, origin: "http://page" };
    const url = `${shaper.origins[index]}/bucket/key`;
    const outgoing = request(url, { method, agent, headers });
    outgoing.on("error", reject).on("response", (incoming) => {
      let text = "";
      incoming.on("error", reject).on("data", (data) => (text += String(data)));
      incoming.on("end", () => {
        const allowOrigin = incoming.headers["access-control-allow-origin"];
        resolve({ status: incoming.statusCode ?? 0, text, allowOrigin });
      });
    });
    outgoing.end(Buffer.alloc(sizeBytes));
  });
}

const takesMs = async (work: () => Promise<unknown>): Promise<number> => {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
};

test("bytes, requests and connections are counted, port by port", async () => {
  await send(300 * KiB);
  await send(100 * KiB, "PUT", 1);
  await send(0, "OPTIONS", 1);
  const counts = await shaper.counts();
  expect(counts).toMatchObject({ transfers: 2, transferBytes: 400 * KiB, connections: 2 });
  expect(counts.requestsByMethod).toEqual({ PUT: 2, OPTIONS: 1 });
  expect(counts.upBytes).toBeGreaterThan(400 * KiB);
  const byPort = await shaper.countsByPort();
  expect(byPort.map(({ transferBytes }) => transferBytes)).toEqual([300 * KiB, 100 * KiB]);
});

test("a connection's set-up costs a round trip, and every exchange another", async () => {
  await shaper.change({ roundTripMs: 60 });
  expect(await takesMs(() => send(10))).toBeGreaterThanOrEqual(115);
  expect(await takesMs(() => send(10))).toBeGreaterThanOrEqual(58);
  expect((await shaper.counts()).connections).toBe(1);
});

test("each connection is held at its rate, all of them together at theirs", async () => {
  await shaper.change({ bytesPerSecondPerConnection: 1000 * KiB });
  expect(await takesMs(() => send(300 * KiB))).toBeGreaterThanOrEqual(250);
  await shaper.change({ bytesPerSecondPerConnection: Infinity });
  await shaper.limit(1000 * KiB);
  const three = () => Promise.all([send(100 * KiB), send(100 * KiB), send(100 * KiB, "PUT", 1)]);
  expect(await takesMs(three)).toBeGreaterThanOrEqual(250);
});

test("a slow line is felt by its sender: no more is taken than it moves", async () => {
  await shaper.change({ bytesPerSecondPerConnection: 100 * KiB });
  const sending = send(64 * 1024 * KiB).catch(() => undefined);
  await expect.poll(() => received.bytes).toBeGreaterThan(0);
  const { upBytes } = await shaper.counts();
  expect(upBytes).toBeLessThan(1024 * KiB);
  await shaper.resetAll();
  await sending;
});

test("a reset cuts the body somewhere and reaches both ends", async () => {
  await shaper.change({ faults: { ...NO_FAULTS, reset: 1 } });
  await expect(send(4096 * KiB)).rejects.toMatchObject({
    code: expect.stringMatching(/ECONN|EPIPE/),
  });
  expect(received.bytes).toBeLessThan(4096 * KiB);
  expect(received.whole).toBe(0);
  expect((await shaper.counts()).faults.reset).toBe(1);
});

test("SlowDown is answered in the storage's stead, and the connection goes on", async () => {
  await shaper.change({ faults: { ...NO_FAULTS, slowDown: 1 } });
  const answer = await send(200 * KiB);
  expect(answer).toMatchObject({ status: 503, allowOrigin: "http://page" });
  expect(answer.text).toContain("SlowDown");
  expect(received.bytes).toBe(0);
  await shaper.change({ faults: NO_FAULTS });
  expect(await send(10)).toMatchObject({ status: 200, text: "10" });
  expect((await shaper.counts()).connections).toBe(1);
});

test("a stalled request never ends, while others pass", async () => {
  await shaper.change({ faults: { ...NO_FAULTS, stall: 1 } });
  let isOver = false;
  const stalled = send(4096 * KiB).finally(() => (isOver = true));
  stalled.catch(() => undefined);
  await expect.poll(async () => (await shaper.counts()).faults.stall).toBe(1);
  await shaper.change({ faults: NO_FAULTS });
  for (let other = 0; other < 20; other++) await send(100 * KiB);
  expect(isOver).toBe(false);
  expect(received.whole).toBe(20);
  await shaper.resetAll();
  await expect(stalled).rejects.toThrow();
});

test("where the answer is lost, the storage has the body all the same", async () => {
  await shaper.change({ faults: { ...NO_FAULTS, lostAnswer: 1 } });
  await expect(send(500 * KiB)).rejects.toThrow();
  expect(received).toEqual({ bytes: 500 * KiB, whole: 1 });
});

test("the same seed draws the same faults again", async () => {
  await shaper.change({ faults: { ...NO_FAULTS, slowDown: 0.5 } });
  const statuses = async (seed: number) => {
    await shaper.reseed(seed);
    const answers = [];
    for (let sent = 0; sent < 12; sent++) answers.push((await send(10)).status);
    return answers;
  };
  const first = await statuses(5);
  expect(new Set(first)).toEqual(new Set([200, 503]));
  expect(await statuses(5)).toEqual(first);
  expect(await statuses(6)).not.toEqual(first);
});

test("preflights meet no fault", async () => {
  await shaper.change({ faults: { ...NO_FAULTS, reset: 1 } });
  expect(await send(0, "OPTIONS")).toMatchObject({ status: 200 });
});

test("one port can refuse while the other passes", async () => {
  await shaper.change({ passage: "refusing" }, 0);
  await expect(send(10)).rejects.toThrow();
  expect(await send(10, "PUT", 1)).toMatchObject({ status: 200 });
});

test("a frozen line holds everything, and thaws", async () => {
  await shaper.change({ passage: "frozen" }, 0);
  const sending = send(10);
  for (let other = 0; other < 20; other++) await send(10, "PUT", 1);
  expect(received.whole).toBe(20);
  await shaper.change({ passage: "open" });
  expect(await sending).toMatchObject({ status: 200 });
});

test("a target that is away resets, and is found again at another port", async () => {
  const { port } = server.address() as AddressInfo;
  await shaper.retarget(1);
  await expect(send(10)).rejects.toThrow();
  await shaper.retarget(port);
  expect(await send(10)).toMatchObject({ status: 200 });
});
