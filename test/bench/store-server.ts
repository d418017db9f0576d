/** One of the two servers that `bench:store` compares, in a process of its own; run by fork with its name and a directory. */
import { createReadStream, createWriteStream, statSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { startStore } from "../../server/store/index.ts";

/** The key pair of the benchmark. */
export const BENCH_CREDENTIALS = { accessKeyId: "BENCH", secretAccessKey: "bench-secret" };

/** Drains a PUT to a file and syncs it, sends the file for a GET: the least that any store has to do. */
async function serveBare(
  directory: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = join(directory, (request.url ?? "").replaceAll("/", ""));
  if (request.method === "PUT") {
    await pipeline(request, createWriteStream(path, { flush: true }));
    response.end();
  } else {
    response.setHeader("content-length", statSync(path).size);
    await pipeline(createReadStream(path), response);
  }
}

function startBare(directory: string): Promise<string> {
  const server = createServer((request, response) => {
    serveBare(directory, request, response).catch((error: unknown) => {
      console.error(error);
      response.destroy();
    });
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      resolve(`http://127.0.0.1:${port}`);
    });
  });
}

async function start(name: string, dir: string): Promise<string> {
  if (name === "bare") return startBare(dir);
  const store = await startStore({
    dir,
    host: "127.0.0.1",
    port: 0,
    credentials: BENCH_CREDENTIALS,
    sweepIntervalMs: 0,
  });
  return store.endpoint;
}

if (process.send) {
  const [name = "", directory = ""] = process.argv.slice(2);
  process.send({ endpoint: await start(name, directory) });
  let highest = 0;
  const watch = (): void => {
    highest = Math.max(highest, process.memoryUsage.rss());
  };
  setInterval(watch, 50).unref();
  process.on("message", () => {
    watch();
    process.send?.({ rssBytes: highest });
  });
}
