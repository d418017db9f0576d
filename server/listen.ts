import { once } from "node:events";
import type { Server } from "node:http";

/** How often idle connections are looked for while the server ends, in milliseconds. */
const SWEEP_MS = 50;

/** Why the server cannot start, in words for whoever starts it. */
export class StartError extends Error {
  constructor(message: string, options: { cause: unknown }) {
    super(message, options);
    this.name = "StartError";
  }
}

/**
 * Listens, and answers the port, which matters where 0 was asked for.
 * @throws StartError where the address cannot be had
 */
export async function listen(server: Server, host: string, port: number): Promise<number> {
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    throw toStartError(error, { host, port, variable: "PORT" });
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

/** An address that was asked for, and the variable that did. */
interface Address {
  readonly host: string;
  readonly port: number;
  readonly variable: "PORT" | "STORE_PORT";
}

/** What a person can do about a fault of the system while something begins to listen. */
export function toStartError(error: unknown, address: Address): StartError {
  return new StartError(explain(error, address), { cause: error });
}

function explain(error: unknown, { host, port, variable }: Address): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  switch (code) {
    case "EADDRINUSE":
      return `Port ${port} on ${host} is taken: stop what listens there, or set ${variable}.`;
    case "EACCES":
      return `Port ${port} or the data directory needs privileges that this process lacks.`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `HOST ${host} is no address of this machine.`;
    default:
      return `The ${variable === "PORT" ? "server" : "store"} cannot start: ${error instanceof Error ? error.message : String(error)}`;
  }
}
