import { createHmac } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { type Store, startStore, type StoreOptions } from "../../../server/store/index.ts";
import { deriveSigningKey, sha256Hex } from "../../../server/store/http/sigv4/signature.ts";

export const CREDENTIALS = { accessKeyId: "TESTKEY", secretAccessKey: "test-secret-key" };

/** A store in a temporary directory, on a port of its own. */
export interface StartedStore extends Store {
  readonly client: S3Client;
  /** Closes the store and removes its data. */
  readonly remove: () => Promise<void>;
}

/** Starts a store with settings that suit a test. */
export async function startedStore(options: Partial<StoreOptions> = {}): Promise<StartedStore> {
  const dir = await mkdtemp(join(tmpdir(), "sluice-store-"));
  const store = await startStore({
    dir,
    host: "127.0.0.1",
    port: 0,
    credentials: CREDENTIALS,
    sweepIntervalMs: 0,
    ...options,
  });
  const client = new S3Client({
    endpoint: store.endpoint,
    region: "us-east-1",
    credentials: CREDENTIALS,
    forcePathStyle: true,
    maxAttempts: 1,
  });
  return {
    ...store,
    client,
    async remove() {
      client.destroy();
      await store.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Header lines of a request signed with UNSIGNED-PAYLOAD, for a socket; `extra` are signed too. */
export function signedHead(
  method: string,
  path: string,
  host: string,
  extra: Readonly<Record<string, string>> = {},
  payloadHash = "UNSIGNED-PAYLOAD",
): string {
  const dateTime = `${new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
  const scope = { day: dateTime.slice(0, 8), region: "us-east-1" };
  const headers: Record<string, string> = {
    ...extra,
    host,
    "x-amz-content-sha256": payloadHash,
    "x-amz-date": dateTime,
  };
  const names = Object.keys(headers).toSorted();
  const [pathname = "", query = ""] = path.split("?");
  const canonicalQuery = query && !query.includes("=") ? `${query}=` : query;
  const lines = names.map((name) => `${name}:${headers[name]}\n`).join("");
  const canonical = [method, pathname, canonicalQuery, lines, names.join(";"), payloadHash];
  const scopeText = `${scope.day}/us-east-1/s3/aws4_request`;
  const toSign = `AWS4-HMAC-SHA256\n${dateTime}\n${scopeText}\n${sha256Hex(canonical.join("\n"))}`;
  const key = deriveSigningKey(CREDENTIALS.secretAccessKey, scope);
  const signature = createHmac("sha256", key).update(toSign).digest("hex");
  const authorization = `AWS4-HMAC-SHA256 Credential=${CREDENTIALS.accessKeyId}/${scopeText}, SignedHeaders=${names.join(";")}, Signature=${signature}`;
  const all = { ...headers, authorization };
  return Object.entries(all)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join("");
}
