import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TransferError } from "../../../web/transfer/problem.ts";
import type { PartTransport } from "../../../web/transfer/line/part-transport.ts";
import { createFakeConnectivity, fileOf } from "./rig/scene.ts";
import { createFakeClock } from "./rig/fake-clock.ts";
import { createModelBackend, MODEL, problemOf, refusal, unreachable } from "./rig/model-backend.ts";
import { createUploader } from "../../../web/transfer/uploader.ts";

type StorageFault = "ok" | "cut" | "lost" | "slowdown" | "expired" | "stall" | "gone";
type BackendFault = "ok" | "down" | "lost" | "busy";
type Command = "none" | "pause" | "resume" | "retry" | "cancel" | "again" | "offline" | "online";

const storageFault = fc.constantFrom<StorageFault>(
  "ok",
  "ok",
  "ok",
  "cut",
  "lost",
  "slowdown",
  "expired",
  "stall",
  "gone",
);
const backendFault = fc.constantFrom<BackendFault>("ok", "ok", "down", "lost", "busy");
const command = fc.constantFrom<Command>(
  "none",
  "none",
  "pause",
  "resume",
  "retry",
  "cancel",
  "again",
  "offline",
  "online",
);

/** Failures that only too many faults in a row may lead to. */
const HONEST_FAILURES = ["storage-denied", "upload-gone"];

/** A storage that answers, but nothing readable five times in a row, cannot be told from one without CORS. */
const CUTS_LIKE_CORS = 5;

interface Plan {
  readonly sizes: readonly number[];
  readonly storage: StorageFault[];
  readonly backend: BackendFault[];
  readonly commands: readonly Command[];
}

function createStage(plan: Plan) {
  const storage = [...plan.storage];
  const faults = [...plan.backend];
  const clock = createFakeClock();
  const backend = createModelBackend();
  const connectivity = createFakeConnectivity();
  let present: BackendFault = "ok";
  backend.now = () => clock.now();
  backend.firstWindow = 3;
  backend.beforeCall = () => {
    present = faults.shift() ?? "ok";
    if (present === "down") throw unreachable();
    if (present === "busy") throw problemOf(503, "storage-busy");
  };
  backend.afterCall = () => {
    if (present === "lost") throw unreachable();
  };
  const transport: PartTransport = {
    answers: async () => true,
    async send(request, signal, onProgress) {
      const cut = () => new TransferError("storage-unreachable", "retry", "scripted");
      onProgress(3);
      const fault = storage.shift() ?? "ok";
      if (fault === "stall") {
        await new Promise((_, reject) =>
          signal.addEventListener("abort", () => reject(signal.reason)),
        );
      }
      if (fault === "cut") throw cut();
      if (fault === "slowdown") return refusal(503, "SlowDown");
      if (fault === "expired") return refusal(403, "AccessDenied");
      if (fault === "gone") {
        const id = new URL(request.url).pathname.slice(1);
        if (backend.uploads.get(id)?.state === "open") backend.forget(id);
      }
      const response = await backend.put(request);
      if (fault === "lost") throw cut();
      signal.throwIfAborted();
      return response;
    },
  };
  const uploader = createUploader({
    api: backend.api,
    transport,
    clock,
    random: () => 0.7,
    connectivity,
    connections: 3,
    multipartThresholdBytes: MODEL.thresholdBytes,
  });
  return { clock, backend, connectivity, uploader };
}

async function play(plan: Plan) {
  const { clock, backend, connectivity, uploader } = createStage(plan);
  const files = plan.sizes.map((size, index) => fileOf(size, `f${index}`));
  const ids = uploader.add(files);
  let mostSent = 0;
  for (const next of plan.commands) {
    if (next === "offline" || next === "online") connectivity.set(next === "online");
    if (next === "pause") uploader.pauseAll();
    if (next === "resume") uploader.resumeAll();
    if (next === "retry") uploader.retryAll();
    if (next === "cancel") void uploader.cancelAll();
    if (next === "again") for (const id of ids) uploader.retry(id);
    await clock.advance(400);
    mostSent = Math.max(mostSent, uploader.totals().sentBytes);
  }
  connectivity.set(true);
  uploader.resumeAll();
  for (let step = 0; step < 60 && uploader.totals().connections >= 0; step += 1) {
    const { countByState: count } = uploader.totals();
    if (count.done + count.failed + count.cancelled === ids.length) break;
    await clock.advance(10_000);
  }
  // What was cancelled last is still being given back.
  for (let step = 0; step < 30; step += 1) await clock.advance(10_000);
  const views = ids.flatMap((id) => uploader.get(id) ?? []);
  uploader.close();
  await clock.advance(0);
  return { files, views, objects: backend.objects, mostSent, timerCount: clock.timerCount };
}

describe("under random faults", () => {
  it("every file ends done with its exact bytes, failed for a reason, or cancelled and not there; nothing hangs", async () => {
    const plans = fc.record({
      sizes: fc.array(fc.integer({ min: 0, max: 75 }), { minLength: 1, maxLength: 4 }),
      storage: fc.array(storageFault, { maxLength: 30 }),
      backend: fc.array(backendFault, { maxLength: 15 }),
      commands: fc.array(command, { maxLength: 6 }),
    });
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        const { files, views, objects, mostSent, timerCount } = await play(plan);
        expect(mostSent).toBeLessThanOrEqual(plan.sizes.reduce((sum, size) => sum + size, 0));
        expect(timerCount).toBe(0);
        for (const [index, view] of views.entries()) {
          const { state } = view;
          if (state.kind === "failed") {
            const cuts = plan.storage.filter((fault) => fault === "cut" || fault === "lost");
            const honest = cuts.length < CUTS_LIKE_CORS ? [] : ["cors-blocked"];
            expect([...HONEST_FAILURES, ...honest]).toContain(state.problem.code);
            continue;
          }
          if (state.kind === "cancelled") {
            expect(objects.has(view.name)).toBe(false);
            continue;
          }
          expect(state.kind).toBe("done");
          expect(view.sentBytes).toBe(view.sizeBytes);
          const sent = new Uint8Array((await files[index]?.arrayBuffer()) ?? []);
          expect(objects.get(view.name)).toEqual(sent);
        }
      }),
      { numRuns: 150 },
    );
  }, 60_000);
});
