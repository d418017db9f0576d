import { Hono } from "hono";
import { describeRoute } from "hono-openapi";
import * as z from "zod/mini";
import {
  CompleteUploadRequest,
  CompleteUploadResponse,
  CreateUploadsRequest,
  CreateUploadsResponse,
  ListPartsResponse,
  SignPartsRequest,
  SignPartsResponse,
} from "../../shared/api.ts";
import { MAX_PART_COUNT } from "../../shared/limits.ts";
import { ProblemError } from "../../shared/problem.ts";
import { requireScope } from "../auth/index.ts";
import { completeUpload, findCompleted, isMultipart } from "./complete-upload.ts";
import type { ApiEnv } from "./context.ts";
import { openUploads, type UploadPorts } from "./open-uploads.ts";
import type { MultipartStatement, UploadStatement } from "./upload-id.ts";
import { answers, answersProblem, jsonBody, pathParameters } from "./validate.ts";

const UploadParameters = z.object({
  /** As `POST /api/uploads` issued it. */
  id: z.string().check(z.minLength(1), z.maxLength(12_288)),
});

/** Opening, signing, listing, completing and aborting uploads. */
export function createUploadRoutes(ports: UploadPorts) {
  const { ids, storage } = ports;
  return new Hono<ApiEnv>()
    .post(
      "/",
      describeRoute({
        tags: ["Uploads"],
        summary: "Open one upload a file",
        responses: {
          201: answers("One entry a file, in order", CreateUploadsResponse),
          default: answersProblem("Nothing was opened"),
        },
      }),
      jsonBody(CreateUploadsRequest),
      async (c) => {
        const identity = c.get("identity");
        requireScope(identity, "upload");
        const request = c.req.valid("json");
        const uploads = await openUploads(request, identity, c.get("requestId"), ports);
        return c.json({ uploads } satisfies CreateUploadsResponse, 201);
      },
    )
    .post(
      "/:id/parts",
      describeRoute({
        tags: ["Uploads"],
        summary: "Sign the URLs of parts; a single PUT is part 1",
        responses: {
          200: answers("URLs in the order asked for", SignPartsResponse),
          default: answersProblem("Nothing was signed"),
        },
      }),
      pathParameters(UploadParameters),
      jsonBody(SignPartsRequest),
      async (c) => {
        const statement = openStatement(c.req.valid("param").id, c.get("identity"), ids);
        const { partNumbers } = c.req.valid("json");
        const signed = await signParts(statement, partNumbers, ports);
        return c.json(signed, 200);
      },
    )
    .get(
      "/:id/parts",
      describeRoute({
        tags: ["Uploads"],
        summary: "List the parts that the storage holds, all of them",
        responses: {
          200: answers("The parts by number", ListPartsResponse),
          default: answersProblem("They could not be listed"),
        },
      }),
      pathParameters(UploadParameters),
      async (c) => {
        const statement = openStatement(c.req.valid("param").id, c.get("identity"), ids);
        return c.json(await listParts(statement, ports), 200);
      },
    )
    .post(
      "/:id/complete",
      describeRoute({
        tags: ["Uploads"],
        summary: "Complete an upload; repeating it answers the same",
        responses: {
          200: answers("What the storage now holds", CompleteUploadResponse),
          default: answersProblem("It was not completed; its parts are kept"),
        },
      }),
      pathParameters(UploadParameters),
      jsonBody(CompleteUploadRequest),
      async (c) => {
        const statement = openStatement(c.req.valid("param").id, c.get("identity"), ids);
        const receipt = await completeUpload(statement, c.req.valid("json"), storage.gateway);
        return c.json(receipt, 200);
      },
    )
    .delete(
      "/:id",
      describeRoute({
        tags: ["Uploads"],
        summary: "Abort an upload and remove its parts; a completed object stays",
        responses: {
          204: { description: "The storage holds no part of it" },
          default: answersProblem("Parts may be left; repeat the request"),
        },
      }),
      pathParameters(UploadParameters),
      async (c) => {
        const statement = openStatement(c.req.valid("param").id, c.get("identity"), ids);
        if (isMultipart(statement)) {
          const { key, how } = statement;
          await storage.gateway.abortUpload({ key, uploadId: how.uploadId });
        }
        return c.body(null, 204);
      },
    );
}

function openStatement(
  id: string,
  identity: ApiEnv["Variables"]["identity"],
  ids: UploadPorts["ids"],
): UploadStatement {
  requireScope(identity, "upload");
  return ids.open(id, identity.subject);
}

async function signParts(
  statement: UploadStatement,
  partNumbers: readonly number[],
  { storage }: UploadPorts,
): Promise<SignPartsResponse> {
  const { presigner } = storage;
  const { key, how } = statement;
  requirePlanned(partNumbers, isMultipart(statement) ? statement.how.partCount : 1);
  if (how.method === "put") {
    const { url, expiresAt } = await presigner.signPut(key, how.headers);
    const parts = partNumbers.map((partNumber) => ({ partNumber, url }));
    return { parts, expiresAt: expiresAt.toISOString() };
  }
  const { uploadId } = how;
  const { parts, expiresAt } = await presigner.signParts({ key, uploadId }, partNumbers);
  return { parts, expiresAt: expiresAt.toISOString() };
}

function requirePlanned(partNumbers: readonly number[], partCount: number | null): void {
  const last = partCount ?? MAX_PART_COUNT;
  const outside = partNumbers.find((partNumber) => partNumber > last);
  if (outside === undefined) return;
  throw new ProblemError("part-not-in-plan", `There is no part ${outside}; the last is ${last}.`);
}

async function listParts(
  statement: UploadStatement,
  { storage }: UploadPorts,
): Promise<ListPartsResponse> {
  const { gateway } = storage;
  if (!isMultipart(statement)) {
    const object = await gateway.headObject(statement.key);
    const isThere = object !== null && object.sizeBytes === statement.sizeBytes;
    return {
      parts: [],
      partSizeBytes: statement.sizeBytes ?? 0,
      state: isThere ? "completed" : "open",
    };
  }
  return listMultipart(statement, gateway);
}

async function listMultipart(
  statement: MultipartStatement,
  gateway: UploadPorts["storage"]["gateway"],
): Promise<ListPartsResponse> {
  const { key, how } = statement;
  const { partSizeBytes, uploadId } = how;
  const parts = await gateway.listParts({ key, uploadId });
  if (parts !== null) return { parts, partSizeBytes, state: "open" };
  const object = await findCompleted(statement, undefined, gateway);
  return { parts: [], partSizeBytes, state: object === null ? "gone" : "completed" };
}
