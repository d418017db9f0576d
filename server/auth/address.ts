import { getConnInfo } from "@hono/node-server/conninfo";
import type { Context } from "hono";

/**
 * The address that limits are counted by: of the socket, or what the outermost of our own proxies saw. What stands
 * before that in X-Forwarded-For anybody may have written.
 * @param proxyHops how many proxies of ours add to the header
 */
export function callerAddress(c: Context, proxyHops: number): string {
  const socket = socketAddress(c);
  if (proxyHops === 0) return limitedAddress(socket);
  const seen = (c.req.header("x-forwarded-for") ?? "").split(",");
  return limitedAddress(withoutPort((seen.at(-proxyHops) ?? "").trim()) || socket);
}

/** Without a socket, as in a test, nobody is told from anybody. */
function socketAddress(c: Context): string {
  const hasSocket = typeof c.env === "object" && c.env !== null && "incoming" in c.env;
  return (hasSocket && getConnInfo(c).remote.address) || "unknown";
}

function withoutPort(address: string): string {
  const [, bracketed, dotted] = /^(?:\[(.+)\](?::\d+)?|([\d.]+):\d+)$/.exec(address) ?? [];
  return bracketed ?? dotted ?? address;
}

/**
 * Whoever has an IPv6 address has 2^64 of them: they count as one.
 * @see https://www.rfc-editor.org/rfc/rfc6177
 */
function limitedAddress(address: string): string {
  const plain = address.replace(/^::ffff:(?=[\d.]+$)/i, "").slice(0, 64);
  if (!plain.includes(":")) return plain;
  const [head = "", tail = ""] = plain.toLowerCase().split("::");
  const groups = head.split(":").filter((group) => group !== "");
  const end = tail.split(":").filter((group) => group !== "");
  const between = Array<string>(Math.max(0, 8 - groups.length - end.length)).fill("0");
  const network = [...groups, ...between, ...end].slice(0, 4);
  return `${network.map((group) => group.replace(/^0+(?=.)/, "")).join(":")}::/64`;
}
