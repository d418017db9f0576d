import { expect, test } from "vitest";
import { createSemaphore } from "../../../../web/transfer/checksum/semaphore.ts";

const never = new AbortController().signal;

/** Asks for places and notes who got one. */
function line(limit: number) {
  const acquire = createSemaphore(limit);
  const admitted: string[] = [];
  return {
    admitted,
    enter: async (name: string, signal = never) => {
      const release = await acquire(signal);
      admitted.push(name);
      return release;
    },
  };
}

test("lets in as many as there are places, the others in the order of their coming", async () => {
  const { enter, admitted } = line(2);
  const releases = ["a", "b", "c", "d"].map((name) => enter(name));
  const releaseA = await releases[0];
  expect(admitted).toEqual(["a", "b"]);
  releaseA?.();
  await releases[2];
  expect(admitted).toEqual(["a", "b", "c"]);
});

test("who gives up waiting leaves the line with the signal's reason", async () => {
  const { enter, admitted } = line(1);
  const releaseA = await enter("a");
  const stop = new AbortController();
  const b = enter("b", stop.signal);
  const c = enter("c");
  stop.abort("enough");
  await expect(b).rejects.toBe("enough");
  releaseA();
  await c;
  expect(admitted).toEqual(["a", "c"]);
});

test("nobody enters with a signal that is aborted already", async () => {
  const { enter } = line(1);
  await expect(enter("a", AbortSignal.abort("enough"))).rejects.toBe("enough");
  expect(await enter("b")).toBeTypeOf("function");
});
