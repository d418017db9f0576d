import { Hono } from "hono";
import { describeRoute } from "hono-openapi";
import { CreateDownloadRequest, CreateDownloadResponse } from "../../shared/api.ts";
import { requireAllowedKey, requireScope } from "../auth/index.ts";
import type { Storage } from "../s3/index.ts";
import type { ApiEnv } from "./context.ts";
import { requireReadable } from "./require-readable.ts";
import { answers, answersProblem, jsonBody } from "./validate.ts";

/** Types that a browser shows without running anything in them; all others are saved. */
const SHOWN_TYPES =
  /^(image\/(avif|bmp|gif|jpeg|png|webp)|(audio|video)\/[\w.+-]+|text\/(plain|csv)|application\/(json|pdf))$/;

/** Signed GET URLs. */
export function createDownloadRoutes(storage: Pick<Storage, "gateway" | "presigner">) {
  return new Hono<ApiEnv>().post(
    "/",
    describeRoute({
      tags: ["Downloads"],
      summary: "Sign URLs from which an object can be fetched",
      responses: {
        200: answers("URLs and what they hold", CreateDownloadResponse),
        default: answersProblem("Nothing was signed"),
      },
    }),
    jsonBody(CreateDownloadRequest),
    async (c) => {
      const identity = c.get("identity");
      const { key } = c.req.valid("json");
      requireScope(identity, "download");
      requireAllowedKey(identity, key);
      const object = await requireReadable(storage.gateway, key);
      const { sizeBytes, etag, contentType, checksum } = object;
      const { url, expiresAt } = await storage.presigner.signGet(key, {
        "response-content-disposition": contentDisposition(key, contentType),
      });
      c.get("metrics").download(sizeBytes);
      const answer: CreateDownloadResponse = {
        urls: [url],
        sizeBytes,
        etag,
        contentType,
        expiresAt: expiresAt.toISOString(),
        ...(checksum === undefined ? {} : { checksum }),
      };
      return c.json(answer, 200);
    },
  );
}

/** @see https://www.rfc-editor.org/rfc/rfc6266 */
function contentDisposition(key: string, contentType: string): string {
  const mediaType = (contentType.split(";")[0] ?? "").trim().toLowerCase();
  const name = key.slice(key.lastIndexOf("/") + 1);
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${SHOWN_TYPES.test(mediaType) ? "inline" : "attachment"}; filename*=UTF-8''${encoded}`;
}
