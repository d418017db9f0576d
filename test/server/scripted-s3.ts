import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { connectStorage, type Storage } from "../../server/s3/index.ts";

/** Answers one request; the body has been read. */
export type S3Script = (request: IncomingMessage, response: ServerResponse) => void;

/** A server that answers as its script says, and the storage that speaks to it. */
export async function serveScript(
  script: S3Script,
): Promise<{ storage: Storage; close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    request.resume().on("end", () => script(request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const storage = await connectStorage({
    kind: "s3",
    bucket: "bucket",
    endpoint: `http://127.0.0.1:${port}`,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: { accessKeyId: "id", secretAccessKey: "secret" },
    publicEndpoints: [],
    equalParts: null,
  });
  return {
    storage,
    close: () =>
      new Promise((resolve) => {
        storage.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
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
