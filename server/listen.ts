import { once } from "node:events";
import type { Server } from "node:http";

/** A port that cannot be listened on, and what to do. */
export class ListenError extends Error {
  constructor(message: string, options: { cause: unknown }) {
    super(message, options);
    this.name = "ListenError";
  }
}

/**
 * Listens, and answers the port, which matters where 0 was asked for.
 * @throws ListenError where the address cannot be had
 */
export async function listen(server: Server, host: string, port: number): Promise<number> {
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    throw new ListenError(explain(error, host, port), { cause: error });
  }
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

/** Takes no new connection, lets requests end for `graceMs` and then cuts what is left. */
export async function stopServing(server: Server, graceMs: number): Promise<void> {
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  const closed = once(server, "close");
  server.close();
  server.closeIdleConnections();
  await closed;
  clearTimeout(cut);
}

function explain(error: unknown, host: string, port: number): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  switch (code) {
    case "EADDRINUSE":
      return `Port ${port} on ${host} is taken: stop what listens there, or set PORT to another one.`;
    case "EACCES":
      return `Port ${port} needs privileges that this process lacks: set PORT to 1024 or above.`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `HOST ${host} is no address of this machine.`;
    default:
      return `Listening on ${host}:${port} failed: ${error instanceof Error ? error.message : error}`;
  }
}
