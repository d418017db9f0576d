import { once } from "node:events";
import type { Server } from "node:http";
import { toListenError } from "./start-error.ts";

/** How often idle connections are looked for while the server ends, in milliseconds. */
const SWEEP_MS = 50;

/**
 * Listens, and answers the port, which matters where 0 was asked for.
 * @throws StartError where the address cannot be had
 */
export async function listen(server: Server, host: string, port: number): Promise<number> {
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    throw toListenError(error, { host, port, variable: "PORT" });
  }
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

/** Takes no new connection, lets requests end for `graceMs` and then cuts what is left. */
export async function stopServing(server: Server, graceMs: number): Promise<void> {
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  // A connection whose last request ends only now would idle until its keep-alive ends.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  const closed = once(server, "close");
  server.close();
  await closed;
  clearTimeout(cut);
  clearInterval(sweep);
}
