/**
 * PUT and GET throughput of the store against a bare Node server that drains to a file and syncs it:
 * `npm run bench:store`. 8 MiB parts of multipart uploads through presigned URLs with unsigned payload, read
 * back as ranges of the completed object. Each server and the client are processes of their own; runs
 * alternate, medians are compared.
 */
import { execFileSync, fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const MiB = 1024 * 1024;
const PART = Buffer.alloc(8 * MiB, "The same bytes for both, none of them compressed. ");
const PART_COUNT = Number(process.env["BENCH_PARTS"] ?? 48);
const CONNECTIONS = [1, 6, 12];
const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 5);
const GOALS = { PUT: 0.7, GET: 0.9 } as const;

type Method = keyof typeof GOALS;

/** Where part `index` of a run goes, and comes from. */
interface Request {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface Contender {
  readonly name: string;
  readonly child: ChildProcess;
  readonly directory: string;
  /** Prepares a run: PUT requests, and what has to follow them. */
  uploads(): Promise<{ requests: Request[]; finish: (etags: string[]) => Promise<void> }>;
  downloads(): Promise<Request[]>;
}

const partIndexes = Array.from({ length: PART_COUNT }, (_, index) => index);

/** Builds the server as `npm start` runs it; gives back the URL of its store. */
function buildStore(): string {
  const outDir = join(ROOT, "dist", "bench");
  const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
  const options = ["-p", "server/tsconfig.json", "--outDir", outDir, "--incremental", "false"];
  execFileSync(process.execPath, [tsc, ...options], { cwd: ROOT, stdio: "inherit" });
  return pathToFileURL(join(outDir, "server", "store", "index.js")).href;
}

async function startServer(name: string, builtStore = "") {
  const directory = mkdtempSync(join(tmpdir(), `sluice-bench-${name}-`));
  const path = fileURLToPath(new URL("./store-server.mjs", import.meta.url));
  const child = fork(path, [name, directory, builtStore], { execArgv: [] });
  const [{ endpoint }] = await once(child, "message");
  return { child, directory, endpoint: String(endpoint) };
}

async function startBare(): Promise<Contender> {
  const { child, directory, endpoint } = await startServer("bare");
  const requests = partIndexes.map((index) => ({ url: `${endpoint}/${index}`, headers: {} }));
  return {
    name: "bare",
    child,
    directory,
    uploads: async () => ({ requests, finish: async () => undefined }),
    downloads: async () => requests,
  };
}

async function startStore(): Promise<Contender> {
  const { child, directory, endpoint } = await startServer("store", buildStore());
  const client = new S3Client({
    endpoint,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: { accessKeyId: "BENCH", secretAccessKey: "bench-secret" },
    requestChecksumCalculation: "WHEN_REQUIRED",
  });
  const object = { Bucket: "bench", Key: "object" };
  await client.send(new CreateBucketCommand({ Bucket: "bench" }));
  return {
    name: "store",
    child,
    directory,
    async uploads() {
      const { UploadId } = await client.send(new CreateMultipartUploadCommand(object));
      const requests = [];
      for (const index of partIndexes) {
        const part = new UploadPartCommand({ ...object, UploadId, PartNumber: index + 1 });
        requests.push({ url: await getSignedUrl(client, part), headers: {} });
      }
      const finish = async (etags: string[]): Promise<void> => {
        const Parts = etags.map((ETag, index) => ({ ETag, PartNumber: index + 1 }));
        const MultipartUpload = { Parts };
        const upload = { ...object, UploadId, MultipartUpload };
        await client.send(new CompleteMultipartUploadCommand(upload));
      };
      return { requests, finish };
    },
    async downloads() {
      const url = await getSignedUrl(client, new GetObjectCommand(object));
      return partIndexes.map((index) => {
        const start = index * PART.length;
        return { url, headers: { range: `bytes=${start}-${start + PART.length - 1}` } };
      });
    },
  };
}

/** Sends one request and drains the answer. */
function exchange(agent: Agent, method: Method, { url, headers }: Request): Promise<string> {
  return new Promise((resolve, reject) => {
    const length = method === "PUT" ? { "content-length": PART.length } : {};
    const outgoing = request(url, { agent, method, headers: { ...headers, ...length } });
    outgoing.on("error", reject).on("response", (response) => {
      let sizeBytes = 0;
      response.on("data", (bytes: Buffer) => (sizeBytes += bytes.length)).on("error", reject);
      response.on("end", () => {
        const isRight = response.statusCode === 200 || response.statusCode === 206;
        if (isRight && (method === "PUT" || sizeBytes === PART.length)) {
          resolve(response.headers.etag ?? "");
        } else {
          reject(new Error(`${method} answered ${response.statusCode} with ${sizeBytes} bytes`));
        }
      });
    });
    outgoing.end(method === "PUT" ? PART : undefined);
  });
}

/** Moves all parts over so many connections; MiB a second. */
async function transfer(method: Method, requests: readonly Request[], connections: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const etags: string[] = [];
  const queue = requests.entries();
  const startedAt = performance.now();
  const workers = Array.from({ length: connections }, async () => {
    for (const [index, next] of queue) etags[index] = await exchange(agent, method, next);
  });
  await Promise.all(workers);
  const seconds = (performance.now() - startedAt) / 1000;
  agent.destroy();
  return { speed: (requests.length * PART.length) / MiB / seconds, etags };
}

async function run(contender: Contender, method: Method, connections: number): Promise<number> {
  if (method === "GET") {
    return (await transfer(method, await contender.downloads(), connections)).speed;
  }
  const { requests, finish } = await contender.uploads();
  const { speed, etags } = await transfer(method, requests, connections);
  await finish(etags);
  return speed;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function compare(method: Method, connections: number, bare: Contender, store: Contender) {
  const speeds = { bare: [] as number[], store: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    speeds.bare.push(await run(bare, method, connections));
    speeds.store.push(await run(store, method, connections));
  }
  const [bareSpeed, storeSpeed] = [median(speeds.bare), median(speeds.store)];
  const ratio = storeSpeed / bareSpeed;
  const verdict = ratio >= GOALS[method] ? "met" : "missed";
  console.log(
    `${method} ${String(connections).padStart(2)} connections: bare ${bareSpeed.toFixed(0)} MiB/s, store ${storeSpeed.toFixed(0)} MiB/s, ratio ${ratio.toFixed(2)} (goal ${GOALS[method]}: ${verdict})`,
  );
}

/** The highest resident memory so far. */
async function reportMemory({ name, child }: Contender, after: Method): Promise<void> {
  child.send("rss");
  const [{ rssBytes }] = await once(child, "message");
  const size = (Number(rssBytes) / MiB).toFixed(0);
  console.log(`${name}: highest resident memory after ${after} ${size} MiB`);
}

async function stop({ child, directory }: Contender): Promise<void> {
  child.kill();
  await once(child, "exit");
  rmSync(directory, { recursive: true, force: true });
}

const [bare, store] = [await startBare(), await startStore()];
try {
  for (const contender of [bare, store]) await run(contender, "PUT", 2);
  for (const method of ["PUT", "GET"] as const) {
    for (const connections of CONNECTIONS) await compare(method, connections, bare, store);
    for (const contender of [bare, store]) await reportMemory(contender, method);
  }
} finally {
  await stop(bare);
  await stop(store);
}
