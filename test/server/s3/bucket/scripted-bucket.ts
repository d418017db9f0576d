import type { IncomingHttpHeaders } from "node:http";
import { createBucketConfiguration } from "../../../../server/s3/bucket/configuration.ts";
import { createS3Client } from "../../../../server/s3/client.ts";
import { listenToScript, xml, xmlError, type S3Script } from "../../scripted-s3.ts";

/** A request as it arrived. */
export interface Seen {
  /** Such as `PUT ?lifecycle`. */
  readonly asked: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** The configuration of a bucket whose documents a test holds in its hand. */
export async function scriptBucket(
  documents: Map<string, string>,
  overrule: (...of: Parameters<S3Script>) => boolean = () => false,
) {
  const seen: Seen[] = [];
  const { endpoint, close } = await listenToScript((request, response, body) => {
    const kind = new URL(request.url ?? "", "http://s3").search.slice(1).replace(/=.*/, "");
    seen.push({ asked: `${request.method} ?${kind}`, headers: request.headers, body });
    if (overrule(request, response, body)) return;
    if (request.method === "PUT") documents.set(kind, body);
    if (request.method === "DELETE") documents.delete(kind);
    if (request.method !== "GET") return void response.writeHead(200).end();
    const document = documents.get(kind);
    if (document !== undefined) return xml(response, 200, document);
    const name = kind === "cors" ? "NoSuchCORSConfiguration" : "NoSuchLifecycleConfiguration";
    xmlError(response, 404, name);
  });
  const client = createS3Client(endpoint);
  const changes: string[] = [];
  const { bucket, endpoint: url } = endpoint;
  const options = { kind: "s3", bucket, endpoint: url, accelerateOrigins: [] } as const;
  const configuration = createBucketConfiguration(client, options, () => void changes.push("once"));
  return {
    configuration,
    seen,
    changes,
    asked: () => seen.map(({ asked }) => asked),
    async close() {
      client.destroy();
      await close();
    },
  };
}
