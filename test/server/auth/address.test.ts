import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import { callerAddress } from "../../../server/auth/address.ts";

async function addressOf(remoteAddress: string, hops = 0, forwarded?: string): Promise<string> {
  const app = new Hono().get("/", (c) => c.text(callerAddress(c, hops)));
  const headers = forwarded === undefined ? {} : { "x-forwarded-for": forwarded };
  const response = await app.request("/", { headers }, { incoming: { socket: { remoteAddress } } });
  return response.text();
}

describe("a caller's address", () => {
  it("is the socket's, whatever the caller says", async () => {
    expect(await addressOf("192.0.2.7", 0, "203.0.113.1")).toBe("192.0.2.7");
    expect(await addressOf("::ffff:192.0.2.7")).toBe("192.0.2.7");
  });

  it.each([
    [1, "203.0.113.9, 203.0.113.1", "203.0.113.1"],
    [2, "6.6.6.6, 203.0.113.1, 10.0.0.1", "203.0.113.1"],
    [1, "203.0.113.1:5123", "203.0.113.1"],
    [1, "[2001:db8::1]:443", "2001:db8:0:0::/64"],
    [2, "6.6.6.6", "10.0.0.2"],
    [1, "", "10.0.0.2"],
  ])("behind %d proxies that say %j is %s", async (hops, forwarded, expected) => {
    expect(await addressOf("10.0.0.2", hops, forwarded)).toBe(expected);
  });

  it("of IPv6 is its network: one caller has all of it", async () => {
    expect(await addressOf("2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1:2::/64");
    expect(await addressOf("2001:0db8:0001:2::99")).toBe("2001:db8:1:2::/64");
    expect(await addressOf("::1")).toBe("0:0:0:0::/64");
  });
});
