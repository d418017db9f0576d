import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { connectStorage, type S3Endpoint, type Storage } from "../../server/s3/index.ts";

/** Answers one request, whose body has been read. */
export type S3Script = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** A server that answers as its script says. */
export async function listenToScript(
  script: S3Script,
): Promise<{ endpoint: S3Endpoint; close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => void (body += text));
    request.on("end", () => script(request, response, body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    endpoint: {
      bucket: "bucket",
      endpoint: `http://127.0.0.1:${port}`,
      region: "us-east-1",
      forcePathStyle: true,
      credentials: { accessKeyId: "id", secretAccessKey: "secret" },
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The same, and the storage that speaks to it. */
export async function serveScript(
  script: S3Script,
): Promise<{ storage: Storage; close: () => Promise<void> }> {
  const { endpoint, close } = await listenToScript(script);
  const options = {
    kind: "s3",
    publicEndpoints: [],
    accelerateEndpoints: [],
    equalParts: null,
  } as const;
  const storage = await connectStorage({ ...endpoint, ...options });
  return {
    storage,
    close: () => {
      storage.close();
      return close();
    },
  };
}

/** Answers XML. */
export function xml(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { "content-type": "application/xml" });
  response.end(`<?xml version="1.0" encoding="UTF-8"?>\n${body}`);
}

/** Answers S3's error document. */
export function xmlError(response: ServerResponse, status: number, code: string): void {
  xml(response, status, `<Error><Code>${code}</Code><Message>Said so.</Message></Error>`);
}
