import { connect, type Socket } from "node:net";

/** A connection whose bytes a test writes by hand. */
export interface RawConnection {
  readonly socket: Socket;
  write(text: string | Uint8Array): void;
  /** All that has been received, once it holds `text`. @throws Error where the connection ends before */
  until(text: string): Promise<string>;
  /** All that was received until the other side ended the connection. */
  closed(): Promise<string>;
}

/** Connects to a store's port on loopback. */
export function connectRaw(port: number): RawConnection {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  let received = "";
  let hasEnded = false;
  const waiting = new Set<() => void>();
  const wake = (): void => waiting.forEach((check) => check());
  socket.setEncoding("latin1");
  socket.on("data", (text: string) => {
    received += text;
    wake();
  });
  const onEnd = (): void => {
    hasEnded = true;
    socket.destroy();
    wake();
  };
  socket.on("end", onEnd).on("close", onEnd).on("error", onEnd);
  const when = (holds: () => boolean): Promise<string> =>
    new Promise((resolve, reject) => {
      const check = (): void => {
        if (holds()) resolve(received);
        else if (hasEnded) reject(new Error(`The connection ended after:\n${received}`));
        else return;
        waiting.delete(check);
      };
      waiting.add(check);
      check();
    });
  return {
    socket,
    write: (text) => void socket.write(text),
    until: (text) => when(() => received.includes(text)),
    closed: () => when(() => hasEnded),
  };
}
