import { connect } from "node:net";
import type { StorageConfig } from "./config.ts";
import { urlHost } from "./page-origins.ts";
import type { S3Endpoint } from "./s3/index.ts";
import { startQueryThreads } from "./select/index.ts";

/** The embedded store's one bucket. */
export const EMBEDDED_BUCKET = "sluice";

type EmbeddedConfig = Extract<StorageConfig, { kind: "embedded" }>;

/** The embedded store for as long as it is needed, whoever runs it. */
export interface BorrowedStore {
  readonly options: S3Endpoint & { readonly kind: "embedded" };
  /** No server runs it: it was started for this purpose. */
  readonly isOurs: boolean;
  close(): Promise<void>;
}

/**
 * Speaks to the embedded store of a server that runs, with the key pair that is kept or set; where none
 * listens, starts the store on a port that the system chooses.
 * @throws what opening the data throws
 */
export async function borrowEmbeddedStore(
  { dir, host, port }: EmbeddedConfig,
  env: Readonly<Record<string, string | undefined>>,
): Promise<BorrowedStore> {
  // Loaded where it is needed: with a bucket elsewhere its native catalogue has no part to play.
  const { startStore, storeCredentials } = await import("./store/index.ts");
  const credentials = await storeCredentials(dir, env);
  const at = (endpoint: string) => ({ ...PLACE, endpoint, credentials });
  const name = reachableName(host);
  if (port !== 0 && (await isListening(name, port))) {
    const options = at(`http://${urlHost(name)}:${port}`);
    return { options, isOurs: false, close: async () => undefined };
  }
  const { select } = startQueryThreads();
  const { endpoint, close } = await startStore({ dir, host: name, port: 0, credentials, select });
  return { options: at(endpoint), isOurs: true, close };
}

const PLACE = {
  kind: "embedded",
  bucket: EMBEDDED_BUCKET,
  region: "us-east-1",
  forcePathStyle: true,
} as const;

/** What listens on every address is reached on this machine's own. */
function reachableName(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  return host === "::" ? "::1" : host;
}

const CONNECT_TIMEOUT_MS = 2000;

function isListening(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: CONNECT_TIMEOUT_MS });
    const end = (listens: boolean) => {
      socket.destroy();
      resolve(listens);
    };
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
    socket.once("timeout", () => end(false));
  });
}
