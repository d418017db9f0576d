import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { BackendError } from "../../../web/app/backend.ts";
import { createSession } from "../../../web/app/session.svelte.ts";

const down = new BackendError("server-unreachable", "No answer");
const config = () => Promise.reject(down);

describe("createSession", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("asks a silent backend again and again by itself", async () => {
    const ask = vi.fn(() => Promise.reject(down));
    const session = createSession(new AbortController().signal, { caller: ask, config });
    expect(session.state.kind).toBe("loading");
    await session.load();
    expect(session.state).toEqual({ kind: "failed", problem: down });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(ask).toHaveBeenCalledTimes(3);
  });

  test("asking by hand does not make it ask twice as often", async () => {
    const ask = vi.fn(() => Promise.reject(down));
    const session = createSession(new AbortController().signal, { caller: ask, config });
    await session.load();
    await session.load();
    await vi.advanceTimersByTimeAsync(5000);
    expect(ask).toHaveBeenCalledTimes(3);
  });

  test("stops asking once the page is left", async () => {
    const leaving = new AbortController();
    const ask = vi.fn(() => Promise.reject(down));
    await createSession(leaving.signal, { caller: ask, config }).load();
    leaving.abort();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(ask).toHaveBeenCalledTimes(1);
  });
});
