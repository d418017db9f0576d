import { Hono } from "hono";
import { describeRoute } from "hono-openapi";
import { ResumeLinkResponse, UploadAddress } from "../../../shared/admin-api.ts";
import { ProblemError } from "../../../shared/problem.ts";
import { requireScope } from "../../auth/index.ts";
import type { Storage } from "../../s3/index.ts";
import type { ApiEnv } from "../context.ts";
import { UPLOAD_ID_LIFE_MS, type UploadIds } from "../upload-id.ts";
import { answers, answersProblem, jsonBody } from "../validate.ts";
import { readRegistered } from "./registered-upload.ts";

/** What a link is made with. */
export interface ResumePorts {
  readonly storage: Pick<Storage, "bucket" | "gateway" | "register">;
  readonly ids: UploadIds;
  readonly now: () => Date;
}

/** `POST /api/admin/uploads/resume-link`: a link by which the owner of an upload goes on with it. */
export function createResumeLinkRoutes({ storage, ids, now }: ResumePorts) {
  return new Hono<ApiEnv>().post(
    "/resume-link",
    describeRoute({
      tags: ["Administration"],
      summary: "Make a link that resumes an upload for its owner",
      responses: {
        200: answers("Where its owner goes on with it", ResumeLinkResponse),
        default: answersProblem("`not-found`: it is not one of ours, or it is gone"),
      },
    }),
    jsonBody(UploadAddress),
    async (c) => {
      requireScope(c.get("identity"), "admin");
      const upload = c.req.valid("json");
      const entry = (await storage.register.lookUp([upload])).of(upload);
      const registered = await readRegistered(upload, entry, storage);
      if (registered === null) {
        throw new ProblemError("not-found", "The upload was not opened here, or it has ended.");
      }
      if ((await storage.gateway.listParts(upload)) === null) {
        throw new ProblemError("not-found", "The storage no longer knows this upload.");
      }
      const { statement, fileName, lastModified } = registered;
      const link = new URLSearchParams({ resume: ids.issue(statement) });
      // By these the page tells the right file before it reads any of it.
      if (fileName !== undefined) link.set("name", fileName);
      if (lastModified !== undefined) link.set("modified", String(lastModified));
      const answer: ResumeLinkResponse = {
        path: `/?${link}`,
        owner: statement.owner,
        expiresAt: new Date(now().getTime() + UPLOAD_ID_LIFE_MS).toISOString(),
      };
      return c.json(answer, 200);
    },
  );
}
