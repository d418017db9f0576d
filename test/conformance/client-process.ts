import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { delimiter, join, relative } from "node:path";
import type { Target } from "./target.ts";

/** Runs a client to its end and gives what it printed; rejects with what it complained of. */
export type RunClient = (...args: string[]) => Promise<string>;

const CLIENT_TIMEOUT_MS = 50_000;

/** Why `command` cannot run here; `undefined` where it can. */
export function missingClient(command: string): string | undefined {
  const { error, status } = spawnSync(command, ["--version"], { env: clientEnvironment({}) });
  if (!error && status === 0) return undefined;
  return `${command} is not installed${error ? ` (${error.message})` : ""}`;
}

/** `aws` with the credentials of `target`, path style, Signature V4 (its first version presigns by V2), and parts of 5 MB from 8 MB on. */
export async function awsClient(
  target: Pick<Target, "endpoint" | "region" | "accessKeyId" | "secretAccessKey">,
  home: string,
): Promise<RunClient> {
  const config = `[default]
region = ${target.region}
s3 =
  addressing_style = path
  signature_version = s3v4
  multipart_threshold = 8MB
  multipart_chunksize = 5MB
`;
  await mkdir(join(home, ".aws"), { recursive: true });
  await writeFile(join(home, ".aws", "config"), config);
  const environment = {
    HOME: home,
    AWS_ACCESS_KEY_ID: target.accessKeyId,
    AWS_SECRET_ACCESS_KEY: target.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_PAGER: "",
  };
  return (...args) => run("aws", ["--endpoint-url", target.endpoint, ...args], environment);
}

/** `s3cmd` with the credentials of `target` and path style. */
export async function s3cmdClient(target: Target, home: string): Promise<RunClient> {
  const { host } = new URL(target.endpoint);
  const config = `[default]
access_key = ${target.accessKeyId}
secret_key = ${target.secretAccessKey}
bucket_location = ${target.region}
host_base = ${host}
host_bucket = ${host}
use_https = False
progress_meter = False
`;
  const path = join(home, "s3cfg");
  await writeFile(path, config);
  return (...args) => run("s3cmd", ["--config", path, ...args], { HOME: home });
}

/** `rclone` with a remote `s3:` of `target` and parts of 5 MiB from 8 MiB on. */
export async function rcloneClient(target: Target, home: string): Promise<RunClient> {
  const path = join(home, "rclone.conf");
  const config = `[s3]
type = s3
provider = Other
access_key_id = ${target.accessKeyId}
secret_access_key = ${target.secretAccessKey}
endpoint = ${target.endpoint}
region = ${target.region}
force_path_style = true
chunk_size = 5Mi
upload_cutoff = 8Mi
`;
  await writeFile(path, config);
  return (...args) => run("rclone", ["--config", path, ...args], { HOME: home });
}

/** SHA-256 of every file below `directory` by relative path. */
export function treeHashes(directory: string): Record<string, string> {
  const names = readdirSync(directory, { recursive: true, encoding: "utf8" });
  const files = names
    .map((name) => join(directory, name))
    .filter((path) => statSync(path).isFile());
  return Object.fromEntries(
    files.map((path) => [relative(directory, path), fileHash(path)]).toSorted(),
  );
}

/** SHA-256 of a file in hex. */
export function fileHash(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

function run(command: string, args: string[], environment: Record<string, string>) {
  const options = {
    env: clientEnvironment(environment),
    timeout: CLIENT_TIMEOUT_MS,
    maxBuffer: 64 * 1024 * 1024,
  };
  return new Promise<string>((resolve, reject) => {
    execFile(command, args, options, (error, stdout, stderr) => {
      if (!error) resolve(stdout);
      else reject(new Error(`${command} ${args.join(" ")}: ${stderr || stdout}`, { cause: error }));
    });
  });
}

/** A bare environment: nothing of the person's own configuration, no proxies; the system's clients first. */
function clientEnvironment(environment: Record<string, string>): Record<string, string> {
  const PATH = ["/usr/bin", process.env["PATH"] ?? ""].join(delimiter);
  return { PATH, LANG: "C.UTF-8", PYTHONWARNINGS: "ignore", ...environment };
}
