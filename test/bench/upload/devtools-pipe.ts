import type { Readable, Writable } from "node:stream";
import * as z from "zod/mini";

/** Speaks the DevTools protocol to a browser over the two pipes of `--remote-debugging-pipe`. */
export interface DevtoolsPipe {
  /**
   * Sends one command and gives its result.
   * @throws Error where the browser refuses it or is gone
   */
  send(method: string, params: object, sessionId?: string): Promise<unknown>;
}

const Message = z.object({
  id: z.optional(z.int()),
  result: z.optional(z.unknown()),
  error: z.optional(z.object({ message: z.string() })),
});

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** @param output what we write, the browser's descriptor 3; @param input what it writes, its 4 */
export function openDevtoolsPipe(output: Writable, input: Readable): DevtoolsPipe {
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let held = "";

  const take = (text: string) => {
    const { id, result, error } = Message.parse(JSON.parse(text));
    if (id === undefined) return;
    const caller = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) caller?.resolve(result);
    else caller?.reject(new Error(error.message));
  };
  const fail = () => {
    for (const { reject } of waiting.values()) reject(new Error("The browser is gone"));
    waiting.clear();
  };
  input.setEncoding("utf8").on("data", (data: string) => {
    const messages = (held + data).split("\0");
    held = messages.pop() ?? "";
    for (const message of messages) take(message);
  });
  input.on("close", fail).on("error", fail);
  output.on("error", fail);

  return {
    send(method, params, sessionId) {
      const id = ++lastId;
      const session = sessionId === undefined ? {} : { sessionId };
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        output.write(`${JSON.stringify({ id, method, params, ...session })}\0`);
      });
    },
  };
}
