import { describe, expect, it } from "vitest";
import { isLoopbackHost } from "../../shared/loopback.ts";

describe("isLoopbackHost", () => {
  it.each(["127.0.0.1", "127.8.9.1", "localhost", "LOCALHOST", "app.localhost", "::1", "[::1]"])(
    "knows %s",
    (host) => expect(isLoopbackHost(host)).toBe(true),
  );

  it.each(["0.0.0.0", "::", "", "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.1"])(
    "refuses %s",
    (host) => expect(isLoopbackHost(host)).toBe(false),
  );
});
