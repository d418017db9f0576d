import { Hono } from "hono";
import { describeRoute } from "hono-openapi";
import {
  ListPartsResponse,
  SignPartsRequest,
  SignPartsResponse,
  type ChecksumAlgorithm,
} from "../../shared/api.ts";
import { MAX_PART_COUNT } from "../../shared/limits.ts";
import { ProblemError } from "../../shared/problem.ts";
import { checksumHeaders, type PartToSign } from "../s3/index.ts";
import { findCompleted } from "./complete-upload.ts";
import type { ApiEnv } from "./context.ts";
import type { UploadPorts } from "./upload-batch.ts";
import {
  isMultipart,
  UploadParameters,
  type MultipartStatement,
  type UploadMethod,
  type UploadStatement,
} from "./upload-id.ts";
import { requireAllowedStatement, requireStatement } from "./upload-statement.ts";
import { answers, answersProblem, jsonBody, pathParameters } from "./validate.ts";

/** Signing and listing the parts of an upload. */
export function createPartRoutes(ports: UploadPorts) {
  const { ids, storage } = ports;
  return new Hono<ApiEnv>()
    .post(
      "/:id/parts",
      describeRoute({
        tags: ["Uploads"],
        summary: "Sign the URLs of parts; a single PUT or POST is part 1",
        responses: {
          200: answers("URLs in the order asked for", SignPartsResponse),
          default: answersProblem("Nothing was signed"),
        },
      }),
      pathParameters(UploadParameters),
      jsonBody(SignPartsRequest),
      async (c) => {
        const { id } = c.req.valid("param");
        const statement = requireAllowedStatement(id, c.get("identity"), ids);
        return c.json(await signParts(statement, c.req.valid("json"), storage.presigner), 200);
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
  request: SignPartsRequest,
  presigner: UploadPorts["storage"]["presigner"],
): Promise<SignPartsResponse> {
  const { key, how } = statement;
  switch (how.method) {
    case "put":
      requirePlanned(request.partNumbers, 1);
      return signPut(key, how, request, presigner);
    case "post":
      requirePlanned(request.partNumbers, 1);
      return signForm(key, how, request, presigner);
    case "multipart": {
      requirePlanned(request.partNumbers, how.partCount ?? MAX_PART_COUNT);
      const wanted = withChecksums(request, how.declared);
      const upload = { key, uploadId: how.uploadId };
      const { parts, expiresAt } = await presigner.signParts(upload, wanted, request.origins);
      return { parts, expiresAt: expiresAt.toISOString() };
    }
  }
}

type How<Method> = Extract<UploadMethod, { method: Method }>;

async function signPut(
  key: string,
  { headers, sizeBytes, checksum: algorithm }: How<"put">,
  request: SignPartsRequest,
  presigner: UploadPorts["storage"]["presigner"],
): Promise<SignPartsResponse> {
  const [{ checksum } = {}] = withChecksums(request, algorithm);
  const all = { ...headers, ...(checksum === undefined ? {} : checksumHeaders(checksum)) };
  const signing = presigner.signPut(key, all, sizeBytes, request.origins);
  const { expiresAt, ...signed } = await signing;
  const parts = request.partNumbers.map((partNumber) => ({ partNumber, ...signed, headers: all }));
  return { parts, expiresAt: expiresAt.toISOString() };
}

async function signForm(
  key: string,
  { headers, ...form }: How<"post">,
  { partNumbers, origins }: SignPartsRequest,
  presigner: UploadPorts["storage"]["presigner"],
): Promise<SignPartsResponse> {
  const { url, alternates, fields, expiresAt } = await presigner.signForm(
    { ...form, key },
    origins,
  );
  const part = { url, ...(alternates === undefined ? {} : { alternates }) };
  return {
    parts: partNumbers.map((partNumber) => ({ partNumber, ...part })),
    fields,
    headers,
    ...(form.checksumField === undefined ? {} : { checksumField: form.checksumField }),
    expiresAt: expiresAt.toISOString(),
  };
}

/** Each part with its checksum, where the storage takes one along. */
function withChecksums(
  { partNumbers, checksums = [] }: SignPartsRequest,
  algorithm: ChecksumAlgorithm | null,
): PartToSign[] {
  if (algorithm === null) return partNumbers.map((partNumber) => ({ partNumber }));
  const values = new Map(checksums.map(({ partNumber, value }) => [partNumber, value]));
  return partNumbers.map((partNumber) => {
    const value = values.get(partNumber);
    return { partNumber, ...(value === undefined ? {} : { checksum: { algorithm, value } }) };
  });
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
  const { sizeBytes, partSizes } = how;
  const stated = { partSizeBytes, key, sizeBytes, partSizes };
  if (parts !== null) return { parts, ...stated, state: "open" };
  const object = await findCompleted(statement, gateway);
  return { parts: [], ...stated, state: object === null ? "gone" : "completed" };
}
