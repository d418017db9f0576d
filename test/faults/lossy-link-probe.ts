/**
 * Run in a network of its own: sends bytes over a lossy link by the kernel's TCP and prints, as JSON, how
 * many arrived, how long a connection took to open (ms), and how many segments had to be sent again.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createConnection } from "node:net";
import { firstWords, openLossyLink } from "./lossy-link.ts";

const [roundTripMs, bytesPerSecond, lossRate, sizeBytes] = process.argv.slice(2).map(Number);

// Ends with its standard input, so that nothing outlives a probe that fails.
const SINK = `
  const server = require("node:net").createServer({ allowHalfOpen: true }, (socket) => {
    let sizeBytes = 0;
    socket.on("data", (bytes) => (sizeBytes += bytes.length));
    socket.on("end", () => socket.end(String(sizeBytes)));
  });
  server.listen(7000, "0.0.0.0", () => console.log("listening"));
  process.stdin.on("end", () => process.exit()).resume();
`;

const link = await openLossyLink({
  roundTripMs: roundTripMs ?? 0,
  bytesPerSecond: bytesPerSecond ?? 0,
  lossRate: lossRate ?? 0,
});
const [command = "", ...args] = [...link.prefix, process.execPath, "-e", SINK];
const sink = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
await firstWords(sink);
const startedAt = performance.now();
const socket = createConnection(7000, link.lossyHost);
const patience = { signal: AbortSignal.timeout(20_000) };
await once(socket, "connect", patience);
const connectMs = performance.now() - startedAt;
socket.end(Buffer.alloc(sizeBytes ?? 0));
const [answer] = await once(socket, "data", patience);
const [names = "", values = ""] = readFileSync("/proc/net/snmp", "utf8")
  .split("\n")
  .filter((line) => line.startsWith("Tcp:"));
const retransmits = Number(values.split(" ")[names.split(" ").indexOf("RetransSegs")]);
sink.stdin.end();
await link.close();
console.log(JSON.stringify({ arrivedBytes: Number(String(answer)), connectMs, retransmits }));
