import { Hono } from "hono";
import { describeRoute } from "hono-openapi";
import { ListPartsResponse, SignPartsRequest, SignPartsResponse } from "../../shared/api.ts";
import { MAX_PART_COUNT } from "../../shared/limits.ts";
import { ProblemError } from "../../shared/problem.ts";
import { findCompleted } from "./complete-upload.ts";
import type { ApiEnv } from "./context.ts";
import type { UploadPorts } from "./open-uploads.ts";
import {
  isMultipart,
  UploadParameters,
  type MultipartStatement,
  type UploadStatement,
} from "./upload-id.ts";
import { requireStatement } from "./upload-statement.ts";
import { answers, answersProblem, jsonBody, pathParameters } from "./validate.ts";

/** Signing and listing the parts of an upload. */
export function createPartRoutes(ports: UploadPorts) {
  const { ids, storage } = ports;
  return new Hono<ApiEnv>()
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
        const statement = requireStatement(c.req.valid("param").id, c.get("identity"), ids);
        const { partNumbers } = c.req.valid("json");
        return c.json(await signParts(statement, partNumbers, storage.presigner), 200);
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
        const statement = requireStatement(c.req.valid("param").id, c.get("identity"), ids);
        return c.json(await listParts(statement, storage.gateway), 200);
      },
    );
}

async function signParts(
  statement: UploadStatement,
  partNumbers: readonly number[],
  presigner: UploadPorts["storage"]["presigner"],
): Promise<SignPartsResponse> {
  const { key, how } = statement;
  if (how.method === "put") {
    requirePlanned(partNumbers, 1);
    const { url, expiresAt } = await presigner.signPut(key, how.headers, how.sizeBytes);
    const parts = partNumbers.map((partNumber) => ({ partNumber, url }));
    return { parts, expiresAt: expiresAt.toISOString() };
  }
  requirePlanned(partNumbers, how.partCount ?? MAX_PART_COUNT);
  const { uploadId } = how;
  const { parts, expiresAt } = await presigner.signParts({ key, uploadId }, partNumbers);
  return { parts, expiresAt: expiresAt.toISOString() };
}

function requirePlanned(partNumbers: readonly number[], last: number): void {
  const outside = partNumbers.find((partNumber) => partNumber > last);
  if (outside === undefined) return;
  throw new ProblemError("part-not-in-plan", `There is no part ${outside}; the last is ${last}.`);
}

async function listParts(
  statement: UploadStatement,
  gateway: UploadPorts["storage"]["gateway"],
): Promise<ListPartsResponse> {
  if (isMultipart(statement)) return listMultipart(statement, gateway);
  const partSizeBytes = statement.how.sizeBytes ?? 0;
  const object = await findCompleted(statement, gateway);
  return { parts: [], partSizeBytes, state: object === null ? "open" : "completed" };
}

async function listMultipart(
  statement: MultipartStatement,
  gateway: UploadPorts["storage"]["gateway"],
): Promise<ListPartsResponse> {
  const { key, how } = statement;
  const { partSizeBytes, uploadId } = how;
  const parts = await gateway.listParts({ key, uploadId });
  if (parts !== null) return { parts, partSizeBytes, state: "open" };
  const object = await findCompleted(statement, gateway);
  return { parts: [], partSizeBytes, state: object === null ? "gone" : "completed" };
}
