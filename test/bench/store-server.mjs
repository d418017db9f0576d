/**
 * One of the two servers that `bench:store` compares, in a process of its own; forked with its name, a
 * directory, and the built store. Plain JavaScript, so that no loader adds to the memory that is measured.
 */
import { createReadStream, createWriteStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

/** Drains a PUT to a file and syncs it, sends the file for a GET: the least that any store has to do. */
async function serveBare(directory, request, response) {
  const path = join(directory, request.url.replaceAll("/", ""));
  if (request.method === "PUT") {
    await pipeline(request, createWriteStream(path, { flush: true }));
    response.end();
  } else {
    response.setHeader("content-length", statSync(path).size);
    createReadStream(path).pipe(response);
  }
}

async function startBare(directory) {
  const server = createServer((request, response) => {
    serveBare(directory, request, response).catch((error) => {
      console.error(error);
      response.destroy();
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${server.address().port}`;
}

async function startBuiltStore(dir, builtStore) {
  const { startStore } = await import(builtStore);
  const credentials = { accessKeyId: "BENCH", secretAccessKey: "bench-secret" };
  const at = { host: "127.0.0.1", port: 0 };
  return (await startStore({ dir, ...at, credentials, sweepIntervalMs: 0 })).endpoint;
}

const [name, directory, builtStore] = process.argv.slice(2);
const endpoint =
  name === "bare" ? await startBare(directory) : await startBuiltStore(directory, builtStore);
process.send({ endpoint });

let highest = 0;
const watch = () => {
  highest = Math.max(highest, process.memoryUsage.rss());
};
setInterval(watch, 50).unref();
process.on("message", () => {
  watch();
  process.send({ rssBytes: highest });
});
