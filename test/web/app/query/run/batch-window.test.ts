import { expect, test } from "vitest";
import { createBatchWindow } from "../../../../../web/app/query/run/batch-window.ts";

const never = new AbortController().signal;

test("there is room until so many are under way, and again once one was taken", async () => {
  const batches = createBatchWindow(2);
  batches.sent();
  await batches.room(never);
  batches.sent();
  batches.sent();
  let isThere = false;
  const room = batches.room(never).then(() => (isThere = true));
  batches.taken();
  await Promise.resolve();
  expect(isThere).toBe(false);
  batches.taken();
  await room;
  expect(isThere).toBe(true);
});

test("who waits for room is stopped, before and meanwhile", async () => {
  const batches = createBatchWindow(1);
  batches.sent();
  const stopping = new AbortController();
  const room = batches.room(stopping.signal);
  stopping.abort(new Error("enough"));
  await expect(room).rejects.toThrow("enough");
  await expect(batches.room(stopping.signal)).rejects.toThrow("enough");
});
