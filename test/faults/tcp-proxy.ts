import { createConnection, createServer, type AddressInfo, type Socket } from "node:net";

/** A TCP relay between browser and storage whose line can be made slow, cut, or dead. */
export interface TcpProxy {
  readonly port: number;
  readonly targetPort: number;
  /** Bytes a second towards the storage, over all connections; `Infinity` lets everything through. */
  setRate(bytesPerSecond: number): void;
  /** Resets every open connection, as a dying access point would. */
  resetAll(): void;
  /** While refusing, new connections are reset at once. */
  setRefusing(refusing: boolean): void;
  /** Bytes that went towards the storage so far. */
  sentBytes(): number;
  close(): Promise<void>;
}

/** Starts a relay on a free port of the loopback interface. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let rate = Infinity;
  let refusing = false;
  let total = 0;
  // A token bucket that holds a tenth of a second at most.
  let tokens = 0;
  let filledAt = Date.now();

  const take = (wanted: number): number => {
    if (rate === Infinity) return wanted;
    const now = Date.now();
    tokens = Math.min(rate / 10, tokens + ((now - filledAt) * rate) / 1000);
    filledAt = now;
    const granted = Math.min(wanted, Math.floor(tokens));
    tokens -= granted;
    return granted;
  };

  const relayUp = (client: Socket, upstream: Socket) => {
    client.on("data", (data: Buffer) => {
      client.pause();
      const pass = (rest: Buffer) => {
        if (client.destroyed || upstream.destroyed) return;
        const granted = take(rest.length);
        total += granted;
        if (granted > 0) upstream.write(rest.subarray(0, granted));
        if (granted === rest.length) {
          if (upstream.writableNeedDrain) upstream.once("drain", () => client.resume());
          else client.resume();
        } else setTimeout(pass, 10, rest.subarray(granted));
      };
      pass(data);
    });
    client.on("end", () => upstream.end());
  };

  const server = createServer((client) => {
    if (refusing) {
      client.resetAndDestroy();
      return;
    }
    const upstream = createConnection(targetPort, "127.0.0.1");
    for (const [socket, peer] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => peer.destroy());
      socket.on("close", () => {
        sockets.delete(socket);
        peer.destroy();
      });
    }
    relayUp(client, upstream);
    upstream.pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  return {
    port: (server.address() as AddressInfo).port,
    targetPort,
    setRate(bytesPerSecond) {
      rate = bytesPerSecond;
    },
    resetAll() {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    setRefusing(value) {
      refusing = value;
    },
    sentBytes: () => total,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
