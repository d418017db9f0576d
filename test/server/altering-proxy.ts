import { createServer, request as sendRequest, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";

/** Changes the body of a listing. @param query of the request that asked for it */
export type Alteration = (query: URLSearchParams, xml: string) => string;

/** An S3 server whose listings say something else. */
export interface AlteringProxy {
  /** Without a slash at its end. */
  readonly endpoint: string;
  close(): Promise<void>;
}

/**
 * Stands in front of an S3 server on a free port. The Host stays as it came: it is signed.
 * @param alter looked up for every listing of objects or of uploads
 */
export async function startAlteringProxy(
  behind: string,
  alter: () => Alteration,
): Promise<AlteringProxy> {
  const { hostname, port } = new URL(behind);
  const server = createServer((incoming, response) => {
    const { method, headers, url: path = "/" } = incoming;
    const query = new URL(path, behind).searchParams;
    const isListing = method === "GET" && (query.has("uploads") || query.has("list-type"));
    const forwarded = sendRequest({ hostname, port, method, headers, path }, (answer) => {
      const status = answer.statusCode ?? 502;
      if (!isListing || status !== 200) {
        response.writeHead(status, answer.headers);
        answer.pipe(response);
        return;
      }
      void altered(answer, query, alter()).then((body) => {
        const length = { "content-length": String(Buffer.byteLength(body)) };
        const { "transfer-encoding": _, ...rest } = answer.headers;
        response.writeHead(status, { ...rest, ...length }).end(body);
      });
    });
    forwarded.on("error", () => response.destroy());
    incoming.pipe(forwarded);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const ownPort = typeof address === "object" && address !== null ? address.port : 0;
  return {
    endpoint: `http://127.0.0.1:${ownPort}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function altered(
  answer: IncomingMessage,
  query: URLSearchParams,
  alter: Alteration,
): Promise<string> {
  return alter(query, await text(answer));
}

/**
 * Uploads are listed by their exact key alone, as MinIO does: by less of it nothing is.
 * @see https://github.com/minio/minio/blob/master/docs/minio-limits.md
 */
export const byExactKey: Alteration = (query, xml) => {
  if (!query.has("uploads")) return xml;
  const prefix = query.get("prefix") ?? "";
  return xml
    .replaceAll(/<Upload>.*?<\/Upload>/gs, (upload) => (keyIn(upload) === prefix ? upload : ""))
    .replace(/<IsTruncated>true</, "<IsTruncated>false<");
};

/** Objects whose names match were written so much earlier, in milliseconds. */
export function aged(pattern: RegExp, ageMs: number): Alteration {
  return (_query, xml) =>
    xml.replaceAll(/<Contents>.*?<\/Contents>/gs, (object) => {
      if (!pattern.test(keyIn(object))) return object;
      return object.replace(/<LastModified>(.*?)</, (_, at: string) => {
        const earlier = new Date(Date.parse(at) - ageMs).toISOString();
        return `<LastModified>${earlier}<`;
      });
    });
}

function keyIn(element: string): string {
  const [, key = ""] = /<Key>(.*?)<\/Key>/s.exec(element) ?? [];
  return decodeURIComponent(key.replaceAll("+", "%20"));
}
